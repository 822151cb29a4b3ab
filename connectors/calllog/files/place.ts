import { type FileHandle, open, stat } from 'node:fs/promises';
import { sha256 } from '../../common/raw.ts';
import type { Position } from '../../contract.ts';

const MARK = 256;

/** How far a file was read. */
export interface Place {
  /** name of the file, in a directory the path inside it */
  file: string;
  /** byte behind the last record */
  end: number;
  records: number;
  /** hashes of the file's beginning, and of the last bytes before `end`: whether it is still that file */
  head: string;
  /** places of an earlier version have none */
  tail?: string;
  /** end of the last call, in milliseconds */
  after?: number;
  /** of a compressed file in a watched folder: how it was when all of it had been read */
  packed?: string;
  /** some records have no id of their own, and are counted */
  anonymous?: boolean;
}

export const placeOf = (position: Position | null | undefined): Place | null => {
  const { file, end, records, head } = (position ?? {}) as Partial<Place>;
  return typeof file === 'string' && typeof end === 'number' && typeof records === 'number' && typeof head === 'string'
    ? (position as unknown as Place)
    : null;
};

export interface Beginning {
  size: number;
  /** the first 64 KB at most */
  bytes: Buffer;
}

/** Errors of the file system come through. */
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

/** Hash of the bytes from `start` to before `end`; of fewer where the file ends earlier. */
const hashOf = async (file: FileHandle, start: number, end: number): Promise<string> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
  return sha256(buffer.subarray(0, bytesRead));
};

/**
 * What a file is known by that was read to `end`. Its beginning alone doesn't do: a switch's header is the same in all of its files, and a
 * file system gives the inode of a file that is gone to the next one. Errors of the file system come through.
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

/** Whether what was read to there lies there still. Errors of the file system come through. */
export const isStillThere = async (path: string, place: Place): Promise<boolean> => {
  const { head, tail } = await marksOf(path, place.end);
  return (await stat(path)).size >= place.end && head === place.head && (place.tail ?? tail) === tail;
};
