import mongoose, { type Connection, type Model, type mongo } from 'mongoose';
import { type Models, makeModels } from '../../models/index.ts';
import { durable } from '../../models/schema.ts';
import '../mongo/gone-connections.ts';
import { isDoneIn } from './in-time.ts';
import { migrate } from './migrate.ts';

export interface Store {
  connection: Connection;
  models: Models;
  close(): Promise<void>;
}

/** GridFS keeps what is over 1 MB in these. */
export const MEDIA_BUCKET = 'media';

/** Closing tells MongoDB which sessions and cursors are done with; one that doesn't answer finds out by itself. */
const CLOSE_MS = 1500;

const wiredTiger = (configString: string) => ({ storageEngine: { wiredTiger: { configString } } });
/** In pages of 256 KB: a page on disk is rounded up to 4 KB, and mails of one conversation lie side by side and quote each other. */
const LARGE_PAGES = new Set(['blobs', 'contents', `${MEDIA_BUCKET}.chunks`]);

/** Everything is compressed with zstd, indexes too: they hold ids of letters and digits. */
const storageOf = (collection: string): mongo.CreateCollectionOptions => ({
  ...wiredTiger(`block_compressor=zstd${LARGE_PAGES.has(collection) ? ',leaf_page_max=256KB' : ''}`),
  indexOptionDefaults: wiredTiger('block_compressor=zstd'),
});

const collections = ({ connection: _, ...models }: Models) => Object.values(models) as unknown as Model<unknown>[];

const createCollections = async (models: Models) => {
  const { connection } = models;
  const names = collections(models).map(model => model.collection.collectionName);
  const db = connection.getClient().db(connection.name);
  const there = new Set((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name));
  for (const name of [...names, `${MEDIA_BUCKET}.files`, `${MEDIA_BUCKET}.chunks`]) {
    if (there.has(name)) continue;
    await db.createCollection(name, storageOf(name)).catch(error => {
      // two hubs that start at once
      if ((error as { codeName?: string }).codeName !== 'NamespaceExists') throw error;
    });
  }
};

const createIndexes = async (models: Models) => {
  await Promise.all(collections(models).map(model => model.createIndexes()));
};

/**
 * Connects, creates what is missing (collections compressed with zstd, indexes) and migrates. `uri` names a replica set or a
 * sharded cluster; its database, or `talteen` when it names none. Throws when MongoDB can't be reached within 4 s.
 */
export const connectStore = async (
  uri: string,
  options: { dbName?: string; appName?: string } = {},
): Promise<Store> => {
  const named = new URL(uri.replace(/^mongodb(\+srv)?:\/\/[^/]+/, 'http://host')).pathname.slice(1);
  const connection = await mongoose
    .createConnection(uri, {
      dbName: options.dbName ?? (named || 'talteen'),
      ...(options.appName ? { appName: options.appName } : {}),
      serverSelectionTimeoutMS: 4000,
      readPreference: 'primary', // what was just written, or taken away, is looked up again at once
      writeConcern: durable,
      maxPoolSize: 32,
      bufferCommands: false,
      ignoreUndefined: true,
    })
    .asPromise();
  const models = makeModels(connection);
  await createCollections(models);
  await createIndexes(models);
  await migrate(models);
  const close = async (): Promise<void> => void (await isDoneIn(connection.close(), CLOSE_MS));
  return { connection, models, close };
};
