import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessId } from './processes.ts';

/** What data/mongod.json remembers about the embedded mongod. */
export interface MongodRecord {
  /** that last opened the data */
  version: string;
  /** real path of the data directory then: a moved or copied one shows by it */
  dataDir: string;
  socketDir: string;
  /** null when it was shut down in order */
  process: ProcessId | null;
  /** false from its start until it has answered */
  ready: boolean;
}

const file = (dataDir: string) => join(dataDir, 'mongod.json');

/** Reads the record; null when there is none that can be read. */
export const readRecord = async (dataDir: string): Promise<MongodRecord | null> => {
  const text = await readFile(file(dataDir), 'utf8').catch(() => 'null');
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Replaces the record in one step. Call it under the start lock. */
export const writeRecord = async (dataDir: string, record: MongodRecord): Promise<void> => {
  const draft = `${file(dataDir)}.new`;
  await writeFile(draft, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  await rename(draft, file(dataDir));
};
