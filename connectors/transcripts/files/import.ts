import type { Stats } from 'node:fs';
import { asFarAsRead, handedIn } from '../../common/files.ts';
import { sha256 } from '../../common/raw.ts';
import { type Batch, type Connector, type ImportFile, unreadable } from '../../contract.ts';
import type { HubDefaults, TranscriptsConfig } from '../config.ts';
import { makeRecognise } from '../people.ts';
import type { Reading } from '../whatsapp/pieces.ts';
import { openFolder, openSingle } from './archive.ts';
import { archivePieces, filePieces } from './archive-pieces.ts';
import { failedName } from './failed.ts';
import { inBatches, type Piece } from './pieces.ts';

interface Opened {
  pieces: AsyncIterable<Piece>;
  /** says that it is still the same */
  version: string;
}

const open = async (
  file: ImportFile,
  found: Stats,
  { provider, reading }: { provider: string; reading: Reading },
): Promise<Opened> => {
  const { name, path } = file;
  const whole = openSingle(name, path, found.size);
  const given = { file, whole, provider, reading };
  if (!found.isDirectory()) return { pieces: filePieces(given), version: `${found.size}/${found.mtimeMs}` };
  const folder = await openFolder(path);
  const there = [folder.entries.map(entry => [entry.name, entry.size]), folder.refused.map(one => one.name)];
  return { pieces: archivePieces(folder, given, true), version: sha256(JSON.stringify(there)) };
};

/** Imports of chats in files, told by what is in them: WhatsApp's text (with media in a zip), Slack's zip, JSON, and folders of these. */
export const makeImportFile = (defaults: HubDefaults): Required<Connector<TranscriptsConfig>>['importFile'] =>
  async function* (account, file, signal, from = null): AsyncGenerator<Batch> {
    const { provider, dateOrder: order, timezone: zone = defaults.zone, agents } = account.config;
    const reading = { order, zone, recognise: makeRecognise(account, defaults), hasAgents: agents.length > 0 };
    const { pieces, version } = await open(file, await handedIn(file.path), { provider, reading });
    const told = (code: string): Piece[] => [() => ({ failed: [failedName('file', file.name, unreadable(code))] })];
    yield* inBatches(file.name, asFarAsRead(file.path, pieces, told), { version, from, signal });
  };
