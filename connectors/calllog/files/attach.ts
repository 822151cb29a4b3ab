import { type Captured, fileFault, type ImportFile } from '../../contract.ts';
import { recordingItem } from '../captured.ts';
import type { Clock } from '../time.ts';
import type { Cdr } from '../types.ts';
import { audioFile } from './audio.ts';
import { makeRecordings } from './recordings.ts';

/** Finds the recordings of a leg and answers them as items; each file only once for a call. */
export type Attach = (leg: Captured, cdr: Cdr) => Promise<Captured[]>;

/** No item for a file that can't be read or is gone since it was listed: the next look at the folder finds it. */
const itemOf = async (leg: Captured, { name, path }: ImportFile): Promise<Captured[]> => {
  try {
    return [recordingItem(leg, await audioFile(name, path))];
  } catch (error) {
    if (fileFault(error, path) === undefined) throw error;
    return [];
  }
};

/** An `Attach` that looks among these files. `clock`: of the time zone in which times in file names are. */
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
