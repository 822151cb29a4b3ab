import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';

/** sun_path holds 108 bytes on Linux and 104 on macOS, the closing NUL included. */
const LONGEST = process.platform === 'darwin' ? 103 : 107;
/** mongod puts this one beside ours, so it has to fit too. */
const DEFAULT_NAME = 'mongodb-27017.sock';

export const socketPath = (dir: string): string => join(dir, 'mongod.sock');

// a comma would end the path in --bind_ip
const fits = (dir: string) => Buffer.byteLength(join(dir, DEFAULT_NAME)) <= LONGEST && !dir.includes(',');

const isOursAlone = async (dir: string): Promise<boolean> => {
  const found = await lstat(dir).catch(() => null);
  return !!found?.isDirectory() && found.uid === userInfo().uid && (found.mode & 0o77) === 0;
};

const prefix = (dataDir: string) => `talteen-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}-`;

/**
 * The directory for the socket, mode 0700: `run` in the data directory, or one of our own in the temporary directory when that path
 * is too long for a socket. `last` is the one used before: it is used again when it is still ours, so that addresses stay.
 */
export const socketDir = async (dataDir: string, last?: string): Promise<string> => {
  const near = join(dataDir, 'run');
  if (fits(near)) {
    await mkdir(near, { recursive: true, mode: 0o700 });
    await chmod(near, 0o700);
    return near;
  }
  // a copy of the data directory has the same record, so the name says whose it is
  if (last && basename(last).startsWith(prefix(dataDir)) && fits(last)) {
    await mkdir(last, { mode: 0o700 }).catch(() => undefined);
    if (await isOursAlone(last)) return last;
  }
  return mkdtemp(join(fits(join(tmpdir(), 'x'.repeat(26))) ? tmpdir() : '/tmp', prefix(dataDir)));
};

/** Removes the sockets of a mongod that is gone. */
export const removeSockets = async (dir: string): Promise<void> => {
  for (const path of [socketPath(dir), join(dir, DEFAULT_NAME)]) await rm(path, { force: true });
};

/** Removes the directory for the socket, when it is not in the data directory. */
export const removeSocketDir = async (dataDir: string, dir: string): Promise<void> => {
  if (basename(dir).startsWith(prefix(dataDir))) await rm(dir, { recursive: true, force: true });
};

/** Whether somebody listens on a Unix socket. */
export const listens = (path: string): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(path);
    const answer = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.setTimeout(2000, () => answer(false));
    // EAGAIN: its queue of callers is full
    socket
      .once('connect', () => answer(true))
      .once('error', (error: NodeJS.ErrnoException) => answer(error.code === 'EAGAIN'));
  });

/** The connection string for a mongod on this socket. */
export const socketUri = (path: string): string => `mongodb://${encodeURIComponent(path)}/?directConnection=true`;
