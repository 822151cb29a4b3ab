import iconv from 'iconv-lite';
import { roleByName } from '../roles.ts';

/** Files that mail programs and desktops write beside mail, and that aren't mail. */
const SIDE_FILES =
  /^(?:\..*|.*\.(?:msf|lock|ibex\.index|db-shm|db-wal|emlxpart|plist)|popstate\.dat|msgFilterRules\.dat|Thumbs\.db|desktop\.ini)$/;

/** Files that Dovecot and Courier write into a Maildir. Anywhere else a file of such a name may be mail. */
const SERVER_FILES =
  /^(?:dovecot-(?:uidlist|keywords|acl|acl-list|uidvalidity(?:\.[0-9a-f]{8})?|virtual|attributes)|dovecot(?:\.list|\.map|\.autoexpunge)?\.index(?:\.(?:cache|log|log\.2|thread|search(?:\.uids)?))*|dovecot\.(?:mailbox\.log(?:\.2)?|attributes)|subscriptions|maildirfolder|maildirsize|maildirfilter(?:config)?|courierimap(?:uiddb|subscribed|acl)|courierpop3dsizelist|shared-(?:maildirs|timestamp))$/;

/** Whether a file is left out without a word. `inMaildir`: it is in the directory that has cur/ and new/. */
export const isSideFile = (name: string, inMaildir: boolean): boolean =>
  SIDE_FILES.test(name) || (inMaildir && SERVER_FILES.test(name));

/** Name of a Maildir's file without its flags, which change (`:2,S`; `;` and `!` where a file system has no colon). */
export const baseName = (name: string): string => name.replace(/[:;!]2,[A-Za-z]*$/, '');

/** Decodes modified UTF-7 (RFC 3501, 5.1.3); a name that isn't valid in it stays as it is. */
const decoded = (name: string): string => {
  if (!name.includes('&')) return name;
  const text = iconv.decode(Buffer.from(name, 'utf8'), 'utf-7-imap');
  return iconv.encode(text, 'utf-7-imap').toString('latin1') === name ? text : name;
};

/** Folder name of a directory in a Maildir: `.Archive.2024` (Maildir++) is `Archive/2024`, `Archive` (a tree) itself. */
export const folderOf = (directory: string): string =>
  directory.startsWith('.') ? directory.slice(1).split('.').map(decoded).join('/') : decoded(directory);

/** Whether a folder, or an mbox named after a folder, holds sent mail, by its name in any of the languages that mailboxes use. */
export const isSentName = (path: string): boolean => {
  const name = lastOf(path).replace(/\.(?:mbox|mbx|mbs|sbd|gz)$/gi, '');
  return /^sent(?![a-z])/i.test(name) || roleByName(name) === '\\Sent';
};

/** The last name of a path that says something: in `Sent Messages.mbox/mbox` (Apple Mail, Takeout) that is the directory's. */
const lastOf = (path: string): string => {
  const [last = '', before] = path.split('/').reverse();
  const bare = last.replace(/\.gz$/i, '');
  return /^(?:mbox|table_of_contents)$/i.test(bare) && before ? before : bare;
};
