import type { Config } from '../../config/index.ts';
import type { Core } from '../core.ts';
import type { Log } from '../logging.ts';

/** What every command gets: the settings and where it logs. */
export interface Context {
  config: Config;
  log: Log;
  startedByNpx: boolean;
}

/** Something a person can put right; its message is all that is shown. */
export class CommandFailed extends Error {}

/** It was called with what it can't be called with: nothing was tried. */
export class WrongUse extends CommandFailed {}

/** Runs a command on the database, joined beside whatever hub uses it, and leaves. */
export const withCore = async <T>(
  { config, log }: Pick<Context, 'config' | 'log'>,
  work: (core: Core) => Promise<T>,
): Promise<T> => {
  const { openCore } = await import('../core.ts'); // not before: `start` loads it while mongod starts
  const core = await openCore(config, log);
  try {
    return await work(core);
  } finally {
    await core.close();
  }
};

/** The answer of a command: one line on stdout. */
export const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
