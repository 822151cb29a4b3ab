import { Readable } from 'node:stream';
import type { Entity } from './entity.ts';
import { isTnef, type PartRef, partRefs } from './parts.ts';
import { chooseShown } from './shown.ts';
import { makeStructureScanner } from './structure.ts';
import { makeBodyDecoder } from './transfer.ts';

/** An original that can be read more than once, from its start. */
export interface Original {
  open(): Readable;
}

/** The bytes from `start` to `end` of a stream; the rest isn't read. */
const slice = async function* (source: Readable, start: number, end: number): AsyncGenerator<Buffer> {
  let at = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, chunk.length);
    if (from < to) yield chunk.subarray(from, to);
    at += chunk.length;
    if (at >= end) return;
  }
};

const decoded = async function* (raw: Original, { bodyStart, bodyEnd, encoding }: Entity): AsyncGenerator<Buffer> {
  const decoder = makeBodyDecoder(encoding);
  for await (const chunk of slice(raw.open(), bodyStart, bodyEnd)) {
    const bytes = decoder.write(chunk);
    if (bytes.length) yield bytes;
  }
  const rest = decoder.end();
  if (rest.length) yield rest;
};

const collect = async (raw: Original, { bodyStart, bodyEnd }: Entity): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of slice(raw.open(), bodyStart, bodyEnd)) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/** Finds the n-th part. Files in a winmail.dat are parts too, so each winmail.dat before it has to be unpacked; no other body is read. */
const findPart = async (raw: Original, n: number): Promise<PartRef | undefined> => {
  const scanner = makeStructureScanner();
  for await (const chunk of raw.open() as AsyncIterable<Buffer>) scanner.write(chunk);
  const { entities } = scanner.end();
  const shown = chooseShown(entities);
  const packed = new Map<number, Buffer>();
  for (const index of shown.parts.slice(0, n)) {
    const entity = entities[index] as Entity;
    if (isTnef(entity)) packed.set(entity.bodyStart, await collect(raw, entity));
  }
  const read = (start: number): Buffer => packed.get(start) ?? Buffer.alloc(0);
  return partRefs({ read }, entities, shown)[n - 1];
};

/** The n-th part (from 1) of a mail's original, decoded, by two passes over it in bounded memory. Throws RangeError when the mail has no such part. */
export const openPart = async (raw: Original, n: number): Promise<Readable> => {
  const ref = await findPart(raw, n);
  if (!ref) throw new RangeError(`The mail has no part ${n}.`);
  return ref.packed ? Readable.from([ref.packed.bytes]) : Readable.from(decoded(raw, ref.entity));
};
