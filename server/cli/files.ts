import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { CommandFailed } from './context.ts';

/** A file or folder that was named on the command line, as an import takes it. */
export const describeFile = async (path: string) => {
  const found = await stat(path).catch(() => null);
  if (!found) throw new CommandFailed(`${path} can't be read: is the name right?`);
  const whole = resolve(path);
  return { name: basename(whole), path: whole, size: found.size };
};
