import { createReadStream } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { spoolFile } from '../spool.ts';

export interface Unpacked {
  /** a spool file, which is the caller's to remove */
  path: string;
  /** in words: why it isn't all */
  fault?: string;
}

/** A small file can unpack to a thousand times its size: half of the free disk is left to the hub. */
const roomIn = async (spool: string): Promise<number> => {
  const { bavail, bsize } = await statfs(spool);
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

/** Unpacks a gzip file into the spool folder. Of a damaged one, what stands before the damage. */
export const gunzipTo = async (path: string, spool: string): Promise<Unpacked> => {
  let fault: string | undefined;
  const unpacked = await spoolFile(spool, async file => {
    let room = await roomIn(spool);
    const into = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        room -= chunk.length;
        if (room < 0) done(new NoRoom());
        else file.writeFile(chunk).then(() => done(), done);
      },
    });
    await pipeline(createReadStream(path), createGunzip(), into).catch(error => {
      fault = faultOf(error);
    });
  });
  return { path: unpacked, ...(fault && { fault }) };
};
