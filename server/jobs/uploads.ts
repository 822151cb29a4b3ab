import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Models } from '../../models/index.ts';

const DAY_MS = 24 * 3600_000;

/** Names of the folders that unfinished imports still read. */
const foldersInUse = async ({ imports }: Models): Promise<Set<string>> => {
  const running = await imports.find({ state: 'running', uploaded: true }, { files: { $slice: 1 } }).lean();
  return new Set(running.flatMap(({ files }) => files.map(({ path }) => basename(dirname(path)))));
};

/** When something was last written to a folder or a file in it; null when it is gone. */
const lastWritten = async (folder: string): Promise<number | null> => {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    [folder, ...names.map(name => join(folder, name))].map(path => stat(path).catch(() => null)),
  );
  return found[0] ? Math.max(...found.map(one => one?.mtimeMs ?? 0)) : null;
};

/**
 * Removes uploads that were left by a kill while they were received, or before they were deleted. An upload that is being received was written to within a day;
 * one that an import is to read stays.
 */
export const clearOldUploads = async (models: Models, dataDir: string, now = Date.now()): Promise<void> => {
  const root = join(dataDir, 'uploads');
  const names = await readdir(root).catch(() => []);
  if (names.length === 0) return;
  const inUse = await foldersInUse(models);
  for (const name of names.filter(one => !inUse.has(one))) {
    const at = await lastWritten(join(root, name));
    if (at !== null && now - at > DAY_MS) await rm(join(root, name), { recursive: true, force: true });
  }
};
