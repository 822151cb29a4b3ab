import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asFarAsRead, filesUnder, handedIn, type Listed, type Unread } from '../../common/files.ts';
import { type Account, type Batch, type ImportFile, type Position, unreadable } from '../../contract.ts';
import { recordingItem } from '../captured.ts';
import type { ReadingConfig } from '../config.ts';
import { type Context, contextOf, type HubDefaults } from '../context.ts';
import { csvDialect } from '../dialects/index.ts';
import { makeAttach } from './attach.ts';
import { audioFile, isAudio } from './audio.ts';
import type { Piece } from './batch.ts';
import { calledFor } from './called-for.ts';
import { type Place, placeOf } from './place.ts';
import { readPlain } from './plain.ts';
import { readDocuments } from './read-documents.ts';
import { type LogFile, readLog } from './read-log.ts';
import { refused } from './refused.ts';

const STREAM = 'file';
const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{9,11}\.\d+/i;

/** What is the same for all files of one import. `beside`: all files that were handed in. */
interface Import {
  context: Context;
  spool: string;
  beside: readonly ImportFile[];
  signal: AbortSignal;
}

async function* refuse(file: ImportFile, reason: string): AsyncGenerator<Piece> {
  yield await refused(file, reason);
}

/** A recording that came without a log: the id in its file name says to which call it belongs, whether that is here already or comes later. */
const lonely = async (file: ImportFile): Promise<Piece> => {
  const id = ID.exec(basename(file.name))?.[0];
  if (!id) return refused(file, 'No call log came with this recording, and its name holds no id of a call.');
  const { mtime } = await stat(file.path);
  const leg = { direction: 'inbound' as const, occurredAt: mtime, belongsTo: `call/${id}` };
  const found = await audioFile(file.name, file.path);
  return {
    items: [recordingItem(leg, found)],
    failed: [],
    place: { file: file.name, end: found.part.size, records: 1, head: '' },
  };
};

/** A recording among logs is stored when its log is read; here one that no call in them names is refused. */
async function* readAudio(reading: Import, file: ImportFile): AsyncGenerator<Piece> {
  const logs = reading.beside.filter(({ name }) => !isAudio(name));
  if (logs.length === 0) yield await lonely(file);
  else if (!(await calledFor(reading)).has(file.path))
    yield await refused(file, 'No call in the log that came with it names this recording.');
}

/**
 * The files among which a log's recordings are looked for: those handed in with it; for a single log named on the command line (not a copy in the spool), the
 * audio files in its folder.
 */
const besides = async ({ name, path }: ImportFile, given: readonly ImportFile[]): Promise<readonly ImportFile[]> => {
  if (given.length > 1 || basename(path) !== basename(name)) return given;
  const names = await readdir(dirname(path)).catch(() => []);
  return names.filter(isAudio).map(each => ({ name: each, path: join(dirname(path), each) }));
};

async function* readOne(
  { context, spool, beside, signal }: Import,
  file: ImportFile,
  from: Place | null,
): AsyncGenerator<Piece> {
  const attach = makeAttach(await besides(file, beside), context.clock);
  const dialect = csvDialect(context.dialect);
  const read = (plain: ImportFile, isWhole: boolean) => {
    const log: LogFile = { file: plain, from, isWhole, signal, attach };
    return dialect ? readLog(context, dialect, log) : readDocuments(context, log);
  };
  yield* readPlain(file, { spool, encoding: context.config.encoding, read, refuse });
}

const filesOf = async (file: ImportFile): Promise<Listed> => {
  if (!(await handedIn(file.path)).isDirectory()) return { files: [file], unread: [] };
  const { files, unread } = await filesUnder(file.path);
  return { files: files.filter(({ name }) => !/(^|\/)\./.test(name)), unread };
};

const remembered = new WeakMap<readonly ImportFile[], Promise<readonly ImportFile[]>>();

/** All files that were handed in together, also those in folders; computed once for each import. */
const allOf = (together: readonly ImportFile[]): Promise<readonly ImportFile[]> => {
  const before = remembered.get(together);
  if (before) return before;
  const all = Promise.all(together.map(filesOf)).then(lists => lists.flatMap(({ files }) => files));
  all.catch(() => remembered.delete(together));
  remembered.set(together, all);
  return all;
};

/** The files from the one on at which an import was interrupted; all of them when that one is gone. */
const onFrom = (files: readonly ImportFile[], place: Place | null): readonly ImportFile[] => {
  const at = files.findIndex(({ name }) => name === place?.file);
  return at < 0 ? files : files.slice(at);
};

/** A piece that reports what can't be read. An import that resumes here reads that file again from its beginning. */
const unreadPiece = (file: string, unread: readonly Unread[]): Piece => ({
  items: [],
  failed: unread.map(({ name, reason }) => ({ locator: name, reason })),
  place: { file, end: 0, records: 0, head: '' },
});

async function* piecesOf(reading: Import, file: ImportFile, place: Place | null): AsyncGenerator<Piece> {
  const { files, unread } = await filesOf(file);
  if (unread.length > 0 && !place) yield unreadPiece(file.name, unread);
  for (const one of onFrom(files, place)) {
    const left = place?.file === one.name ? place : null;
    const pieces = isAudio(one.name) ? readAudio(reading, one) : readOne(reading, one, left);
    yield* asFarAsRead(one.path, pieces, code => [
      unreadPiece(one.name, [{ name: one.name, reason: unreadable(code) }]),
    ]);
  }
}

/** `Connector.importFile` for call logs and recordings: one file, or a directory of them. */
export const makeImportFile = (defaults: HubDefaults) =>
  async function* importFile(
    account: Account<ReadingConfig>,
    file: ImportFile,
    signal: AbortSignal,
    from?: Position | null,
  ): AsyncGenerator<Batch> {
    const context = contextOf(account.config, defaults);
    const beside = await allOf(file.beside ?? [file]);
    const reading: Import = { context, spool: account.spool, beside, signal };
    for await (const { items, failed, place } of piecesOf(reading, file, placeOf(from)))
      yield { stream: STREAM, items, failed, next: { ...place } };
  };
