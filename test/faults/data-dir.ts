import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { endProcess, isAlive, type ProcessId } from '../../server/mongo/processes.ts';
import { readRecord } from '../../server/mongo/record.ts';
import { socketPath, socketUri } from '../../server/mongo/socket.ts';
import { atEnd } from '../support/closers.ts';
import { until } from './until.ts';

/** What a killed hub left of its registration is of no use to a folder that is removed with its mongod. */
const endMongod = async (path: string): Promise<void> => {
  const record = await readRecord(path);
  if (record?.process) await endProcess(record.process, 20_000);
  if (record && !record.socketDir.startsWith(path)) await rm(record.socketDir, { recursive: true, force: true });
};

/**
 * An empty data folder for hubs that are processes of their own, and the mongod that they start in it, looked at from
 * outside. Everything is gone after `remove`, which also runs at the end of the test run.
 */
export const makeDataDir = async () => {
  const path = await mkdtemp(join(tmpdir(), 'tft-'));
  let client: mongo.MongoClient | undefined;

  /** The embedded mongod's process as data/ records it. Throws while there is none. */
  const mongod = async (): Promise<ProcessId> => {
    const record = await readRecord(path);
    if (!record?.process || !record.ready) throw new Error('There is no mongod on this data folder.');
    return record.process;
  };
  const uri = async (): Promise<string> => {
    const record = await readRecord(path);
    if (!record) throw new Error('No mongod was ever started on this data folder.');
    return socketUri(socketPath(record.socketDir));
  };
  /** The hub's database by a client of our own, which finds a mongod that was started again by itself. */
  const db = async (name = 'talteen'): Promise<mongo.Db> => {
    client ??= new mongo.MongoClient(await uri(), { serverSelectionTimeoutMS: 20_000 });
    return client.db(name);
  };
  const remove = async (): Promise<void> => {
    forget();
    await client?.close();
    await endMongod(path);
    await rm(path, { recursive: true, force: true, maxRetries: 5 });
  };
  const forget = atEnd(remove);

  return {
    path,
    mongod,
    uri,
    db,
    /** Waits until a mongod other than `before` is up. */
    otherMongod: (before: ProcessId) =>
      until(
        'another mongod',
        async () => {
          const now = await mongod().catch(() => null);
          return now !== null && (now.pid !== before.pid || now.start !== before.start) && (await isAlive(now));
        },
        60_000,
      ),
    /** What the mongod wrote to its log. */
    log: () => readFile(join(path, 'mongod.log'), 'utf8').catch(() => ''),
    exists: () =>
      access(path).then(
        () => true,
        () => false,
      ),
    remove,
  };
};

export type DataDir = Awaited<ReturnType<typeof makeDataDir>>;
