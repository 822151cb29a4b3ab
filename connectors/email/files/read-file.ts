import { rm } from 'node:fs/promises';
import { gunzip } from '../../common/gunzip.ts';
import { fileFault, unreadable } from '../../contract.ts';
import { spoolFile } from '../spool.ts';
import { type FileBytes, HEAD, openFile, readFault } from './bytes.ts';
import { kindOf } from './kind.ts';
import { endOf, type MboxEntry, scanMbox } from './mbox.ts';
import { failedPiece, mailPiece, type Piece, type Place, type PlacedPiece, unreadPiece } from './pieces.ts';
import { type Found, type FoundFile, findAgain } from './walk.ts';

/** Apple Mail's .emlx: a line with the mail's length, the mail, a property list. */
const emlxEntry = (bytes: FileBytes, head: Buffer): MboxEntry => {
  const start = head.indexOf('\n') + 1;
  const length = Number.parseInt(head.toString('latin1', 0, start), 10);
  return { at: 0, start, end: Math.min(bytes.size, start + length) };
};

/** The mails in a file that looks like a single one. It may begin with a From_ line; with several of them it is an mbox, whatever its name says. */
async function* oneOrMore(bytes: FileBytes, after: number): AsyncGenerator<MboxEntry> {
  const first: MboxEntry[] = [];
  for await (const entry of scanMbox(bytes)) if (first.push(entry) === 2) break;
  if (first.length === 2) yield* scanMbox(bytes, after);
  else yield { ...first[0], at: 0, start: 0, end: bytes.size };
}

/** An open file: the imported one, or a spool file into which it was unpacked. */
interface Opened {
  found: FoundFile;
  bytes: FileBytes;
  spool: string;
  /** pieces that end up to this byte are stored already; 0 when none are */
  after: number;
  /** size of the compressed file from which `bytes` was unpacked */
  packed?: number;
}

async function* unpacked(opened: Opened): AsyncGenerator<Piece> {
  const { found, spool, after } = opened;
  const packed = opened.bytes.size;
  let fault: string | undefined;
  const path = await spoolFile(spool, async file => {
    fault = await gunzip(found.path, file, spool);
  });
  const bytes = await openFile(path);
  try {
    // a mail that reaches to where the damage begins is cut, and half a mail isn't the original
    const whole = fault ? await endOf(bytes) : Number.POSITIVE_INFINITY;
    if (bytes.size > 0 || !fault)
      for await (const piece of piecesOf({ found, bytes, spool, after, packed }))
        if ('failed' in piece || piece.end < whole) yield piece;
    const failed = { ...found, size: packed, type: 'application/gzip', reason: fault ?? '' };
    if (fault) yield await failedPiece(failed, bytes.size + 1);
  } finally {
    await bytes.close();
    await rm(path, { force: true });
  }
}

async function* piecesOf(opened: Opened): AsyncGenerator<Piece> {
  const { found, bytes, spool, after, packed } = opened;
  const head = await bytes.read(0, HEAD);
  const kind = kindOf(packed === undefined ? found.name : found.name.replace(/\.gz$/i, ''), head);
  const fail = (reason: string, type: string) =>
    failedPiece({
      ...found,
      size: packed ?? bytes.size,
      reason,
      type: packed === undefined ? type : 'application/gzip',
    });
  const each = (entry: MboxEntry) => mailPiece(bytes, entry, { ...found, spool });
  if (kind.as === 'foreign') yield await fail(kind.reason, kind.type);
  else if (kind.as === 'empty') {
    if (!found.among) yield await fail('This file is empty: there is no mail in it.', 'application/octet-stream');
  } else if (kind.as === 'emlx') yield each(emlxEntry(bytes, head));
  else if (kind.as !== 'gzip') {
    for await (const entry of kind.as === 'mbox' ? scanMbox(bytes, after) : oneOrMore(bytes, after)) yield each(entry);
  } else if (packed === undefined) yield* unpacked(opened);
  else yield await fail('This file is compressed twice: unpack it first.', 'application/gzip');
}

async function* openedPieces(opened: Opened): AsyncGenerator<Piece> {
  const { found, bytes, spool } = opened;
  if (!found.isMaildir) yield* piecesOf(opened);
  else yield mailPiece(bytes, { at: 0, start: 0, end: bytes.size }, { ...found, spool, internalDate: bytes.modified });
}

/** Opens a file; null when it is gone. */
const openFound = async ({ path, isMaildir }: FoundFile): Promise<FileBytes | null> => {
  try {
    return await openFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const moved = isMaildir ? await findAgain(path) : null;
    return moved ? openFile(moved) : null;
  }
};

/** End of what is stored of a file already; -1 when nothing is, or it was another file. */
const storedIn = (version: string, from: Place | null): number => (from?.version === version ? from.end : -1);

/** Reports a file that can't be read, unless it was reported before the interruption. */
function* unread(name: string, reason: string, from: Place | null): Generator<PlacedPiece> {
  if (storedIn('', from) < 0) yield { ...unreadPiece(name, reason), version: '' };
}

/**
 * The mails in a file, and what in it isn't mail; those after `from` when an import was interrupted in it. Errors of the file system become pieces; others are
 * thrown.
 */
export async function* readFound(found: Found, spool: string, from: Place | null = null): AsyncGenerator<PlacedPiece> {
  if ('reason' in found) return yield* unread(found.name, found.reason, from);
  let bytes: FileBytes | null;
  try {
    bytes = await openFound(found);
  } catch (error) {
    const code = fileFault(error);
    if (code === undefined) throw error;
    return yield* unread(found.name, unreadable(code), from);
  }
  if (!bytes) return;
  const version = `${bytes.size}/${bytes.modified.getTime()}`;
  const stored = storedIn(version, from);
  try {
    for await (const piece of openedPieces({ found, bytes, spool, after: Math.max(0, stored) }))
      if (piece.end > stored) yield { ...piece, version };
  } catch (error) {
    const code = readFault(error);
    if (!code) throw error;
    if (bytes.size > stored) yield { ...unreadPiece(found.name, unreadable(code), bytes.size), version };
  } finally {
    await bytes.close();
  }
}
