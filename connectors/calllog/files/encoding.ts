import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** How the bytes of a file are decoded, and where its lines end. */
export interface Encoding {
  /** bytes that a line feed takes */
  width: 1 | 2;
  /** where it takes two: index of the one that is 0x0a */
  feedAt: 0 | 1;
  /** byte that ends a line: 0x0a (a 0x0d before it is dropped), or 0x0d */
  lineEnd: number;
  /** length of the byte order mark at the file's beginning; 0 without one */
  mark: number;
  decode(bytes: Uint8Array): string;
}

const LATIN = 'windows-1252';

/** Decodes a line as UTF-8 when it is valid, else as windows-1252: a log grows for years, and an update of the switch may change its encoding in between. */
const decodeEither = (bytes: Uint8Array): string =>
  isUtf8(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
    : iconv.decode(Buffer.from(bytes), LATIN);

const FEED = 0x0a;
const RETURN = 0x0d;

/**
 * The byte that ends lines: spreadsheets on a Mac may end them with a carriage return alone. One that is the last byte of `head` proves nothing: its line feed
 * may follow.
 */
const lineEndOf = (head: Uint8Array): number => {
  const at = head.indexOf(RETURN);
  return at >= 0 && at < head.length - 1 && !head.includes(FEED) ? RETURN : FEED;
};

const narrow = (head: Uint8Array, mark: number, decode: Encoding['decode']): Encoding => ({
  width: 1,
  feedAt: 0,
  lineEnd: lineEndOf(head),
  mark,
  decode,
});

const wide = (name: string, feedAt: 0 | 1, mark: number): Encoding => ({
  width: 2,
  feedAt,
  lineEnd: FEED,
  mark,
  decode: bytes => iconv.decode(Buffer.from(bytes), name, { stripBOM: false }),
});

/**
 * Encoding of a file: by its byte order mark, else the one that the account names, else UTF-8 or windows-1252 for each line. `head`: the file's first bytes.
 */
export const encodingOf = (head: Uint8Array, said?: string): Encoding => {
  if (head[0] === 0xff && head[1] === 0xfe) return wide('utf-16le', 0, 2);
  if (head[0] === 0xfe && head[1] === 0xff) return wide('utf-16be', 1, 2);
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return narrow(head, 3, decodeEither);
  const name = said?.trim().toLowerCase().replace(/_/g, '-');
  if (!name || /^utf-?8$/.test(name)) return narrow(head, 0, decodeEither);
  if (/^(utf-?16(-?le)?|ucs-?2)$/.test(name)) return wide('utf-16le', 0, 0);
  if (/^utf-?16-?be$/.test(name)) return wide('utf-16be', 1, 0);
  return narrow(head, 0, bytes => iconv.decode(Buffer.from(bytes), name));
};

/** Whether files in an encoding of this name can be read. */
export const isEncoding = (name: string): boolean => iconv.encodingExists(name);
