import { createReadStream } from 'node:fs';
import { digestOf } from '../../common/raw.ts';
import type { Failed, Position, Raw } from '../../contract.ts';
import type { MailContext, MailSource } from '../parse/types.ts';
import { LARGE } from '../spool.ts';
import { type FileBytes, spoolRange } from './bytes.ts';
import type { MboxEntry } from './mbox.ts';

/** Largest file (bytes) that is kept in quarantine. */
const LARGEST_KEPT = 256 * 2 ** 20;

/** A piece of a file. */
interface Extent {
  file: string;
  /** byte at which it ends in the (unpacked) file; ascending */
  end: number;
}

/** How far an import is: the position of its stream after a piece. */
export interface Place extends Extent {
  /** size and time of the file; in a file with another version `end` means nothing */
  version: string;
}

/** Reads a stored position; null when it has another shape. */
export const readPlace = (position: Position | null | undefined): Place | null => {
  const { file, end, version } = position ?? {};
  if (typeof file !== 'string' || typeof end !== 'number' || typeof version !== 'string') return null;
  return { file, end, version };
};

/** A mail in a file. */
export interface MailPiece extends Extent {
  size: number;
  folder: string;
  uid: number;
  folderIsSent: boolean;
  context: Omit<MailContext, 'capturedAt'>;
  /** reads its bytes, a large mail into a spool file; to be called before the next piece is asked for */
  load(): Promise<MailSource>;
}

/** Something in a file that can't be read as mail. */
export interface FailedPiece extends Extent {
  failed: Failed;
}

export type Piece = MailPiece | FailedPiece;
/** A piece, and the place that an import has reached with it. */
export type PlacedPiece = Piece & Place;

interface Origin {
  name: string;
  folderIsSent: boolean;
  spool: string;
  internalDate?: Date;
}

/** The piece for a mail in an open file. */
export const mailPiece = (bytes: FileBytes, entry: MboxEntry, origin: Origin): MailPiece => {
  const { name, folderIsSent, spool, internalDate } = origin;
  const { at, start, end, fromLineDate } = entry;
  const size = end - start;
  return {
    file: name,
    end,
    size,
    folder: name,
    uid: at,
    folderIsSent,
    context: { ...(fromLineDate && { fromLineDate }), ...(internalDate && { internalDate }) },
    load: async () =>
      size >= LARGE ? { path: await spoolRange(bytes, start, end, spool) } : { bytes: await bytes.read(start, end) },
  };
};

const rawOf = async (path: string, size: number, type: string): Promise<Raw> => ({
  type,
  size,
  sha256: (await digestOf(createReadStream(path))).sha256,
  open: () => createReadStream(path),
});

/** The locator has the hash, since a file of the same name with other bytes is another one. */
const locatorOf = (name: string, { sha256 }: Raw): string => `${name} (${sha256.slice(0, 16)})`;

/** A file that isn't mail, and why in words. */
export interface FailedFile {
  name: string;
  path: string;
  size: number;
  type: string;
  reason: string;
}

/** A file that goes to quarantine, with its bytes unless they are too many. */
export const failedPiece = async (file: FailedFile, end = file.size): Promise<FailedPiece> => {
  const { name, path, size, type, reason } = file;
  if (size > LARGEST_KEPT)
    return { file: name, end, failed: { locator: name, size, reason: `${reason} It is too large to be kept here.` } };
  const raw = await rawOf(path, size, type);
  return { file: name, end, failed: { locator: locatorOf(name, raw), size, reason, raw } };
};

/** The piece for a file or folder that can't be read. */
export const unreadPiece = (name: string, reason: string, end = 0): FailedPiece => ({
  file: name,
  end,
  failed: { locator: name, reason },
});
