import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { type Embedded, startEmbedded } from '../../server/mongo/embedded.ts';
import { makeHubs } from '../../server/mongo/hubs.ts';
import { mongodOf } from '../../server/mongo/mongod.ts';
import { endProcess } from '../../server/mongo/processes.ts';
import { atEnd } from './closers.ts';

/** A log that says nothing: embedded mongod's in tests. */
export const silent = { info: () => undefined, warn: () => undefined };

const PREFIX = 'tmg-';
/** where the mongod of a test run lies, for all of its processes */
const FOLDER = 'TEST_MONGOD_FOLDER';
/** a file system in memory, as Linux has it */
const MEMORY = '/dev/shm';
/** bytes that have to be free there: four times what a whole run takes */
const ROOM = 4 * 2 ** 30;

/**
 * Where a run's folders go: to memory when there is room, so that no test waits for a disk. What a killed process wrote
 * outlives it there as on a disk. TMPDIR decides otherwise.
 */
const placeOf = async (): Promise<string> => {
  if (process.env.TMPDIR) return tmpdir();
  const { bavail, bsize } = await statfs(MEMORY).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize > ROOM ? MEMORY : tmpdir();
};

/** Ends the mongods of test runs that were killed before they could: nobody that is registered in their folder lives. */
const sweep = async (place: string): Promise<void> => {
  const names = (await readdir(place)).filter(name => name.startsWith(PREFIX));
  for (const dir of names.map(name => join(place, name))) {
    const { mtimeMs } = await stat(dir).catch(() => ({ mtimeMs: Number.NaN }));
    // a run that has just begun isn't registered yet
    if (
      !(Date.now() - mtimeMs > 60_000) ||
      (await makeHubs(join(dir, 'hubs'))
        .leave('nobody')
        .catch(() => 0)) > 0
    )
      continue;
    const left = await mongodOf(dir);
    if (left) await endProcess(left);
    await rm(dir, { recursive: true, force: true });
  }
};

const startIn = (dataDir: string): Promise<Embedded> =>
  startEmbedded({ dataDir, log: silent, binary: process.env.MONGOD_BINARY });

/** Outside a test run (a benchmark): it goes with whatever else is closed. */
const startAlone = async (): Promise<Embedded> => {
  await sweep(tmpdir());
  const dataDir = await mkdtemp(join(tmpdir(), PREFIX));
  const embedded = await startIn(dataDir);
  atEnd(async () => {
    shared = undefined;
    await embedded.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  return embedded;
};

let shared: Promise<Embedded> | undefined;

/** The mongod of the whole test run, which its processes share: started by the first that asks, stopped at its end. */
export const testMongod = (): Promise<Embedded> => {
  const dataDir = process.env[FOLDER];
  shared ??= dataDir ? startIn(dataDir) : startAlone();
  return shared;
};

/** Makes the folder of a test run, with its mongod and all that its tests write, before its processes are started. */
export const beginRun = async (): Promise<void> => {
  const place = await placeOf();
  await sweep(place);
  const folder = await mkdtemp(join(place, PREFIX));
  await chmod(folder, 0o711); // Dovecot's processes are of other users
  process.env[FOLDER] = folder;
  process.env.TMPDIR = join(folder, 'tmp');
  await mkdir(process.env.TMPDIR);
};

export const endRun = async (): Promise<void> => {
  const dataDir = process.env[FOLDER];
  if (!dataDir) return;
  const own = await shared?.catch(() => undefined);
  await own?.close();
  const left = await mongodOf(dataDir);
  if (left) await endProcess(left);
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
};

export interface FreshDb {
  /** connection string that names the database */
  uri: string;
  name: string;
  drop(): Promise<void>;
}

/** An empty database of its own on the test run's mongod. */
export const freshDb = async (): Promise<FreshDb> => {
  const { uri } = await testMongod();
  const name = `t${randomUUID().slice(0, 13)}`;
  const drop = async () => {
    const client = new mongo.MongoClient(uri);
    await client.db(name).dropDatabase();
    await client.close();
  };
  return { uri: uri.replace('/?', `/${name}?`), name, drop };
};
