import { specialUse } from 'imapflow/lib/special-use.js';

/** Roles of folders (RFC 6154) that are left out unless the account names them: their mail is unwanted or unfinished. */
export const LEFT_OUT: readonly string[] = ['\\Trash', '\\Junk', '\\Drafts'];

const guess = (name: string) => specialUse(false, { name, flags: new Set() });

/** Role of a folder by its usual name, in any of the languages that mailboxes use. */
export const roleByName = (name: string): string | null => guess(name).flag;

/** Whether a folder is one of `out` or lies in one: a deleted folder lands inside Trash. */
export const liesIn = (path: string, out: readonly { path: string; delimiter?: string }[]): boolean =>
  out.some(one => path === one.path || (!!one.delimiter && path.startsWith(one.path + one.delimiter)));

/**
 * Folders of a mailbox (paths with slashes) that are left out by their names: one for each role, as the answer of a server without SPECIAL-USE is read. An
 * exact name goes before a decorated one, then the shorter path.
 */
export const leftOutByName = (paths: readonly string[]): { path: string; delimiter: string }[] => {
  const found = paths.map(path => {
    const parts = path.split('/');
    const { flag, source } = guess(parts.at(-1) ?? '');
    return { path, role: flag ?? '', rank: source === 'name' ? 0 : 1, depth: parts.length };
  });
  found.sort((a, b) => a.rank - b.rank || a.depth - b.depth || a.path.localeCompare(b.path));
  const chosen = LEFT_OUT.flatMap(role => found.find(one => one.role === role) ?? []);
  return chosen.map(({ path }) => ({ path, delimiter: '/' }));
};
