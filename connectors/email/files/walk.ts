import type { Dirent } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { handedIn, type Unread } from '../../common/files.ts';
import { fileFault, type ImportFile, unreadable } from '../../contract.ts';
import { LEFT_OUT, leftOutByName, liesIn, roleByName } from '../roles.ts';
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

export type Found = FoundFile | Unread;

interface Directory {
  path: string;
  /** path inside what was handed in, or folder name; empty for the top */
  name: string;
}

interface Tree {
  root: string;
  /** it is a Trash, Junk or Drafts itself: somebody wants just that */
  everything: boolean;
  /** told of each folder that is left out */
  leftOut(): void;
}

const MAILDIR = ['cur', 'new', 'tmp'];
const GONE = ['ENOENT', 'ENOTDIR'];

const within = (directory: string, name: string): string => (directory ? `${directory}/${name}` : name);

const byName = <T>(name: (one: T) => string, all: T[]): T[] =>
  all.sort((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0));

const list = async (path: string): Promise<Dirent[] | Unread | null> =>
  readdir(path, { withFileTypes: true }).catch(error => {
    const code = fileFault(error);
    if (code === undefined) throw error;
    return GONE.includes(code) ? null : { name: '', reason: unreadable(code, 'folder') };
  });

const linkedOut = async (path: string, { root }: Tree): Promise<boolean> => {
  const target = await realpath(path).catch(() => null);
  return target !== null && target !== root && !target.startsWith(root + sep);
};

const LINK = 'This is a link to something outside of the folder that was handed in; it is not followed.';

/** Mails of one Maildir folder by their base names, which stay when a mail moves from new/ to cur/ or gets other flags. */
async function* mails({ path, name }: Directory, tree: Tree): AsyncGenerator<Found> {
  const found: { base: string; path: string }[] = [];
  const links: Unread[] = [];
  const folder = name || 'INBOX';
  for (const part of ['cur', 'new']) {
    const entries = await list(join(path, part));
    if (entries && !Array.isArray(entries)) yield { ...entries, name: within(folder, part) };
    if (!Array.isArray(entries)) continue;
    for (const entry of entries.filter(one => !one.name.startsWith('.'))) {
      const one = { base: baseName(entry.name), path: join(path, part, entry.name) };
      if (entry.isFile()) found.push(one);
      else if (entry.isSymbolicLink() && (await linkedOut(one.path, tree)))
        links.push({ name: `${folder}/${one.base}`, reason: LINK });
    }
  }
  yield* byName(link => link.name, links);
  const folderIsSent = isSentName(folder);
  for (const one of byName(({ base }) => base, found))
    yield { name: `${folder}/${one.base}`, path: one.path, isMaildir: true, folderIsSent, among: true };
}

const isMaildirOf = (entries: readonly Dirent[]): boolean =>
  entries.some(entry => entry.isDirectory() && (entry.name === 'cur' || entry.name === 'new'));

/** What a directory is in its mailbox. */
interface Place {
  inMaildir: boolean;
  /** only looked into when it is a Maildir */
  hidden: boolean;
  /** a Trash, Junk or Drafts of its mailbox by name: only looked into when it is no Maildir */
  unwanted: boolean;
}

const folderNameOf = (name: string, inMaildir: boolean): string =>
  inMaildir || name.startsWith('.') ? folderOf(name) : name;

async function* entryOf(entry: Dirent, parent: Directory, place: Place, tree: Tree): AsyncGenerator<Found> {
  const path = join(parent.path, entry.name);
  const name = within(parent.name, entry.name);
  if (entry.isDirectory()) {
    if (place.inMaildir && MAILDIR.includes(entry.name)) return;
    yield* inDirectory({ path, name: within(parent.name, folderNameOf(entry.name, place.inMaildir)) }, tree, place);
  } else if (isSideFile(entry.name, place.inMaildir)) return;
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

/** Which of a mailbox's folders a pull would leave out. Only where the mailbox begins: a folder inside of another has any name it likes. */
const unwantedAmong = (entries: readonly Dirent[], isMaildir: boolean, { inMaildir }: Place, tree: Tree) => {
  if (inMaildir || tree.everything) return () => false;
  const folders = entries.filter(entry => entry.isDirectory() && !MAILDIR.includes(entry.name));
  const out = leftOutByName(folders.map(({ name }) => folderNameOf(name, isMaildir)));
  return ({ name }: Dirent) => liesIn(folderNameOf(name, isMaildir), out);
};

async function* inDirectory(directory: Directory, tree: Tree, place: Place): AsyncGenerator<Found> {
  const entries = await list(directory.path);
  if (entries && !Array.isArray(entries)) yield { ...entries, name: directory.name || '.' };
  if (!Array.isArray(entries)) return;
  const isMaildir = isMaildirOf(entries);
  if (place.hidden && !isMaildir) return;
  if (place.unwanted && isMaildir) return tree.leftOut();
  if (isMaildir) yield* mails(directory, tree);
  const isUnwanted = unwantedAmong(entries, isMaildir, place, tree);
  for (const entry of byName(({ name }) => name, entries)) {
    const hidden = entry.name.startsWith('.') && !isMaildir;
    yield* entryOf(entry, directory, { inMaildir: isMaildir, hidden, unwanted: isUnwanted(entry) }, tree);
  }
}

const isUnwantedName = (path: string): boolean => {
  const name = folderOf(basename(path)).split('/').at(-1) ?? '';
  return LEFT_OUT.includes(roleByName(name) ?? '');
};

/**
 * Every file of what was handed in, sorted by name; links aren't followed. Of a Maildir, Trash, Junk and Drafts are left out, as
 * when it is pulled. Throws a ConnectorError when it is gone.
 */
export async function* walk({ name, path }: ImportFile, leftOut: () => void = () => undefined): AsyncGenerator<Found> {
  if (!(await handedIn(path)).isDirectory()) {
    yield fileOf(name, path, false);
    return;
  }
  const root = await realpath(path);
  const tree = { root, everything: isUnwantedName(root), leftOut };
  yield* inDirectory({ path: root, name: '' }, tree, { inMaildir: false, hidden: false, unwanted: false });
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
