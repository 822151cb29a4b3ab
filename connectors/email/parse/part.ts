import { Readable } from 'node:stream';
import type { Entity } from './entity.ts';
import { chooseShown } from './shown.ts';
import { makeStructureScanner } from './structure.ts';
import { makeBodyDecoder } from './transfer.ts';

interface Original {
  open(): Readable;
}

/** There is no such part: a wrong number, or another original than the one that was counted. */
export class NoSuchPart extends Error {
  constructor(n: number) {
    super(`The mail has no part ${n}.`);
    this.name = 'NoSuchPart';
  }
}

const entityOf = async (raw: Original, n: number): Promise<Entity> => {
  const scanner = makeStructureScanner();
  for await (const chunk of raw.open() as AsyncIterable<Buffer>) scanner.write(chunk);
  const { entities } = scanner.end();
  const entity = entities[chooseShown(entities).parts[n - 1] ?? -1];
  if (!entity) throw new NoSuchPart(n);
  return entity;
};

/** Bytes from `start` up to `end` of a stream; the rest of it isn't read. */
async function* slice(stream: Readable, start: number, end: number): AsyncGenerator<Buffer> {
  let at = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, chunk.length);
    if (from < to) yield chunk.subarray(from, to);
    at += chunk.length;
    if (at >= end) return;
  }
}

async function* decoded(raw: Original, { bodyStart, bodyEnd, encoding }: Entity): AsyncGenerator<Buffer> {
  const decoder = makeBodyDecoder(encoding);
  for await (const piece of slice(raw.open(), bodyStart, bodyEnd)) {
    const bytes = decoder.write(piece);
    if (bytes.length > 0) yield bytes;
  }
  const last = decoder.end();
  if (last.length > 0) yield last;
}

/**
 * Streams the n-th part (from 1, as `parseMail` numbers them) out of an original, decoded; memory stays bounded. The original is
 * read twice: once for where the part lies. Rejects with NoSuchPart.
 */
export const openPart = async (raw: Original, n: number): Promise<Readable> =>
  Readable.from(decoded(raw, await entityOf(raw, n)), { objectMode: false });
