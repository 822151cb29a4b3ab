import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

export interface Digest {
  /** hex */
  sha256: string;
  length: number;
}

/** Hash and length of a stream, in bounded memory. */
export const digestStream = async (stream: Readable): Promise<Digest> => {
  const hash = createHash('sha256');
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    length += chunk.length;
  }
  return { sha256: hash.digest('hex'), length };
};

export const digestBytes = (bytes: Uint8Array): Digest => ({
  sha256: createHash('sha256').update(bytes).digest('hex'),
  length: bytes.length,
});
