import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';

/** Where it leads, by whatever links; of one that isn't there, where it would be. */
const placeOf = (folder: string): Promise<string> =>
  realpath(folder).catch(async () => {
    const above = dirname(folder);
    return above === folder ? folder : join(await placeOf(above), basename(folder));
  });

const inside = (folder: string): string => (folder.endsWith(sep) ? folder : folder + sep);

/** Whether one of two folders is the other, or lies in it. */
export const overlap = async (one: string, other: string): Promise<boolean> => {
  const [a = '', b = ''] = (await Promise.all([placeOf(resolve(one)), placeOf(resolve(other))])).map(inside);
  return a.startsWith(b) || b.startsWith(a);
};

/** In words, of a folder that overlaps the hub's. */
export const IS_OURS = "is the hub's own data folder, has it in it or lies in it";
