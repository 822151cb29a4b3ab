import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { ConnectorError, type ImportFile } from '../../contract.ts';
import { isAudio } from '../files/audio.ts';

/** A file that changed within this time may still be being written. */
const SETTLED_MS = 2000;

/** A file in a watched folder. */
export interface Seen extends ImportFile {
  inode: string;
  /** inode of the folder that it is in */
  folder: string;
  size: number;
  /** mtime and ctime (Unix milliseconds): the latter is when it was written or moved here */
  changedAt: number;
  cameAt: number;
  isSettled: boolean;
}

const unreadable = (error: NodeJS.ErrnoException): never => {
  throw new ConnectorError(
    'retry',
    `The watched folder can't be read (${error.code}): is it there, and may the hub read it?`,
  );
};

/** Whether the file's name, or that of a folder on its path, begins with a dot: it is still being copied in. */
const isHidden = (name: string): boolean => name.split(sep).some(each => each.startsWith('.'));

const inodeOf = async (path: string): Promise<string> => String((await stat(path).catch(() => null))?.ino ?? '');

const seen = async (directory: string, path: string, folder: string, now: number): Promise<Seen[]> => {
  const found = await stat(path).catch(() => null); // gone since it was listed
  if (!found?.isFile()) return [];
  const { ino, size, mtimeMs, ctimeMs } = found;
  const name = relative(directory, path).split(sep).join('/');
  const isSettled = now - Math.max(mtimeMs, ctimeMs) >= SETTLED_MS;
  return [{ name, path, inode: String(ino), folder, size, changedAt: mtimeMs, cameAt: ctimeMs, isSettled }];
};

/**
 * The logs in a directory (oldest change first), and those recordings that aren't being written any more; hidden files are left out. Throws ConnectorError
 * ('retry').
 */
export const lookInto = async (directory: string): Promise<{ logs: Seen[]; recordings: Seen[] }> => {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch(unreadable);
  const listed = entries
    .map(entry => ({ entry, folder: entry.parentPath, path: join(entry.parentPath, entry.name) }))
    .filter(({ entry, path }) => entry.isFile() && !isHidden(relative(directory, path)));
  const folders = new Map<string, string>();
  for (const { folder } of listed) if (!folders.has(folder)) folders.set(folder, await inodeOf(folder));
  const now = Date.now();
  const files = (
    await Promise.all(listed.map(({ folder, path }) => seen(directory, path, folders.get(folder) ?? '', now)))
  ).flat();
  const logs = files
    .filter(({ name }) => !isAudio(name))
    .sort((a, b) => a.changedAt - b.changedAt || (a.name < b.name ? -1 : 1));
  return { logs, recordings: files.filter(({ name, size, isSettled }) => isAudio(name) && size > 0 && isSettled) };
};
