import { looksLikeHeader } from '../parse/fields.ts';
import { leadingFromLine, skipBlank } from './from-line.ts';

/** A file that isn't mail: its media type, and why in words. */
export interface Foreign {
  as: 'foreign';
  type: string;
  reason: string;
}

/** What a file is read as. */
export type Kind = { as: 'mbox' | 'mail' | 'emlx' | 'gzip' | 'empty' } | Foreign;

const starts =
  (magic: string, at = 0) =>
  (head: string): boolean =>
    head.startsWith(magic, at);

/** Kinds of files that are recognised by their first bytes: test, media type and name. */
const KNOWN: [(head: string) => boolean, string, string][] = [
  [starts('PK\x03\x04'), 'application/zip', 'a ZIP archive: unpack it first'],
  [starts('7z\xbc\xaf\x27\x1c'), 'application/x-7z-compressed', 'a 7-Zip archive: unpack it first'],
  [starts('Rar!'), 'application/vnd.rar', 'a RAR archive: unpack it first'],
  [starts('ustar', 257), 'application/x-tar', 'a tar archive: unpack it first'],
  [starts('BZh'), 'application/x-bzip2', 'compressed with bzip2: unpack it first'],
  [starts('\xfd7zXZ'), 'application/x-xz', 'compressed with xz: unpack it first'],
  [starts('\x28\xb5\x2f\xfd'), 'application/zstd', 'compressed with zstd: unpack it first'],
  [
    starts('\xd0\xcf\x11\xe0'),
    'application/vnd.ms-office',
    'an Outlook message (.msg) or an Office document: save it as .eml first',
  ],
  [starts('!BDN'), 'application/vnd.ms-outlook', 'an Outlook data file (.pst): export it as mbox or .eml first'],
  [starts('%PDF-'), 'application/pdf', 'a PDF'],
  [starts('\x89PNG'), 'image/png', 'an image'],
  [starts('GIF8'), 'image/gif', 'an image'],
  [starts('\xff\xd8\xff'), 'image/jpeg', 'an image'],
  [head => head.startsWith('RIFF') && head.startsWith('WEBP', 8), 'image/webp', 'an image'],
  [
    head => /^MZ[\s\S]{58}/.test(head) && head.includes('\0'),
    'application/vnd.microsoft.portable-executable',
    'a program',
  ],
  [starts('\x7fELF'), 'application/x-elf', 'a program'],
  [starts('SQLite format 3\0'), 'application/vnd.sqlite3', 'a database'],
];

const unknown = (text: string): Foreign =>
  text.includes('\0')
    ? { as: 'foreign', type: 'application/octet-stream', reason: 'This is no mail: it is binary data.' }
    : {
        as: 'foreign',
        type: 'text/plain',
        reason: 'This is no mail: it begins neither with a header field nor with the From_ line of an mbox.',
      };

/** Name of a single file from a Maildir: `1763456789.M1P2.host:2,S`. */
const MAILDIR_NAME = /^\d{6,}\..*[:;!]2,[A-Za-z]*$/;

/** What a file is, by its first bytes; its name decides only where they don't tell. */
export const kindOf = (name: string, bytes: Uint8Array): Kind => {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const said = /[.](eml|emlx)$/i.exec(name)?.[1]?.toLowerCase();
  if (head === '') return { as: said ? 'mail' : 'empty' };
  if (said === 'emlx' && /^\d{1,12}[ \t]*\r?\n/.test(head)) return { as: 'emlx' };
  if (head.startsWith('\x1f\x8b')) return { as: 'gzip' };
  const known = KNOWN.find(([is]) => is(head));
  if (known) return { as: 'foreign', type: known[1], reason: `This is no mail: it is ${known[2]}.` };
  if (said || MAILDIR_NAME.test(name)) return { as: 'mail' };
  if (leadingFromLine(head)) return { as: 'mbox' };
  return looksLikeHeader(head.slice(skipBlank(head))) ? { as: 'mail' } : unknown(head);
};
