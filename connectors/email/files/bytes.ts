import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Reads up to `length` bytes at `at`; fewer at the end of the file. */
export const readAt = async (file: FileHandle, at: number, length: number): Promise<Buffer> => {
  const out = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(out, filled, length - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return out.subarray(0, filled);
};

export const withFile = async <T>(path: string, use: (file: FileHandle, size: number) => Promise<T>): Promise<T> => {
  const file = await open(path, 'r');
  try {
    return await use(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
};

/** Copies a stretch of a file into a new spool file (mode 0600) and returns its path. */
export const spoolSlice = async (path: string, start: number, end: number, spool: string): Promise<string> => {
  const target = join(spool, `file-${process.pid}-${randomUUID()}`);
  await pipeline(
    createReadStream(path, { start, end: end - 1 }),
    createWriteStream(target, { flags: 'wx', mode: 0o600 }),
  );
  return target;
};

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
