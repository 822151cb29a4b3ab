import { createReadStream } from 'node:fs';
import { type FileHandle, statfs } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/** Bytes that may be written: half of the free disk, since a small file can unpack to a thousand times its size. */
const roomIn = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder);
  return (bavail * bsize) / 2;
};

class NoRoom extends Error {}

const faultOf = (error: unknown): string => {
  if (error instanceof NoRoom)
    return 'Unpacked, this file is larger than the free disk allows; it was read up to there.';
  if (/^Z_/.test((error as NodeJS.ErrnoException).code ?? ''))
    return 'This compressed file is damaged; it was read up to there.';
  throw error;
};

/**
 * Unpacks a gzip file into the open file `into`, which is in `folder`. Of a damaged one it writes what comes before the damage. Undefined when it is complete,
 * else the reason in words. Throws errors of the file system.
 */
export const gunzip = async (path: string, into: FileHandle, folder: string): Promise<string | undefined> => {
  let room = await roomIn(folder);
  const out = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      room -= chunk.length;
      if (room < 0) done(new NoRoom());
      else into.writeFile(chunk).then(() => done(), done);
    },
  });
  try {
    await pipeline(createReadStream(path), createGunzip(), out);
    return undefined;
  } catch (error) {
    return faultOf(error);
  }
};
