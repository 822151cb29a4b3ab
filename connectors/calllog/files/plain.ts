import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { ImportFile } from '../../contract.ts';
import { kindOf } from './kind.ts';

const NO_ROOM = 'ENOROOM';

/** A small file can unpack to a thousand times its size: half of the free disk is left to the hub. */
const within = (room: number): Transform =>
  new Transform({
    transform: (chunk: Buffer, _, done) => {
      room -= chunk.length;
      if (room < 0) done(Object.assign(new Error('Too large.'), { code: NO_ROOM }));
      else done(null, chunk);
    },
  });

const faultOf = (error: unknown): string => {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === NO_ROOM) return 'Unpacked, this file is larger than the free disk allows; it was read up to there.';
  if (code.startsWith('Z_')) return 'This compressed file is damaged; it was read up to there.';
  throw error;
};

/** Unpacks a gzip file to there; of one that is damaged, what stands before the damage. In words why it isn't all. */
const unpack = async (path: string, to: string, spool: string): Promise<string | undefined> => {
  const { bavail, bsize } = await statfs(spool);
  const out = createWriteStream(to, { flags: 'wx', mode: 0o600 });
  try {
    await pipeline(createReadStream(path), createGunzip(), within((bavail * bsize) / 2), out);
    return undefined;
  } catch (error) {
    return faultOf(error);
  }
};

interface PlainReader<T> {
  /** where files are unpacked to, for as long as they are read */
  spool: string;
  encoding: string | undefined;
  /** `isWhole`: as much of it is there as there was */
  read(file: ImportFile, isWhole: boolean): AsyncGenerator<T>;
  /** of a file that is no log, or isn't all there */
  refuse(file: ImportFile, reason: string): AsyncGenerator<T>;
}

/** Reads a file as the text that it is, unpacked when it is compressed. Errors of the file system come through. */
export async function* readPlain<T>(file: ImportFile, reader: PlainReader<T>): AsyncGenerator<T> {
  const { spool, encoding, read, refuse } = reader;
  const kind = await kindOf(file.path, encoding);
  if (kind.as === 'text') return yield* read(file, true);
  if (kind.as === 'foreign') return yield* refuse(file, kind.reason);
  const path = join(spool, `log-${process.pid}-${randomUUID()}`);
  try {
    const fault = await unpack(file.path, path, spool);
    const inner = await kindOf(path, encoding);
    if (inner.as === 'text') yield* read({ ...file, path }, fault === undefined);
    const reason = inner.as === 'gzip' ? 'This file is compressed twice: unpack it first.' : undefined;
    const refused = fault ?? (inner.as === 'foreign' ? inner.reason : reason);
    if (refused !== undefined) yield* refuse(file, refused);
  } finally {
    await rm(path, { force: true });
  }
}
