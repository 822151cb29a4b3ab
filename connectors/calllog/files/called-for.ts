import type { ImportFile } from '../../contract.ts';
import type { Context } from '../context.ts';
import { isAudio } from './audio.ts';
import { cdrsIn } from './cdrs.ts';
import { makeRecordings } from './recordings.ts';

/** Remembered for the files of one import, which all come with the same array. */
const remembered = new WeakMap<readonly ImportFile[], Promise<Set<string>>>();

const find = async (context: Context, beside: readonly ImportFile[], signal: AbortSignal): Promise<Set<string>> => {
  const found = new Set<string>();
  const recordings = makeRecordings(beside);
  for (const file of beside.filter(({ name }) => !isAudio(name))) {
    for await (const cdrs of cdrsIn(context, file, signal)) {
      for (const { path } of cdrs.flatMap(recordings.of)) found.add(path);
      signal.throwIfAborted();
    }
  }
  return found;
};

/** Paths of the recordings that some call of the logs among these files has. */
export const calledFor = (
  context: Context,
  beside: readonly ImportFile[],
  signal: AbortSignal,
): Promise<Set<string>> => {
  const before = remembered.get(beside);
  if (before) return before;
  const found = find(context, beside, signal);
  found.catch(() => remembered.delete(beside));
  remembered.set(beside, found);
  return found;
};
