import type { Batch, Captured, Failed, Position } from '../../contract.ts';

/** One step through a file: what it gives is worked out only when it is wanted, so that what is stored already is passed over quickly. */
export type Piece = () => Promise<Given> | Given;
export interface Given {
  items?: Captured[];
  failed?: Failed[];
}

const MOST_ITEMS = 100;
/** A batch ends behind the part with which it has this many bytes of files. */
const MOST_BYTES = 8 * 2 ** 20;

const bytesIn = (items: readonly Captured[]): number =>
  items.reduce((sum, { parts }) => sum + parts.reduce((size, part) => size + part.size, 0), 0);

/** Where the file had this version, an import goes on behind as many pieces as were stored; else it begins anew. */
const doneBefore = (from: Position | null, version: string): number =>
  from?.version === version && typeof from.done === 'number' ? from.done : 0;

/** Batches of a file's pieces; `version` says that it is still the same file. */
export async function* inBatches(
  stream: string,
  pieces: AsyncIterable<Piece>,
  { version, from, signal }: { version: string; from: Position | null; signal: AbortSignal },
): AsyncGenerator<Batch> {
  const before = doneBefore(from, version);
  let items: Captured[] = [];
  let failed: Failed[] = [];
  let done = 0;
  const batch = (): Batch => ({ stream, items, failed, next: { version, done } });
  for await (const piece of pieces) {
    signal.throwIfAborted();
    if (++done <= before) continue;
    const given = await piece();
    items.push(...(given.items ?? []));
    failed.push(...(given.failed ?? []));
    if (items.length + failed.length < MOST_ITEMS && bytesIn(items) < MOST_BYTES) continue;
    yield batch();
    items = [];
    failed = [];
  }
  if (items.length + failed.length > 0) yield batch();
}
