import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd } from '../../support/closers.ts';

/** Writes a CSV file into a folder of its own, which is gone after the tests. */
export const csvFile = async (content: string | Uint8Array) => {
  const folder = await mkdtemp(join(tmpdir(), 'talteen-csv-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'contacts.csv');
  const bytes = Buffer.from(content);
  await writeFile(path, bytes);
  return { name: 'contacts.csv', path, size: bytes.length };
};
