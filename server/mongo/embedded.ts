import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findMongod } from './find.ts';
import { makeHubs } from './hubs.ts';
import { withLock } from './lock.ts';
import { mongodOf, spawnMongod, untilListening } from './mongod.ts';
import { endProcess, isAlive, type ProcessId, startOf } from './processes.ts';
import { type MongodRecord, readRecord, writeRecord } from './record.ts';
import { listens, removeSocketDir, removeSockets, socketDir, socketPath, socketUri } from './socket.ts';
import { type Log, type Running, supervise } from './supervisor.ts';

export interface EmbeddedOptions {
  dataDir: string;
  log: Log;
  /** MONGOD_BINARY */
  binary?: string | undefined;
  /** WiredTiger's cache; default a quarter of memory, 1 GB at most */
  cacheBytes?: number | undefined;
  /** where downloaded mongods are kept; default .cache/mongod in the project's folder */
  binaryCache?: string | undefined;
  /** called when a mongod of ours has been started, and isn't ready yet */
  onSpawned?: (() => void) | undefined;
}

export interface Embedded {
  /** connection string without a database's name; stays the same when mongod is restarted */
  uri: string;
  /** Leaves; the last hub that leaves shuts mongod down, and kills it when that takes longer than `mongodMs`. */
  close(how?: { mongodMs?: number }): Promise<void>;
  /** Calls `listener` each time a mongod that died has been replaced. */
  onRestart(listener: () => void): void;
  /** pid of the mongod in use */
  pid(): number;
}

/** The mongod of this data directory that lives, be it one that is still starting and whose starter was killed. */
const living = async (dataDir: string, record: MongodRecord | null): Promise<ProcessId | null> => {
  const holder = await mongodOf(dataDir);
  if (holder) return holder;
  const starting = record?.dataDir === dataDir && !record.ready ? record.process : null;
  return starting && (await isAlive(starting)) ? starting : null;
};

/** Loaded while mongod starts: the driver takes about as long. */
const replica = () => import('./replica.ts');

/** Joins a living mongod when it can be used as it is; false when it has to be stopped and started again. */
const canJoin = async (dataDir: string, record: MongodRecord, alive: ProcessId): Promise<boolean> => {
  if (record.dataDir !== dataDir || record.process?.pid !== alive.pid || record.process.start !== alive.start)
    return false;
  const socket = socketPath(record.socketDir);
  // one that has answered before and doesn't listen has lost its socket; another may still be recovering from a crash
  while (!record.ready && !(await listens(socket))) {
    if (!(await isAlive(alive))) return false;
    await sleep(50);
  }
  if (!(await listens(socket))) return false;
  const { isPrimary, makePrimary } = await replica();
  if (!(await isPrimary(socket))) await makePrimary(socket, record.version);
  if (!record.ready) await writeRecord(dataDir, { ...record, ready: true });
  return true;
};

const start = async (options: EmbeddedOptions, record: MongodRecord | null): Promise<Running> => {
  const { dataDir, log, binary, cacheBytes, binaryCache: cacheDir } = options;
  const wroteData = record?.version;
  const progress = (line: string) => log.info({}, line);
  const mongod = await findMongod({ binary, wroteData, progress, ...(cacheDir && { cacheDir }) });
  const dir = await socketDir(dataDir, record?.socketDir);
  await removeSockets(dir);
  const child = await spawnMongod(mongod, dataDir, dir, cacheBytes);
  const pid = child.pid as number;
  options.onSpawned?.();
  const began = { pid, start: (await startOf(pid)) ?? 'gone' };
  const next = { dataDir, socketDir: dir, process: began, version: wroteData ?? mongod.version, ready: false };
  await writeRecord(dataDir, next);
  const [{ makePrimary }] = await Promise.all([
    replica(),
    untilListening(child, { dataDir, socketDir: dir, mongod, wroteData }),
  ]);
  await makePrimary(socketPath(dir), mongod.version);
  await writeRecord(dataDir, { ...next, version: mongod.version, ready: true });
  log.info({ pid, version: mongod.version }, 'embedded mongod started');
  return { process: began, socket: socketPath(dir) };
};

/** Makes sure that exactly one usable mongod runs on the data. Call it under the start lock. */
const ensure = async (options: EmbeddedOptions): Promise<Running> => {
  const { dataDir, log } = options;
  const record = await readRecord(dataDir);
  const alive = await living(dataDir, record);
  if (alive && record && (await canJoin(dataDir, record, alive)))
    return { process: alive, socket: socketPath(record.socketDir) };
  if (alive) {
    log.warn({ pid: alive.pid }, 'an embedded mongod lives without its socket: stopped');
    await endProcess(alive);
  }
  return start(options, record);
};

/** What mongod has to write before it ends may be much. */
const SHUTDOWN_MS = 60_000;

/** Shuts mongod down in order. Call it under the start lock. */
const shutDown = async (dataDir: string, ms: number): Promise<void> => {
  const record = await readRecord(dataDir);
  const alive = await living(dataDir, record);
  if (alive) await endProcess(alive, ms);
  if (!record) return;
  await removeSockets(record.socketDir);
  await removeSocketDir(dataDir, record.socketDir);
  await writeRecord(dataDir, { ...record, process: null, ready: false });
};

/**
 * Starts, or joins, the mongod of `dataDir` (DESIGN 9): a replica set of one on a Unix socket that only this user can reach. Several
 * hubs share one; it outlives a hub that was killed; one that died is started again. Throws in words when there is no mongod to be
 * had or it can't open the data.
 */
export const startEmbedded = async (options: EmbeddedOptions): Promise<Embedded> => {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const dataDir = await realpath(options.dataDir);
  const here: EmbeddedOptions = { ...options, dataDir };
  const hubs = makeHubs(join(dataDir, 'hubs'));
  const locked = <T>(work: () => Promise<T>) => withLock(join(dataDir, 'start.lock'), work, 900_000);

  const joined = await locked(async () => {
    const name = await hubs.register();
    return { name, ...(await ensure(here).catch(error => hubs.leave(name).then(() => Promise.reject(error)))) };
  });
  const watch = supervise({ dataDir, log: options.log, first: joined, again: () => locked(() => ensure(here)) });

  const leave = (ms: number) =>
    locked(async () => {
      if ((await hubs.leave(joined.name)) === 0) await shutDown(dataDir, ms);
    });

  let closing: Promise<void> | undefined;
  return {
    uri: socketUri(joined.socket),
    close: ({ mongodMs = SHUTDOWN_MS } = {}) => {
      closing ??= watch.stop().then(() => leave(mongodMs));
      return closing;
    },
    onRestart: watch.onRestart,
    pid: watch.pid,
  };
};
