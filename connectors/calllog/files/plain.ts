import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzip } from '../../common/gunzip.ts';
import type { ImportFile } from '../../contract.ts';
import { kindOf } from './kind.ts';

const unpack = async (path: string, to: string, spool: string): Promise<string | undefined> => {
  const file = await open(to, 'wx', 0o600);
  try {
    return await gunzip(path, file, spool);
  } finally {
    await file.close();
  }
};

interface PlainReader<T> {
  /** folder for unpacked files, which are removed after reading */
  spool: string;
  encoding: string | undefined;
  /** `isWhole`: the file is complete (a compressed one may be damaged) */
  read(file: ImportFile, isWhole: boolean): AsyncGenerator<T>;
  /** for a file that is no log, or a compressed one that is damaged */
  refuse(file: ImportFile, reason: string): AsyncGenerator<T>;
}

/** Reads a text file, unpacked first when it is gzipped. Throws errors of the file system. */
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
