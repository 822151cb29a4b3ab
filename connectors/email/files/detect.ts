import { looksLikeHeader } from '../parse/fields.ts';
import { isFromLine } from './from-line.ts';

export type Kind = 'mail' | 'mbox' | 'emlx' | 'empty' | { reason: string };

/** Bytes at a file's start that are enough for `detect`. */
export const HEAD = 64 * 1024;

const MAGIC: [string, string][] = [
  ['PK\x03\x04', 'a ZIP archive: unpack it first'],
  ['\x1f\x8b', 'a gzip archive: unpack it first'],
  ['BZh', 'a bzip2 archive: unpack it first'],
  ['\xfd7zXZ', 'an xz archive: unpack it first'],
  ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive: unpack it first'],
  ['Rar!', 'a RAR archive: unpack it first'],
  ['%PDF', 'a PDF document'],
  ['\x89PNG', 'a PNG image'],
  ['\xff\xd8\xff', 'a JPEG image'],
  ['GIF8', 'a GIF image'],
  ['!BDN', 'an Outlook data file (.pst): export its mail as .eml or mbox first'],
  ['\xd0\xcf\x11\xe0', 'an Outlook message (.msg) or another OLE file: save it as .eml first'],
  ['MZ', 'a Windows program'],
  ['\x7fELF', 'a program'],
  ['SQLite format 3', 'an SQLite database'],
];

const extensionOf = (name: string): string => /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';

/** Whether a name says that the file is one mail: .eml, or a file of a Maildir. */
export const isMailByName = (name: string): boolean =>
  ['eml', 'emlx', 'mail', 'mht'].includes(extensionOf(name)) || isInMaildir(name);

/** A file in `cur` or `new` of a Maildir. */
export const isInMaildir = (name: string): boolean => /(?:^|[\\/])(?:cur|new)[\\/][^\\/]+$/.test(name);

const binary = (text: string): string | undefined => {
  const found = MAGIC.find(([magic]) => text.startsWith(magic));
  if (found) return found[1];
  return text.slice(0, 1024).includes('\0\0') ? 'a file in binary form' : undefined;
};

const startOf = (text: string): string => text.replace(/^(?:\xef\xbb\xbf)?[\r\n]*/, '');

/** What a file is, by its name and its first bytes; in words why it is no mail. */
export const detect = (name: string, head: Uint8Array): Kind => {
  if (head.length === 0) return 'empty';
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, HEAD)).toString('latin1');
  const start = startOf(text);
  if (extensionOf(name) === 'emlx' && /^\s*\d+\s*\n/.test(text)) return 'emlx';
  if (!isMailByName(name) && isFromLine(start.slice(0, 1000).split(/\r?\n/, 1)[0] ?? '')) return 'mbox';
  if (looksLikeHeader(start)) return 'mail';
  const kind = binary(text);
  if (kind) return { reason: `It is no mail but ${kind}.` };
  if (isMailByName(name)) return 'mail';
  if (start === '') return 'empty';
  return { reason: 'It is no mail: it starts with no header field, and with no From_ line of an mbox.' };
};
