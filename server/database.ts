import { mkdir } from 'node:fs/promises';
import type { Config } from '../config/index.ts';
import type { Log } from './logging.ts';
import { startEmbedded } from './mongo/embedded.ts';

export interface Closing {
  /** how long a mongod of ours may take to end, before it is killed */
  mongodMs?: number;
}

export interface Database {
  /** connection string */
  uri: string;
  close(how?: Closing): Promise<void>;
}

/** MongoDB: the one that was named, else our own on the data folder; `onSpawned` as in EmbeddedOptions. */
export const openDatabase = async (config: Config, log: Log, onSpawned?: () => void): Promise<Database> => {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 }).catch(error => {
    throw new Error(`TALTEEN_DATA ${config.dataDir} can't be made: ${error.message}`, { cause: error });
  });
  if (config.mongodbUri) return { uri: config.mongodbUri, close: async () => undefined };
  return startEmbedded({
    dataDir: config.dataDir,
    log: { info: (data, message) => log.info(data, message), warn: (data, message) => log.warn(data, message) },
    binary: config.mongodBinary,
    cacheBytes: config.mongodCacheMb && config.mongodCacheMb * 1024 * 1024,
    onSpawned,
  });
};
