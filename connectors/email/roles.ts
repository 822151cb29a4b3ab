import { specialUse } from 'imapflow/lib/special-use.js';

/** Folders of these roles (RFC 6154) are left out unless somebody names them: what lies there is unwanted or unfinished. */
export const LEFT_OUT: readonly string[] = ['\\Trash', '\\Junk', '\\Drafts'];

const guess = (name: string) => specialUse(false, { name, flags: new Set() });

/** Role of a folder by its usual name, in any of the languages that mailboxes use. */
export const roleByName = (name: string): string | null => guess(name).flag;

/** Whether a folder is one of `out` or lies in one: a deleted folder lands inside Trash. */
export const liesIn = (path: string, out: readonly { path: string; delimiter?: string }[]): boolean =>
  out.some(one => path === one.path || (!!one.delimiter && path.startsWith(one.path + one.delimiter)));

/**
 * Those of a mailbox's folders (paths with slashes) that are left out by their names: one a role, as a server's answer is read
 * that knows no SPECIAL-USE. A name that fits as it stands goes before a decorated one, then the less deep.
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
