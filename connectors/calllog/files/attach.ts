import { type Captured, fileFault, type ImportFile } from '../../contract.ts';
import { recordingItem } from '../captured.ts';
import type { Clock } from '../time.ts';
import type { Cdr } from '../types.ts';
import { audioFile } from './audio.ts';
import { makeRecordings } from './recordings.ts';

/** Recordings of legs as items; each file once a call. */
export type Attach = (leg: Captured, cdr: Cdr) => Promise<Captured[]>;

/** A file that can't be read, or went away since it was listed, is left for the next time. */
const itemOf = async (leg: Captured, { name, path }: ImportFile): Promise<Captured[]> => {
  try {
    return [recordingItem(leg, await audioFile(name, path))];
  } catch (error) {
    if (fileFault(error, path) === undefined) throw error;
    return [];
  }
};

export const makeAttach = (files: Iterable<ImportFile>, clock: Clock): Attach => {
  const recordings = makeRecordings(files, clock);
  const attached = new Set<string>();
  return async (leg, cdr) => {
    if (recordings.isEmpty) return [];
    const items: Captured[] = [];
    for (const file of recordings.of(cdr)) {
      const once = `${leg.belongsTo}\0${file.path}`;
      if (attached.has(once)) continue;
      attached.add(once);
      items.push(...(await itemOf(leg, file)));
    }
    return items;
  };
};
