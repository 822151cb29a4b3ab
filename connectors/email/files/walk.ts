import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { ConnectorError, type ImportFile } from '../../contract.ts';
import { baseName, folderOf, isSentName, isSideFile } from './names.ts';

/** A file to be read, in the order that never changes. */
export interface FoundFile {
  /** the same for the same file for ever */
  name: string;
  path: string;
  /** of a Maildir: a mail whatever is in it, dated by the file */
  isMaildir: boolean;
  folderIsSent: boolean;
  /** one of many in a directory: an empty one is none of ours */
  among: boolean;
}

/** Something that was found and isn't read. */
export interface Unread {
  name: string;
  reason: string;
}

export type Found = FoundFile | Unread;

interface Directory {
  path: string;
  /** path inside what was handed in, or folder name; empty for the top */
  name: string;
}

interface Tree {
  root: string;
}

const MAILDIR = ['cur', 'new', 'tmp'];

const within = (directory: string, name: string): string => (directory ? `${directory}/${name}` : name);

const byName = <T>(name: (one: T) => string, all: T[]): T[] =>
  all.sort((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0));

const isThere = ({ code }: NodeJS.ErrnoException): boolean => code !== 'ENOENT' && code !== 'ENOTDIR';

const list = async (path: string): Promise<Dirent[] | Unread | null> =>
  readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EMFILE' || error.code === 'ENFILE') throw error;
    return isThere(error) ? { name: '', reason: `This folder can't be read (${error.code}).` } : null;
  });

/** Mails of one Maildir folder by their base names, which stay when a mail moves from new/ to cur/ or gets other flags. */
async function* mails({ path, name }: Directory): AsyncGenerator<Found> {
  const found: { base: string; path: string }[] = [];
  for (const part of ['cur', 'new']) {
    const entries = await list(join(path, part));
    if (entries && !Array.isArray(entries)) yield { ...entries, name: within(name || 'INBOX', part) };
    if (!Array.isArray(entries)) continue;
    for (const entry of entries)
      if (entry.isFile() && !entry.name.startsWith('.'))
        found.push({ base: baseName(entry.name), path: join(path, part, entry.name) });
  }
  const folder = name || 'INBOX';
  const folderIsSent = isSentName(folder);
  for (const one of byName(({ base }) => base, found))
    yield { name: `${folder}/${one.base}`, path: one.path, isMaildir: true, folderIsSent, among: true };
}

const linkedOut = async (path: string, { root }: Tree): Promise<boolean> => {
  const target = await realpath(path).catch(() => null);
  return target !== null && target !== root && !target.startsWith(root + sep);
};

const LINK = 'This is a link to something outside of the folder that was handed in; it is not followed.';

const isMaildirOf = (entries: readonly Dirent[]): boolean =>
  entries.some(entry => entry.isDirectory() && (entry.name === 'cur' || entry.name === 'new'));

async function* entryOf(entry: Dirent, parent: Directory, inMaildir: boolean, tree: Tree): AsyncGenerator<Found> {
  const path = join(parent.path, entry.name);
  const name = within(parent.name, entry.name);
  if (entry.isDirectory()) {
    if (inMaildir && MAILDIR.includes(entry.name)) return;
    const folder = inMaildir || entry.name.startsWith('.') ? folderOf(entry.name) : entry.name;
    yield* inDirectory({ path, name: within(parent.name, folder) }, tree, entry.name.startsWith('.') && !inMaildir);
  } else if (isSideFile(entry.name)) return;
  else if (entry.isSymbolicLink()) {
    if (await linkedOut(path, tree)) yield { name, reason: LINK };
  } else if (entry.isFile()) yield fileOf(name, path, true);
}

/** Sent mail lies in a file or in a folder that is called so. */
const fileOf = (name: string, path: string, among: boolean): FoundFile => {
  const isMail = /\.emlx?$/i.test(name);
  const folderIsSent =
    (!isMail && isSentName(name)) || (name.includes('/') && isSentName(name.replace(/\/[^/]*$/, '')));
  return { name, path, isMaildir: false, folderIsSent, among };
};

/** `hidden`: only looked into when it is a Maildir. */
async function* inDirectory(directory: Directory, tree: Tree, hidden = false): AsyncGenerator<Found> {
  const entries = await list(directory.path);
  if (entries && !Array.isArray(entries)) yield { ...entries, name: directory.name || '.' };
  if (!Array.isArray(entries)) return;
  const isMaildir = isMaildirOf(entries);
  if (hidden && !isMaildir) return;
  if (isMaildir) yield* mails(directory);
  for (const entry of byName(({ name }) => name, entries)) yield* entryOf(entry, directory, isMaildir, tree);
}

/** Every file of what was handed in, sorted by name; links aren't followed. Throws a ConnectorError when it is gone. */
export async function* walk({ name, path }: ImportFile): AsyncGenerator<Found> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new ConnectorError('stop', `The file can't be read (${error.code}).`);
  });
  if (!found.isDirectory()) {
    yield fileOf(name, path, false);
    return;
  }
  const root = await realpath(path);
  yield* inDirectory({ path: root, name: '' }, { root });
}

/** Where a Maildir's file is now, if it still is: its flags changed, or it was moved from new/ to cur/. */
export const findAgain = async (path: string): Promise<string | null> => {
  const folder = join(path, '..', '..');
  const base = baseName(basename(path));
  for (const part of ['cur', 'new']) {
    const entries = await readdir(join(folder, part)).catch(() => []);
    const entry = entries.find(one => baseName(one) === base);
    if (entry) return join(folder, part, entry);
  }
  return null;
};
