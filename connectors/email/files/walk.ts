import type { Dirent } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { handedIn, type Unread } from '../../common/files.ts';
import { fileFault, type ImportFile, unreadable } from '../../contract.ts';
import { LEFT_OUT, leftOutByName, liesIn, roleByName } from '../roles.ts';
import { baseName, folderOf, isSentName, isSideFile } from './names.ts';

/** A file to be read. */
export interface FoundFile {
  /** path inside what was imported; of a Maildir, with the folder's name and without flags. It never changes for a file. */
  name: string;
  path: string;
  /** in a Maildir: it counts as a mail whatever it contains, dated by the file */
  isMaildir: boolean;
  folderIsSent: boolean;
  /** it is in a directory, so an empty file isn't worth a report */
  among: boolean;
}

/** A file to be read, or one that can't be. */
export type Found = FoundFile | Unread;

interface Directory {
  path: string;
  /** path inside the imported directory, or folder name; empty for the top */
  name: string;
}

interface Tree {
  root: string;
  /** the imported directory is itself a Trash, Junk or Drafts, so somebody wants just that */
  everything: boolean;
  /** called for each folder that is left out */
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

/** The mails of one Maildir folder, sorted by base name, which doesn't change when a mail moves from new/ to cur/ or gets other flags. */
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

/** The role of a directory in a mailbox. */
interface Place {
  inMaildir: boolean;
  /** its name begins with a dot: it is only read when it is a Maildir */
  hidden: boolean;
  /** by name a Trash, Junk or Drafts: it is only read when it isn't a Maildir */
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

/** Sent mail is recognised by the name of the mbox, or of the folder around a file. */
const fileOf = (name: string, path: string, among: boolean): FoundFile => {
  const isMail = /\.emlx?$/i.test(name);
  const folderIsSent =
    (!isMail && isSentName(name)) || (name.includes('/') && isSentName(name.replace(/\/[^/]*$/, '')));
  return { name, path, isMaildir: false, folderIsSent, among };
};

/** Which folders a pull of this mailbox would leave out. Only at its top level: a folder inside another may have any name. */
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
 * Every file in what was imported, sorted by name; symbolic links aren't followed. Trash, Junk and Drafts of a Maildir are left out, as in a pull. Throws
 * ConnectorError ('stop') when it can't be read.
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

/** Path of a Maildir's file after its flags changed or it moved from new/ to cur/; null when it is gone. */
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
