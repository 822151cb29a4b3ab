import { asFarAsRead } from '../../common/files.ts';
import type { ImportFile } from '../../contract.ts';
import type { Context } from '../context.ts';
import { isAudio } from './audio.ts';
import { cdrsIn } from './cdrs.ts';
import { readPlain } from './plain.ts';
import { makeRecordings } from './recordings.ts';

/** Remembered for the files of one import, which all come with the same array. */
const remembered = new WeakMap<readonly ImportFile[], Promise<Set<string>>>();

interface Together {
  context: Context;
  spool: string;
  beside: readonly ImportFile[];
  signal: AbortSignal;
}

/** A file that can't be read is reported when it is imported itself. */
async function* nothing(): AsyncGenerator<never> {}

const find = async ({ context, spool, beside, signal }: Together): Promise<Set<string>> => {
  const found = new Set<string>();
  const recordings = makeRecordings(beside, context.clock);
  const read = (file: ImportFile) => cdrsIn(context, file, signal);
  for (const file of beside.filter(({ name }) => !isAudio(name))) {
    const { encoding } = context.config;
    const plain = readPlain(file, { spool, encoding, read, refuse: nothing });
    for await (const cdrs of asFarAsRead(file.path, plain, () => [])) {
      for (const { path } of cdrs.flatMap(recordings.of)) found.add(path);
      signal.throwIfAborted();
    }
  }
  return found;
};

/** Paths of those recordings among these files that belong to a call in one of the logs among them. */
export const calledFor = (together: Together): Promise<Set<string>> => {
  const { beside } = together;
  const before = remembered.get(beside);
  if (before) return before;
  const found = find(together);
  found.catch(() => remembered.delete(beside));
  remembered.set(beside, found);
  return found;
};
