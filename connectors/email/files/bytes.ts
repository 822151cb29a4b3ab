import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const CHUNK = 2 ** 20;
/** What `from` gives at least, where the file has it; enough to tell what a file is. */
export const HEAD = 2 ** 16;

/** A file as it was when it was opened: what is appended later isn't seen. */
export interface FileBytes {
  size: number;
  modified: Date;
  /** a buffer of its own with the bytes from `start` up to `end` */
  read(start: number, end: number): Promise<Buffer>;
  /** the bytes from `start` on, at least 64 KB where there are as many; good until the next call */
  from(start: number): Promise<Buffer>;
  close(): Promise<void>;
}

const fill = async (file: FileHandle, into: Buffer, start: number): Promise<Buffer> => {
  let filled = 0;
  while (filled < into.length) {
    const { bytesRead } = await file.read(into, filled, into.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return into.subarray(0, filled);
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
      held = await fill(file, room.subarray(0, Math.max(0, Math.min(room.length, size - start))), start);
      return held;
    },
    close: () => file.close(),
  };
};

/** Runs `write` on a new spool file of mode 0600 and returns its path; nothing is left when it fails. */
export const spoolFile = async (spool: string, write: (file: FileHandle) => Promise<void>): Promise<string> => {
  const path = join(spool, `file-${process.pid}-${randomUUID()}`);
  const file = await open(path, 'wx', 0o600);
  try {
    await write(file);
    await file.close();
    return path;
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
};

/** Copies the bytes from `start` up to `end` into a spool file, 1 MB at a time. */
export const spoolRange = (bytes: FileBytes, start: number, end: number, spool: string): Promise<string> =>
  spoolFile(spool, async file => {
    for (let at = start; at < end; at += CHUNK) await file.writeFile(await bytes.read(at, Math.min(end, at + CHUNK)));
  });

const OURS = /^file-(\d+)-/;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Removes what a process that was killed left behind. */
export const clearSpool = async (spool: string): Promise<void> => {
  for (const name of await readdir(spool)) {
    const pid = OURS.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) await rm(join(spool, name), { force: true });
  }
};
