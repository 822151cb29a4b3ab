import { rm } from 'node:fs/promises';
import type { Account, Batch, Captured, Failed } from '../../contract.ts';
import { toCaptured } from '../parse/captured.ts';
import type { MailPool } from '../parse/pool.ts';
import type { MailSource } from '../parse/types.ts';
import { LARGE, type MailPiece, type Piece } from './pieces.ts';

const MAX_MAILS = 100;
/** Batches that are parsed ahead of the consumer. */
const AHEAD = 3;

interface Loaded {
  piece: MailPiece;
  source: MailSource;
}

/** What becomes one batch. */
export interface Group {
  mails: Loaded[];
  failed: Failed[];
  /** of its last piece */
  file: string;
  end: number;
}

const add = async (group: Group | null, piece: Piece): Promise<Group> => {
  const mails = group?.mails ?? [];
  const failed = group?.failed ?? [];
  if ('failed' in piece) failed.push(piece.failed);
  else mails.push({ piece, source: await piece.load() });
  return { mails, failed, file: piece.file, end: piece.end };
};

const sizeOf = (piece: Piece): number => ('failed' in piece ? 0 : piece.size);

/** Groups of 100 mails or 4 MB, a large mail by itself: the same for the same files. */
export async function* grouped(pieces: AsyncIterable<Piece>): AsyncGenerator<Group> {
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

/** Parses a group in the worker threads. */
export const makeReadGroup = (pool: () => MailPool, { ours }: Pick<Account, 'ours'>, stream: string) => {
  const read = async ({ piece, source }: Loaded, capturedAt: Date): Promise<Captured> => {
    const { folder, uid, folderIsSent, context } = piece;
    const mail = await pool().parse(source, { capturedAt, ...context });
    const sighting = { folder, uidValidity: '', uid };
    const dispose = 'path' in source ? () => rm(source.path, { force: true }) : undefined;
    return toCaptured(mail, { source, ours, folderIsSent, sighting, ...(dispose && { dispose }) });
  };

  return async (group: Group): Promise<Batch> => {
    const capturedAt = new Date();
    try {
      const items = await Promise.all(group.mails.map(mail => read(mail, capturedAt)));
      return { stream, items, failed: group.failed, next: { file: group.file, end: group.end } };
    } catch (error) {
      await removeSpool(group);
      throw error;
    }
  };
};

/** Batches in the order of their groups, of which some are parsed while the consumer is at an earlier one. */
export async function* ahead(
  groups: AsyncIterable<Group>,
  read: (group: Group) => Promise<Batch>,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const queue: Promise<Batch>[] = [];
  try {
    for await (const group of groups) {
      const batch = read(group);
      batch.catch(() => undefined); // it is seen when its turn comes
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
