import type { Range } from './unpack.ts';

const KIB = 1024;
/** What GridFS keeps in one document (its default). */
const CHUNK = 255 * KIB;
const LARGEST = 32 * CHUNK;

/** Parts of a range, each twice as large as the one before, with borders between chunks: none is read twice. */
export function* windowsOf({ start, end }: Range): Generator<Range> {
  let size = CHUNK;
  for (let at = start; at < end; ) {
    const next = Math.min(end, (Math.floor(at / CHUNK) + size / CHUNK) * CHUNK);
    yield { start: at, end: next };
    at = next;
    size = Math.min(2 * size, LARGEST);
  }
}

/**
 * Reads a range of a file in GridFS in windows. Its driver asks for 16 MB at once, and hands out nothing before they are here: whoever seeks in a
 * recording wants the first bytes, and mostly leaves the rest.
 */
export async function* readInWindows(
  open: (window: Range) => AsyncIterable<Buffer>,
  range: Range,
): AsyncGenerator<Buffer> {
  for (const window of windowsOf(range)) yield* open(window);
}
