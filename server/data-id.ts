import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeOnce } from './store/files.ts';

/** Which data folder this is. It is asked for when it is first needed: not every command writes there. */
export type DataId = () => Promise<string>;

/**
 * The id that a data folder keeps in `id`, made when there is none. Uploads lie in the folder, so whoever has it can go on with them,
 * whatever their machine is called.
 */
export const makeDataId = (dataDir: string): DataId => {
  const path = join(dataDir, 'id');
  const read = async (): Promise<string> => (await readFile(path, 'utf8').catch(() => '')).trim();
  let known = '';
  return async () => {
    known ||= await read();
    if (known) return known;
    await makeOnce(path, randomUUID());
    known = await read();
    if (known) return known;
    throw new Error(`${path} holds no id: delete it.`);
  };
};
