import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Failed, Raw } from '../../contract.ts';
import type { MailContext, MailSource } from '../parse/types.ts';
import { type FileBytes, spoolRange } from './bytes.ts';
import type { MboxEntry } from './mbox.ts';

/** A mail from this size up is spooled, and a batch of its own. */
export const LARGE = 4 * 2 ** 20;
/** What is no mail is kept as evidence up to here. */
const LARGEST_KEPT = 256 * 2 ** 20;

/** How far an import is once a piece is stored. */
interface Place {
  file: string;
  end: number;
}

/** A mail in a file. */
export interface MailPiece extends Place {
  size: number;
  folder: string;
  uid: number;
  folderIsSent: boolean;
  context: Omit<MailContext, 'capturedAt'>;
  /** its bytes, those of a large one in a spool file; only until the next piece is asked for */
  load(): Promise<MailSource>;
}

export interface FailedPiece extends Place {
  failed: Failed;
}

export type Piece = MailPiece | FailedPiece;

interface Origin {
  name: string;
  folderIsSent: boolean;
  spool: string;
  internalDate?: Date;
}

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

const sha256Of = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
};

const rawOf = async (path: string, size: number, type: string): Promise<Raw> => ({
  type,
  size,
  sha256: await sha256Of(path),
  open: () => createReadStream(path),
});

/** Other bytes under the same name are another file. */
const locatorOf = (name: string, { sha256 }: Raw): string => `${name} (${sha256.slice(0, 16)})`;

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

export const unreadPiece = (name: string, reason: string): FailedPiece => ({
  file: name,
  end: 0,
  failed: { locator: name, reason },
});
