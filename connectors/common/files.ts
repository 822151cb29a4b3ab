import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectorError, fileFault, type ImportFile, unreadable } from '../contract.ts';

/** What is read of a file; when the file system refuses to read on, `told` of that. Other errors come through. */
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

/** What lies where something was handed in. Throws a ConnectorError ('stop') when nothing can be had of it. */
export const handedIn = (path: string): Promise<Stats> =>
  stat(path).catch(error => {
    const code = fileFault(error);
    throw code === undefined ? error : new ConnectorError('stop', `The file can't be read (${code}).`);
  });

/** Something that was found and isn't read. */
export interface Unread {
  name: string;
  reason: string;
}

/** What there is in a folder, and what can't be looked into. */
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

/** Every file of a folder and of those in it by its name, the path inside it; links aren't followed. */
export const filesUnder = async (root: string): Promise<Listed> => {
  const into: Listed = { files: [], unread: [] };
  await list(root, '', into);
  into.files.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  return into;
};
