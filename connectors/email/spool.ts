import { randomBytes, randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** From this size (bytes) on a mail is spooled, and is a batch of its own. */
export const LARGE = 4 * 2 ** 20;

/** Distinguishes this process from earlier ones with the same pid: in a container that is every start. */
const SELF = randomBytes(4).toString('hex');
const SPOOLED = /^[a-z]+-(\d+)-([0-9a-f]{8})-/;

/** Runs `write` on a new spool file of mode 0600 and returns its path; nothing is left when it fails. */
export const spoolFile = async (spool: string, write: (file: FileHandle) => Promise<void>): Promise<string> => {
  const path = join(spool, `mail-${process.pid}-${SELF}-${randomUUID()}`);
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

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Removes spool files that killed processes left behind. */
export const clearSpool = async (spool: string): Promise<void> => {
  for (const name of await readdir(spool)) {
    const [, pid, self] = SPOOLED.exec(name) ?? [];
    if (pid === undefined) continue;
    const isLeft = Number(pid) === process.pid ? self !== SELF : !isAlive(Number(pid));
    if (isLeft) await rm(join(spool, name), { force: true });
  }
};
