import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { fileFault } from '../../contract.ts';
import { spoolFile } from '../spool.ts';

const CHUNK = 2 ** 20;
/** Bytes that `from` gives at least, if the file has as many; enough to recognise the kind of a file. */
export const HEAD = 2 ** 16;

/**
 * An open file with the size it had then: what is appended later isn't seen, and one that has shrunk gives an error with code CHANGED. Offsets and sizes in
 * bytes.
 */
export interface FileBytes {
  size: number;
  modified: Date;
  /** the bytes from `start` up to `end`, in a new buffer */
  read(start: number, end: number): Promise<Buffer>;
  /** the bytes from `start` on, at least 64 KB where there are as many; the buffer is reused by the next call */
  from(start: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** Pauses (ms) before the second and third attempt to read: a network drive may fail for a moment. */
const PAUSES = [200, 1000];

/** Code of a file system error in reading an open file; undefined for any other error. */
export const readFault = (error: unknown): string | undefined =>
  (error as NodeJS.ErrnoException).syscall === 'read' ? fileFault(error) : undefined;

const readOn = async (file: FileHandle, into: Buffer, at: number): Promise<number> => {
  for (const pause of PAUSES) {
    try {
      return (await file.read(into, 0, into.length, at)).bytesRead;
    } catch (error) {
      if (!readFault(error)) throw error;
      await setTimeout(pause);
    }
  }
  return (await file.read(into, 0, into.length, at)).bytesRead;
};

const fill = async (file: FileHandle, into: Buffer, start: number): Promise<Buffer> => {
  let filled = 0;
  while (filled < into.length) {
    const bytesRead = await readOn(file, into.subarray(filled), start + filled);
    // truncated meanwhile: half a mail isn't the original, and the loop would never end
    if (bytesRead === 0) throw Object.assign(new Error('a file is shorter than it was'), { code: 'CHANGED' });
    filled += bytesRead;
  }
  return into;
};

/** Opens a file to be read in pieces. Throws errors of the file system. */
export const openFile = async (path: string): Promise<FileBytes> => {
  const file = await open(path, 'r');
  const { size, mtime } = await file.stat();
  const room = Buffer.allocUnsafeSlow(Math.min(CHUNK, size));
  let at = 0;
  let held: Buffer = room.subarray(0, 0);
  return {
    size,
    modified: mtime,
    read: (start, end) => fill(file, Buffer.allocUnsafe(Math.max(0, Math.min(end, size) - start)), start),
    from: async start => {
      const rest = start >= at ? held.subarray(start - at) : held.subarray(0, 0);
      if (rest.length >= Math.min(HEAD, size - start)) return rest;
      at = start;
      held = room.subarray(0, 0);
      held = await fill(file, room.subarray(0, Math.max(0, Math.min(room.length, size - start))), start);
      return held;
    },
    close: () => file.close(),
  };
};

/** Copies the bytes from `start` up to `end` into a spool file, 1 MB at a time, and answers its path. */
export const spoolRange = (bytes: FileBytes, start: number, end: number, spool: string): Promise<string> =>
  spoolFile(spool, async file => {
    for (let at = start; at < end; at += CHUNK) await file.writeFile(await bytes.read(at, Math.min(end, at + CHUNK)));
  });
