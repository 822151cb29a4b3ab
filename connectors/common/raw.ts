import { createHash, hash, timingSafeEqual } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Raw } from '../contract.ts';

/** Bytes in memory as the original of an item. */
export const rawOf = (type: string, bytes: Uint8Array): Raw => ({
  type,
  size: bytes.length,
  sha256: sha256(bytes),
  bytes,
  open: () => Readable.from([Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)]),
});

/** SHA-256 in hex. */
export const sha256 = (bytes: Uint8Array | string): string => hash('sha256', bytes, 'hex');

/** SHA-256 (hex) and length in bytes of a stream, in bounded memory. */
export const digestOf = async (stream: AsyncIterable<unknown>): Promise<{ sha256: string; size: number }> => {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { sha256: hash.digest('hex'), size };
};

/** Whether two secrets or signatures are equal, compared in constant time. */
export const isSame = (given: string, expected: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
};
