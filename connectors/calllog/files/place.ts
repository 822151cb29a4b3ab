import { type FileHandle, open, stat } from 'node:fs/promises';
import { sha256 } from '../../common/raw.ts';
import type { Position } from '../../contract.ts';

const MARK = 256;

/** How far a file was read. */
export interface Place {
  /** name of the file, in a directory the path inside it */
  file: string;
  /** byte after the last record that was read */
  end: number;
  records: number;
  /** hashes of the file's first bytes, and of the last bytes before `end`: they tell whether it is still the same file */
  head: string;
  /** missing in what earlier versions stored */
  tail?: string;
  /** when the last call ended, Unix milliseconds */
  after?: number;
  /** of a compressed file in a watched folder: its size and change time when all of it had been read */
  packed?: string;
  /** some records have no id of their own, so a resumed reading must count them again (`Numbering`) */
  anonymous?: boolean;
}

/** A stored position as a place; null when it is none. */
export const placeOf = (position: Position | null | undefined): Place | null => {
  const { file, end, records, head } = (position ?? {}) as Partial<Place>;
  return typeof file === 'string' && typeof end === 'number' && typeof records === 'number' && typeof head === 'string'
    ? (position as unknown as Place)
    : null;
};

/** The beginning of a file, and its size in bytes. */
export interface Beginning {
  size: number;
  /** the first 64 KB at most */
  bytes: Buffer;
}

/** Reads the beginning of a file. Throws errors of the file system. */
export const beginningOf = async (path: string): Promise<Beginning> => {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, 65_536)), 0, Math.min(size, 65_536), 0);
    return { size, bytes: buffer.subarray(0, bytesRead) };
  } finally {
    await file.close();
  }
};

/** Hash of the bytes from `start` up to `end`, or to the end of the file. */
const hashOf = async (file: FileHandle, start: number, end: number): Promise<string> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
  return sha256(buffer.subarray(0, bytesRead));
};

/**
 * Hashes by which a file that was read up to `end` is recognised. Its beginning alone doesn't do, since all files of a switch have the same header, nor does
 * its inode, which a file system reuses. Throws errors of the file system.
 */
export const marksOf = async (path: string, end: number): Promise<{ head: string; tail: string }> => {
  const file = await open(path);
  try {
    const head = await hashOf(file, 0, Math.min(MARK, end));
    return { head, tail: await hashOf(file, Math.max(0, end - MARK), end) };
  } finally {
    await file.close();
  }
};

/** Whether the file at `path` is still the one that was read up to `place`. Throws errors of the file system. */
export const isStillThere = async (path: string, place: Place): Promise<boolean> => {
  const { head, tail } = await marksOf(path, place.end);
  return (await stat(path)).size >= place.end && head === place.head && (place.tail ?? tail) === tail;
};
