import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { argumentsOf, type ProcessId, startOf } from './processes.ts';
import { listens, socketPath } from './socket.ts';
import type { Mongod } from './version.ts';

const GIB = 2 ** 30;
const LOG_LIMIT = 10e6;

export const dbPath = (dataDir: string): string => join(dataDir, 'db');
const logPath = (dataDir: string) => join(dataDir, 'mongod.log');

/** A quarter of the memory that this process may use, 1 GB at most: the hub and its parsers need theirs. WiredTiger takes 256 MB at least. */
const cacheGigabytes = (asked: number | undefined): string => {
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  const bytes = asked ?? Math.min(GIB, Math.min(totalmem(), limit) / 4);
  return Math.max(0.25, bytes / GIB).toFixed(2);
};

const parameters = {
  // FTDC samples every second and keeps 200 MB: of no use to one who has no support contract
  diagnosticDataCollectionEnabled: 'false',
  // throttles writers while a majority lags behind; the majority is this member
  enableFlowControl: 'false',
  // nobody reads at a past cluster time, and 5 minutes of old versions are kept in the cache otherwise
  minSnapshotHistoryWindowInSeconds: '5',
  // a hub that was killed in a transaction keeps what it wrote locked so long (60 s otherwise); ours take a second or two
  transactionLifetimeLimitSeconds: '20',
  // how long SIGTERM waits for clients to go elsewhere; there is no elsewhere
  shutdownTimeoutMillisForSignaledShutdown: '100',
};

/** Arguments of the embedded mongod (DESIGN 9). */
export const mongodArguments = (dataDir: string, socketDir: string, cacheBytes?: number): string[] => [
  ...['--dbpath', dbPath(dataDir), '--replSet', 'talteen', '--oplogSize', '990'],
  ...['--bind_ip', socketPath(socketDir), '--unixSocketPrefix', socketDir, '--filePermissions', '0600'],
  ...['--wiredTigerCacheSizeGB', cacheGigabytes(cacheBytes), '--noscripting'],
  // level 6, the default, takes 3,840 ms of mongod for 5,000 mails of base64 where level 1 takes 2,770 ms, for the same bytes within 0.1 %
  ...['--zstdDefaultCompressionLevel', '1'],
  // slow operations would be logged with what they search and write: personal data
  ...['--logpath', logPath(dataDir), '--logappend', '--logRotate', 'reopen', '--quiet', '--slowms', '2000000000'],
  ...Object.entries(parameters).flatMap(([name, value]) => ['--setParameter', `${name}=${value}`]),
];

/** Whether a process has this file open. */
const holdsOpen = async (pid: number, path: string): Promise<boolean> => {
  const file = await stat(path);
  const dir = `/proc/${pid}/fd`;
  for (const fd of await readdir(dir)) {
    const open = await stat(join(dir, fd)).catch(() => null);
    if (open && open.ino === file.ino && open.dev === file.dev) return true;
  }
  return false;
};

/** Whether it is the mongod of this folder: a pid alone may belong to somebody else by now. */
const isIts = async (pid: number, dataDir: string, lock: string): Promise<boolean> =>
  process.platform === 'linux'
    ? holdsOpen(pid, lock)
    : `${await argumentsOf(pid)} `.includes(`--dbpath ${dbPath(dataDir)} `);

/** The living mongod that has this database open, by the pid in its mongod.lock; null when there is none. */
export const mongodOf = async (dataDir: string): Promise<ProcessId | null> => {
  const path = join(dbPath(dataDir), 'mongod.lock');
  const pid = Number((await readFile(path, 'utf8').catch(() => '')).trim());
  const start = pid > 0 ? await startOf(pid) : null;
  if (!start) return null;
  const really = await isIts(pid, dataDir, path).catch(() => false);
  return really ? { pid, start } : null;
};

/** Starts mongod detached, in a process group of its own: it outlives this process and its terminal. */
export const spawnMongod = async (mongod: Mongod, dataDir: string, socketDir: string, cacheBytes?: number) => {
  await mkdir(dbPath(dataDir), { recursive: true, mode: 0o700 });
  await rotateLog(dataDir);
  const output = openSync(join(dataDir, 'mongod.out'), 'w', 0o600);
  const child = spawn(mongod.path, mongodArguments(dataDir, socketDir, cacheBytes), {
    cwd: dataDir,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  child.unref();
  return child;
};

/** The last thing mongod complained about, from the end of its log or its output. */
const lastWords = async (dataDir: string): Promise<string> => {
  for (const path of [logPath(dataDir), join(dataDir, 'mongod.out')]) {
    const lines = (await readFile(path, 'utf8').catch(() => '')).trim().split('\n').slice(-60);
    const bad = lines.findLast(line => /"s":"[EF]"/.test(line)) ?? (path.endsWith('.out') ? lines.at(-1) : undefined);
    if (!bad) continue;
    const parsed = /"msg":"((?:[^"\\]|\\.)*)"/.exec(bad)?.[1] ?? bad;
    const error = /"error":"((?:[^"\\]|\\.)*)"/.exec(bad)?.[1];
    return error ? `${parsed}: ${error}` : parsed;
  }
  return 'it said nothing';
};

/** Waits until a mongod listens. While it lives, it may take its time: it recovers after a crash. Throws, in words, when it ends. */
export const untilListening = async (
  child: ChildProcess,
  {
    dataDir,
    socketDir,
    mongod,
    wroteData,
  }: { dataDir: string; socketDir: string; mongod: Mongod; wroteData: string | undefined },
): Promise<void> => {
  while (child.exitCode === null && child.signalCode === null) {
    if (await listens(socketPath(socketDir))) return;
    await sleep(25);
  }
  // exit code 62: the data files are of a release that this one can't read
  if (child.exitCode === 62)
    throw new Error(
      `MongoDB ${mongod.version} can't open ${dataDir}, which MongoDB ${wroteData ?? 'of another release'} wrote. ` +
        'Set MONGOD_BINARY to a mongod of that release, or of the next one.',
    );
  const how = child.signalCode ?? `exit code ${child.exitCode}`;
  throw new Error(`mongod ended at its start (${how}): ${await lastWords(dataDir)}. See ${logPath(dataDir)}`);
};

/** Keeps mongod.log under 10 MB and one old one beside it. Give the pid of a running mongod, which then reopens its log. */
export const rotateLog = async (dataDir: string, pid?: number): Promise<void> => {
  const path = logPath(dataDir);
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  if (size < LOG_LIMIT) return;
  await rename(path, `${path}.1`);
  if (pid) process.kill(pid, 'SIGUSR1');
};
