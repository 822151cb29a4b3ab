import { rm } from 'node:fs/promises';
import { type Account, type Batch, type Captured, type Failed, unreadable } from '../../contract.ts';
import { toCaptured } from '../parse/captured.ts';
import type { MailPool } from '../parse/pool.ts';
import type { MailSource } from '../parse/types.ts';
import { LARGE } from '../spool.ts';
import { readFault } from './bytes.ts';
import type { MailPiece, Place, PlacedPiece } from './pieces.ts';

const MAX_MAILS = 100;
/** Batches that are parsed ahead of the consumer. */
const AHEAD = 3;

interface Loaded {
  piece: MailPiece;
  source: MailSource;
}

/** Mails and failures that become one batch. */
export interface Group {
  mails: Loaded[];
  failed: Failed[];
  /** place of its last piece */
  place: Place;
}

/** A mail whose bytes can't be read is a failure; what comes after it in its file may be readable. */
const load = async (piece: PlacedPiece): Promise<Loaded | Failed> => {
  if ('failed' in piece) return piece.failed;
  try {
    return { piece, source: await piece.load() };
  } catch (error) {
    const code = readFault(error);
    if (!code) throw error;
    const { folder, uid } = piece;
    return { locator: uid ? `${folder} (${uid})` : folder, reason: unreadable(code) };
  }
};

const add = async (group: Group | null, piece: PlacedPiece): Promise<Group> => {
  const mails = group?.mails ?? [];
  const failed = group?.failed ?? [];
  const loaded = await load(piece);
  if ('locator' in loaded) failed.push(loaded);
  else mails.push(loaded);
  const { file, end, version } = piece;
  return { mails, failed, place: { file, end, version } };
};

const sizeOf = (piece: PlacedPiece): number => ('failed' in piece ? 0 : piece.size);

/** Groups of at most 100 mails or 4 MB, a large mail alone. The same files always give the same groups. */
export async function* grouped(pieces: AsyncIterable<PlacedPiece>): AsyncGenerator<Group> {
  let group: Group | null = null;
  let bytes = 0;
  for await (const piece of pieces) {
    const size = sizeOf(piece);
    if (group && bytes + size > LARGE) {
      yield group;
      group = null;
      bytes = 0;
    }
    group = await add(group, piece);
    bytes += size;
    if (bytes < LARGE && group.mails.length + group.failed.length < MAX_MAILS) continue;
    yield group;
    group = null;
    bytes = 0;
  }
  if (group) yield group;
}

const removeSpool = async ({ mails }: Group): Promise<void> => {
  for (const { source } of mails) if ('path' in source) await rm(source.path, { force: true });
};

/** A function that parses a group in the worker threads and answers it as a batch. */
export const makeReadGroup = (pool: () => MailPool, { ours }: Pick<Account, 'ours'>, stream: string) => {
  const read = async ({ piece, source }: Loaded, capturedAt: Date): Promise<Captured> => {
    const { folder, uid, folderIsSent, context } = piece;
    const mail = await pool().parse(source, { capturedAt, ...context });
    const sighting = { folder, uidValidity: '', uid };
    const receivedAt = context.internalDate ?? context.fromLineDate;
    return toCaptured(mail, { source, ours, folderIsSent, sighting, ...(receivedAt && { receivedAt }) });
  };

  return async (group: Group): Promise<Batch> => {
    const capturedAt = new Date();
    try {
      const items = await Promise.all(group.mails.map(mail => read(mail, capturedAt)));
      return { stream, items, failed: group.failed, next: { ...group.place } };
    } catch (error) {
      await removeSpool(group);
      throw error;
    }
  };
};

/** Batches in the order of their groups. Some groups are parsed while the consumer still works on an earlier batch. */
export async function* ahead(
  groups: AsyncIterable<Group>,
  read: (group: Group) => Promise<Batch>,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const queue: Promise<Batch>[] = [];
  try {
    for await (const group of groups) {
      const batch = read(group);
      batch.catch(() => undefined); // not unhandled: it is thrown when its turn comes
      queue.push(batch);
      signal.throwIfAborted();
      if (queue.length >= AHEAD) yield await (queue.shift() as Promise<Batch>);
    }
    for (let next = queue.shift(); next; next = queue.shift()) yield await next;
  } finally {
    for (const left of await Promise.allSettled(queue))
      if (left.status === 'fulfilled') for (const item of left.value.items) await item.dispose?.();
  }
}
