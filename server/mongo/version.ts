import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A mongod that runs on this machine. */
export interface Mongod {
  path: string;
  /** 'major.minor.patch' */
  version: string;
}

/** '6.0' of '6.0.5': releases of one series write the same files. */
export const series = (version: string): string => version.split('.').slice(0, 2).join('.');

/** Negative when series `a` is older than `b`. */
export const compareSeries = (a: string, b: string): number => {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor - bMajor || aMinor - bMinor;
};

/** Runs `mongod --version`. Throws, in words, when this isn't a mongod or can't run here. */
export const inspect = async (binary: string): Promise<Mongod> => {
  const path = binary.includes('/') ? resolve(binary) : binary;
  const { stdout } = await run(path, ['--version'], { timeout: 20_000 }).catch(error => {
    throw new Error(
      `${path} does not run here: ${
        String(error.stderr || error.message)
          .trim()
          .split('\n')[0]
      }`,
    );
  });
  const version = /^db version v(\d+\.\d+\.\d+)/m.exec(stdout)?.[1];
  if (!version) throw new Error(`${path} is not a mongod`);
  return { path, version };
};
