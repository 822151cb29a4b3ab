import { setTimeout as sleep } from 'node:timers/promises';
import { present } from '../../common/present.ts';
import {
  type Account,
  type Batch,
  type Captured,
  type Checkpoints,
  ConnectorError,
  type Failed,
  type ImportFile,
  IS_OURS,
  overlap,
} from '../../contract.ts';
import { recordingItem } from '../captured.ts';
import type { CalllogConfig } from '../config.ts';
import { type Context, contextOf, type HubDefaults } from '../context.ts';
import { csvDialect } from '../dialects/index.ts';
import type { CsvDialect } from '../dialects/types.ts';
import { type Attach, makeAttach } from '../files/attach.ts';
import { audioFile } from '../files/audio.ts';
import type { Piece } from '../files/batch.ts';
import { kindOf } from '../files/kind.ts';
import { readPlain } from '../files/plain.ts';
import { readDocuments } from '../files/read-documents.ts';
import { type Numberings, readLog } from '../files/read-log.ts';
import { makeRecordings } from '../files/recordings.ts';
import { refused } from '../files/refused.ts';
import { lookInto, type Seen } from './directory.ts';
import { dueOf, note, settle } from './documents.ts';
import { positionOf, stateOf, type Waiting, type WatchState, withWaiting } from './state.ts';

const STREAM = 'folder';
const LOOK_MS = 2000;
const MOST_DOCUMENTS = 200;
/** A log that hasn't changed for so long isn't written any more: a last line without an end is read, too. */
const ABANDONED_MS = 3600_000;

/** What the watch must know of the hub. */
export interface Hub {
  /** the hub's data folder, which must not be watched: each capture changes files in it */
  dataDir: string;
}

interface Watch {
  context: Context;
  state: WatchState;
  numberings: Numberings;
  /** by inode: size and change time that each log had when it was last read to its end */
  level: Map<string, string>;
  /** files that are in quarantine as a whole, by inode and name */
  refused: Set<string>;
  /** see `documents.ts` */
  read: Set<string>;
  /** folder for unpacked files */
  spool: string;
  signal: AbortSignal;
}

const fileOf = ({ inode, name }: Seen): string => `${inode} ${name}`;

/** Puts a file that is no log into quarantine only once: it may be a database, which changes all the time. */
const refuseOnce = ({ refused: known }: Watch, seen: Seen) =>
  async function* (file: ImportFile, reason: string): AsyncGenerator<Piece> {
    const which = fileOf(seen);
    if (!known.has(which)) yield await refused(file, reason);
    known.add(which);
  };

/** Attaches the recordings that are there, and adds legs without one to `notes`: theirs may come later. */
const noting =
  (attach: Attach, notes: Waiting[]): Attach =>
  async (leg, cdr) => {
    const items = await attach(leg, cdr);
    if (items.length > 0) return items;
    const { id, call, recordings, from, to, startedAt, endedAt = startedAt } = cdr;
    const known = { from, to, ...present({ id, call, recordings }) };
    const { belongsTo = '', direction } = leg;
    const [at, until] = [startedAt.toISOString(), endedAt.toISOString()];
    notes.push({ belongsTo, direction, at, until, since: Date.now(), cdr: known });
    return items;
  };

const isAbandoned = ({ changedAt }: Seen): boolean => Date.now() - changedAt > ABANDONED_MS;

const isThere = (error: NodeJS.ErrnoException): boolean => error.code !== 'ENOENT';

const markOf = ({ size, changedAt }: Seen): string => `${size} ${changedAt}`;

/** Reads what is new in a log. A compressed one is read once it is complete. Answers false when it must be looked at again. */
async function* grownLog(watch: Watch, dialect: CsvDialect, log: Seen, attach: Attach): AsyncGenerator<Piece, boolean> {
  const { context, state, numberings, spool, signal } = watch;
  const { encoding } = context.config;
  const isText = (await kindOf(log.path, encoding)).as === 'text';
  const from = state.files[log.inode] ?? null;
  if (!isText && !log.isSettled) return false;
  if (!isText && from?.packed === markOf(log)) return true;
  const read = async function* (file: ImportFile, isAll: boolean): AsyncGenerator<Piece> {
    const isWhole = isText ? isAbandoned(log) : isAll;
    const one = { file, from, isWhole, signal, attach };
    for await (const piece of readLog(context, dialect, one, isText ? numberings : undefined)) {
      state.files[log.inode] = piece.place;
      yield piece;
    }
  };
  yield* readPlain(log, { spool, encoding, read, refuse: refuseOnce(watch, log) });
  const place = state.files[log.inode];
  if (place && !isText) state.files[log.inode] = { ...place, packed: markOf(log) };
  return true;
}

/** Reads the logs that have changed. */
async function* grownLogs(watch: Watch, logs: readonly Seen[], attach: Attach): AsyncGenerator<Piece> {
  const { context, level } = watch;
  const dialect = csvDialect(context.dialect);
  if (!dialect) return;
  for (const log of logs) {
    const now = `${markOf(log)} ${isAbandoned(log)}`;
    if (level.get(log.inode) === now) continue;
    try {
      if (yield* grownLog(watch, dialect, log, attach)) level.set(log.inode, now);
    } catch (error) {
      if (isThere(error as NodeJS.ErrnoException)) throw error;
    }
  }
}

const readWhole = async (watch: Watch, document: Seen, attach: Attach): Promise<Pick<Piece, 'items' | 'failed'>> => {
  const { context, spool, signal } = watch;
  const items: Captured[] = [];
  const failed: Failed[] = [];
  const read = (file: ImportFile) => readDocuments(context, { file, from: null, isWhole: true, signal, attach });
  const refuse = refuseOnce(watch, document);
  try {
    for await (const piece of readPlain(document, { spool, encoding: context.config.encoding, read, refuse })) {
      items.push(...piece.items);
      failed.push(...piece.failed);
    }
  } catch (error) {
    if (isThere(error as NodeJS.ErrnoException)) throw error;
  }
  return { items, failed };
};

/** Reads new documents (one file for each leg) in the order they arrived; one that is still being written holds up those after it for a moment. */
async function* newDocuments(
  watch: Watch,
  logs: readonly Seen[],
  attach: Attach,
): AsyncGenerator<Pick<Piece, 'items' | 'failed'>> {
  if (csvDialect(watch.context.dialect)) return;
  let into: Pick<Piece, 'items' | 'failed'> = { items: [], failed: [] };
  for (const document of dueOf(watch, logs)) {
    if (!document.isSettled) break;
    const { items, failed } = await readWhole(watch, document, attach);
    into.items.push(...items);
    into.failed.push(...failed);
    note(watch, document);
    if (into.items.length + into.failed.length < MOST_DOCUMENTS) continue;
    yield into;
    into = { items: [], failed: [] };
  }
  settle(watch, logs);
  yield into;
}

/** Recordings that came after their calls, as items. */
const lateRecordings = async ({ context, state }: Watch, recordings: readonly Seen[]): Promise<Captured[]> => {
  const found = makeRecordings(recordings, context.clock);
  if (found.isEmpty) return [];
  const items: Captured[] = [];
  const still: Waiting[] = [];
  for (const waiting of state.waiting) {
    const { at, until = at, cdr } = waiting;
    const files = found.of({ from: [], to: [], ...cdr, startedAt: new Date(at), endedAt: new Date(until) });
    if (files.length === 0) still.push(waiting);
    const leg = { ...waiting, occurredAt: new Date(waiting.at) };
    for (const { name, path } of files) items.push(recordingItem(leg, await audioFile(name, path)));
  }
  state.waiting = still;
  return items;
};

/** Drops what is kept of logs that are gone from the folder. */
const forgetGone = ({ state, level, refused: whole, numberings }: Watch, logs: readonly Seen[]): void => {
  const inodes = new Set(logs.map(({ inode }) => inode));
  const files = new Set(logs.map(fileOf));
  const paths = new Set(logs.map(({ path }) => path));
  for (const inode of Object.keys(state.files)) if (!inodes.has(inode)) delete state.files[inode];
  for (const inode of level.keys()) if (!inodes.has(inode)) level.delete(inode);
  for (const file of whole) if (!files.has(file)) whole.delete(file);
  for (const path of numberings.keys()) if (!paths.has(path)) numberings.delete(path);
};

const batchOf = ({ state }: Watch, { items, failed }: Pick<Piece, 'items' | 'failed'>): Batch => ({
  stream: STREAM,
  items,
  failed,
  next: positionOf(state),
});

/** Reads everything that is new in the directory, once. */
async function* lookOnce(watch: Watch, directory: string): AsyncGenerator<Batch> {
  const { logs, recordings } = await lookInto(directory);
  forgetGone(watch, logs);
  const late = await lateRecordings(watch, recordings);
  if (late.length > 0) yield batchOf(watch, { items: late, failed: [] });
  const notes: Waiting[] = [];
  const attach = noting(makeAttach(recordings, watch.context.clock), notes);
  for (const pieces of [grownLogs(watch, logs, attach), newDocuments(watch, logs, attach)]) {
    for await (const piece of pieces) {
      watch.state.waiting = withWaiting(watch.state.waiting, notes.splice(0), Date.now());
      if (piece.items.length + piece.failed.length > 0) yield batchOf(watch, piece);
    }
  }
}

/**
 * Throws ConnectorError ('stop') when the folder overlaps the hub's data folder. Called before each look, since a symbolic link may point elsewhere by then.
 */
export const refuseOurs = async (directory: string, { dataDir }: Hub): Promise<void> => {
  if (await overlap(directory, dataDir))
    throw new ConnectorError('stop', `The watched folder ${IS_OURS}: choose another one.`);
};

/**
 * `Connector.pull`: watches the account's folder; without one there is nothing to pull. Throws ConnectorError: 'retry' while the folder can't be read, 'stop'
 * when it overlaps the hub's.
 */
export const makePull = (defaults: HubDefaults & Hub) =>
  async function* pull(
    account: Account<CalllogConfig>,
    checkpoints: Checkpoints,
    signal: AbortSignal,
  ): AsyncGenerator<Batch> {
    const { directory } = account.config;
    const watch: Watch = {
      context: contextOf(account.config, defaults),
      state: stateOf(directory ? await checkpoints.get(STREAM) : null),
      numberings: new Map(),
      level: new Map(),
      refused: new Set(),
      read: new Set(),
      spool: account.spool,
      signal,
    };
    while (!signal.aborted) {
      if (directory) {
        await refuseOurs(directory, defaults);
        yield* lookOnce(watch, directory);
      }
      checkpoints.lag(0);
      await sleep(directory ? LOOK_MS : LOOK_MS * 100, undefined, { signal }).catch(() => undefined);
    }
  };
