import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { type Embedded, startEmbedded } from '../../server/mongo/embedded.ts';
import { atEnd } from './closers.ts';

/** A log that says nothing: embedded mongod's in tests. */
export const silent = { info: () => undefined, warn: () => undefined };

const start = async (): Promise<Embedded> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tmg-'));
  const embedded = await startEmbedded({ dataDir, log: silent, binary: process.env.MONGOD_BINARY });
  atEnd(async () => {
    await embedded.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  return embedded;
};

let shared: Promise<Embedded> | undefined;

/** The mongod of the whole test run, started when first asked for and stopped at its end. */
export const testMongod = (): Promise<Embedded> => {
  shared ??= start();
  return shared;
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
