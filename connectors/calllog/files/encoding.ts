import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** How bytes of a file become text, and where its lines end. */
export interface Encoding {
  /** bytes of one character of a line's end */
  width: 1 | 2;
  /** of two: which of the two bytes is the line feed's */
  feedAt: 0 | 1;
  /** what ends a line: a line feed, with or without a return before it, or a return alone */
  lineEnd: number;
  /** bytes of the byte order mark that the file begins with */
  mark: number;
  decode(bytes: Uint8Array): string;
}

const LATIN = 'windows-1252';

/** A line is UTF-8 when it can be, else windows-1252: files grow for years, and switches are updated in between. */
const decodeEither = (bytes: Uint8Array): string =>
  isUtf8(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
    : iconv.decode(Buffer.from(bytes), LATIN);

const FEED = 0x0a;
const RETURN = 0x0d;

/** Spreadsheets on a Mac may save lines that end with a return alone. One at the very end may have its feed still to come. */
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

/** By its byte order mark, else what the account says, else UTF-8 or windows-1252 line by line. */
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

export const isEncoding = (name: string): boolean => iconv.encodingExists(name);
