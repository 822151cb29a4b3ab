import { stat } from 'node:fs/promises';
import type { Account, Batch, Connector, ImportFile, Position } from '../../contract.ts';
import type { TranscriptsConfig } from '../config.ts';
import { makeRecognise } from '../people.ts';
import { type Entry, openFolder, openSingle } from './archive.ts';
import { archivePieces, filePieces, type Given } from './archive-pieces.ts';
import { inBatches, type Piece } from './pieces.ts';

async function* folderPieces(given: Given): AsyncGenerator<Piece> {
  yield* archivePieces(await openFolder(given.file.path), given, true);
}

async function* importFile(
  account: Account<TranscriptsConfig>,
  file: ImportFile,
  signal: AbortSignal,
  from: Position | null = null,
): AsyncGenerator<Batch> {
  const found = await stat(file.path);
  const { provider, dateOrder: order, timezone: zone } = account.config;
  const [whole] = (await openSingle(file.name, file.path)).entries as [Entry];
  const given: Given = { file, whole, provider, reading: { order, zone, recognise: makeRecognise(account) } };
  const pieces = found.isDirectory() ? folderPieces(given) : filePieces(given);
  yield* inBatches(file.name, pieces, { version: `${found.size}/${found.mtimeMs}`, from, signal });
}

/** Imports of chats in files, told by what is in them: WhatsApp's text (with media in a zip), Slack's zip, JSON, and folders of these. */
export const fileImports: Required<Pick<Connector<TranscriptsConfig>, 'importFile'>> = {
  importFile,
};
