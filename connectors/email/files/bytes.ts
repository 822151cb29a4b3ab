import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { fileFault } from '../../contract.ts';
import { spoolFile } from '../spool.ts';

const CHUNK = 2 ** 20;
/** What `from` gives at least, where the file has it; enough to tell what a file is. */
export const HEAD = 2 ** 16;

/** A file as it was when it was opened: what is appended later isn't seen; one that shrinks is an error with code CHANGED. */
export interface FileBytes {
  size: number;
  modified: Date;
  /** a buffer of its own with the bytes from `start` up to `end` */
  read(start: number, end: number): Promise<Buffer>;
  /** the bytes from `start` on, at least 64 KB where there are as many; good until the next call */
  from(start: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** Before the second and the third try to read on: a network drive has bad moments. */
const PAUSES = [200, 1000];

/** The code of an error by which the file system refused to read on in a file that is open; undefined when it is another. */
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
    // cut off meanwhile: half a mail isn't the original, and whoever reads on finds no end
    if (bytesRead === 0) throw Object.assign(new Error('a file is shorter than it was'), { code: 'CHANGED' });
    filled += bytesRead;
  }
  return into;
};

/** Opens a file to be read in pieces. Errors of the file system come through. */
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

/** Copies the bytes from `start` up to `end` into a spool file, 1 MB at a time. */
export const spoolRange = (bytes: FileBytes, start: number, end: number, spool: string): Promise<string> =>
  spoolFile(spool, async file => {
    for (let at = start; at < end; at += CHUNK) await file.writeFile(await bytes.read(at, Math.min(end, at + CHUNK)));
  });
