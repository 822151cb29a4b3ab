import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { type Account, type Batch, ConnectorError, type ImportFile, type Position } from '../../contract.ts';
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

/** How the files of one import are read. */
interface Import {
  context: Context;
  spool: string;
  beside: readonly ImportFile[];
  signal: AbortSignal;
}

async function* refuse(file: ImportFile, reason: string): AsyncGenerator<Piece> {
  yield await refused(file, reason);
}

/** A recording without a log: by the id in its name it waits for its call, or is added to it. */
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

/** Recordings are stored with the calls of their logs; here it is seen that each has one. */
async function* readAudio(reading: Import, file: ImportFile): AsyncGenerator<Piece> {
  const logs = reading.beside.filter(({ name }) => !isAudio(name));
  if (logs.length === 0) yield await lonely(file);
  else if (!(await calledFor(reading)).has(file.path))
    yield await refused(file, 'No call in the log that came with it names this recording.');
}

/** A log that was named on the command line lies where it was written, and its recordings beside it. */
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

const byName = (a: ImportFile, b: ImportFile): number => (a.name < b.name ? -1 : Number(a.name > b.name));

/** Every file of a directory by its name; links aren't followed. */
export const filesIn = async (directory: string): Promise<ImportFile[]> => {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  return entries
    .filter(entry => entry.isFile() && !entry.name.startsWith('.'))
    .map(entry => join(entry.parentPath, entry.name))
    .map(path => ({ name: relative(directory, path).split(sep).join('/'), path }))
    .sort(byName);
};

const gone = (error: NodeJS.ErrnoException): never => {
  throw new ConnectorError('stop', `The file can't be read (${error.code}).`);
};

const filesOf = async (file: ImportFile): Promise<ImportFile[]> =>
  (await stat(file.path).catch(gone)).isDirectory() ? filesIn(file.path).catch(gone) : [file];

const remembered = new WeakMap<readonly ImportFile[], Promise<ImportFile[]>>();

/** All files that were handed in together, folders looked into; the same array for each of them. */
const allOf = (together: readonly ImportFile[]): Promise<readonly ImportFile[]> => {
  const before = remembered.get(together);
  if (before) return before;
  const all = Promise.all(together.map(filesOf)).then(lists => lists.flat());
  all.catch(() => remembered.delete(together));
  remembered.set(together, all);
  return all;
};

/** What was handed in from the file on in which an import was broken off; all of it when that one is gone. */
const onFrom = (files: readonly ImportFile[], place: Place | null): readonly ImportFile[] => {
  const at = files.findIndex(({ name }) => name === place?.file);
  return at < 0 ? files : files.slice(at);
};

/** Imports of call logs and recordings: one file, or a directory of them. */
export const makeImportFile = (defaults: HubDefaults) =>
  async function* importFile(
    account: Account<ReadingConfig>,
    file: ImportFile,
    signal: AbortSignal,
    from?: Position | null,
  ): AsyncGenerator<Batch> {
    const context = contextOf(account.config, defaults);
    const place = placeOf(from);
    const beside = await allOf(file.beside ?? [file]);
    const reading: Import = { context, spool: account.spool, beside, signal };
    const files = onFrom(await filesOf(file), place);
    for (const one of files) {
      const left = place && place.file === one.name ? place : null;
      const pieces = isAudio(one.name) ? readAudio(reading, one) : readOne(reading, one, left);
      for await (const { items, failed, place: next } of pieces)
        yield { stream: STREAM, items, failed, next: { ...next } };
    }
  };
