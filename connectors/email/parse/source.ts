import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { MailSource } from './types.ts';

/** The bytes of a mail, in memory or in a file. Synchronous, since it is read in worker threads and mostly from memory. */
export interface MailBytes {
  size: number;
  /** all of it, when it is in memory */
  whole?: Buffer;
  /** bytes from `start` up to `end`, fewer when the mail is shorter */
  read(start: number, end: number): Buffer;
  chunks(): Iterable<Buffer>;
  close(): void;
}

const CHUNK = 256 * 1024;

const inMemory = (bytes: Uint8Array): MailBytes => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    size: buffer.length,
    whole: buffer,
    read: (start, end) => buffer.subarray(start, end),
    chunks: () => [buffer],
    close: () => {},
  };
};

const onDisk = (path: string): MailBytes => {
  const file = openSync(path, 'r');
  const { size } = fstatSync(file);
  const read = (start: number, end: number): Buffer => {
    const out = Buffer.allocUnsafe(Math.max(0, Math.min(end, size) - start));
    let filled = 0;
    while (filled < out.length) {
      const count = readSync(file, out, filled, out.length - filled, start + filled);
      if (count === 0) break;
      filled += count;
    }
    return out.subarray(0, filled);
  };
  const chunks = function* (): Generator<Buffer> {
    for (let at = 0; at < size; at += CHUNK) yield read(at, at + CHUNK);
  };
  return { size, read, chunks, close: () => closeSync(file) };
};

/** Opens a mail; a file stays open until `close`. */
export const openMail = (source: MailSource): MailBytes =>
  'bytes' in source ? inMemory(source.bytes) : onDisk(source.path);
