import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { ImportDoc } from '../../models/imports.ts';
import type { Core } from '../core.ts';
import { NO_ROOM } from '../jobs/disk.ts';
import { CommandFailed } from './context.ts';

/** A file or folder that was named on the command line, as an import takes it. */
export const describeFile = async (path: string, { folders = true } = {}) => {
  const found = await stat(path).catch(() => null);
  if (!found) throw new CommandFailed(`${path} can't be read: is the name right?`);
  if (!folders && found.isDirectory()) throw new CommandFailed(`${path} is a folder: name the file in it.`);
  const whole = resolve(path);
  return { name: basename(whole), path: whole, size: found.size };
};

/** As the hub refuses an upload then. */
export const failWithoutRoom = async ({ disk }: { disk: Pick<Core['disk'], 'look' | 'hasRoom'> }): Promise<void> => {
  await disk.look();
  if (!disk.hasRoom()) throw new CommandFailed(NO_ROOM);
};

interface Imports<Job> {
  get(id: string): Promise<Job | null>;
  stop(): Promise<void>;
}

/** Waits for an import that was accepted, tells what it came to, and fails when it did; a signal stops it where it is. */
export const followImport = async <Job extends Pick<ImportDoc, 'state' | 'error'>>(
  imports: Imports<Job>,
  { id, done }: { id: string; done: Promise<void> },
  tell: (job: Job) => void,
): Promise<void> => {
  const onSignal = () => void imports.stop();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  await done;
  const job = await imports.get(id);
  if (!job || job.state === 'failed') throw new CommandFailed(job?.error ?? 'The import failed.');
  tell(job);
  if (job.state === 'running') throw new CommandFailed('Stopped; a hub that runs on this data folder goes on with it.');
};
