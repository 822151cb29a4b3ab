import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectorError, fileFault, type ImportFile, unreadable } from '../contract.ts';

/** Passes on what is read from a file. When the file system fails, yields what `told` makes of the error code, and ends. Throws other errors. */
export async function* asFarAsRead<T>(
  path: string,
  pieces: AsyncIterable<T>,
  told: (code: string) => Iterable<T>,
): AsyncGenerator<T> {
  try {
    yield* pieces;
  } catch (error) {
    const code = fileFault(error, path);
    if (code === undefined) throw error;
    yield* told(code);
  }
}

/** The stats of a file or folder that is to be imported. Throws ConnectorError ('stop') when it can't be read at all. */
export const handedIn = (path: string): Promise<Stats> =>
  stat(path).catch(error => {
    const code = fileFault(error);
    throw code === undefined ? error : new ConnectorError('stop', `The file can't be read (${code}).`);
  });

/** A file or folder that can't be read, and why in words. */
export interface Unread {
  name: string;
  reason: string;
}

/** The files in a folder, and folders that can't be listed. */
export interface Listed {
  files: ImportFile[];
  unread: Unread[];
}

const list = async (root: string, within: string, into: Listed): Promise<void> => {
  let entries: Dirent[];
  try {
    entries = await readdir(join(root, within), { withFileTypes: true });
  } catch (error) {
    const code = fileFault(error);
    if (code === undefined) throw error;
    into.unread.push({ name: within || '.', reason: unreadable(code, 'folder') });
    return;
  }
  for (const entry of entries) {
    const name = within ? `${within}/${entry.name}` : entry.name;
    if (entry.isDirectory()) await list(root, name, into);
    else if (entry.isFile()) into.files.push({ name, path: join(root, name) });
  }
};

/** All files below a folder, sorted by name (the path inside the folder). Symbolic links aren't followed. */
export const filesUnder = async (root: string): Promise<Listed> => {
  const into: Listed = { files: [], unread: [] };
  await list(root, '', into);
  into.files.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  return into;
};
