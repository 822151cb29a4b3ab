import { createReadStream } from 'node:fs';
import type { Encoding } from './encoding.ts';

/** Bytes that are read at once. */
const CHUNK = 32 * 1024;
/** Longest line that is kept whole, in bytes. */
const LONGEST = 1024 * 1024;

/** A line of a file. */
export interface Line {
  /** without the line's end; of a line that is too long only the beginning */
  bytes: Buffer;
  /** byte at which the next line begins */
  end: number;
  isTooLong: boolean;
  /** the file ends before the line does, so it may not be complete */
  isOpen: boolean;
}

/** Where to read lines from, and how. */
export interface LinesFrom {
  start: number;
  encoding: Encoding;
  /** true: a last line without an end is given, too. False: it isn't, since it is still being written */
  isWhole: boolean;
  signal?: AbortSignal;
}

const endOf = (bytes: Buffer, from: number, { width, feedAt, lineEnd }: Encoding): number => {
  for (let at = bytes.indexOf(lineEnd, from); at >= 0; at = bytes.indexOf(lineEnd, at + 1)) {
    if (width === 1) return at;
    const first = at - feedAt;
    if ((first - from) % 2 === 0 && bytes[first + 1 - feedAt] === 0 && first + 1 < bytes.length) return first;
  }
  return -1;
};

const withoutReturn = (bytes: Buffer, { width, feedAt }: Encoding): Buffer => {
  const at = bytes.length - width + (width === 2 ? feedAt : 0);
  return bytes.length >= width && bytes[at] === 0x0d ? bytes.subarray(0, bytes.length - width) : bytes;
};

/** The lines of a file from byte `start` on, in arrays of those in one chunk. Of a line over a megabyte only the beginning is kept. */
export async function* linesOf(path: string, { start, encoding, isWhole, signal }: LinesFrom): AsyncGenerator<Line[]> {
  const stream = createReadStream(path, { start, highWaterMark: CHUNK, ...(signal ? { signal } : {}) });
  let rest: Buffer = Buffer.alloc(0);
  let dropped = 0;
  let at = start;
  const lineOf = (bytes: Buffer, ended: number): Line => {
    at += bytes.length + dropped + ended;
    const isTooLong = dropped > 0 || bytes.length > LONGEST;
    dropped = 0;
    return { bytes: withoutReturn(bytes, encoding).subarray(0, LONGEST), end: at, isTooLong, isOpen: ended === 0 };
  };
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const lines: Line[] = [];
    let from = 0;
    for (let end = endOf(bytes, from, encoding); end >= 0; end = endOf(bytes, from, encoding)) {
      lines.push(lineOf(bytes.subarray(from, end), encoding.width));
      from = end + encoding.width;
    }
    rest = bytes.subarray(from);
    if (rest.length > LONGEST * 2) {
      const drop = (rest.length - LONGEST) & ~1; // an even number, so that no UTF-16 unit is cut in two
      rest = Buffer.concat([rest.subarray(0, LONGEST), rest.subarray(LONGEST + drop)]);
      dropped += drop;
    }
    if (lines.length > 0) yield lines;
  }
  if (isWhole && rest.length > 0) yield [lineOf(rest, 0)];
}
