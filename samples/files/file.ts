import { base64Lines } from '../mime/encode.ts';
import { makeRandom, type Random } from '../random.ts';

/** A file ready to be put into a mail. */
export interface SampleFile {
  name: string;
  type: string;
  /** base64 in lines of 76 characters with CRLF, in pieces that follow each other */
  encoded: Buffer[];
  /** decoded bytes */
  size: number;
}

/** Bytes that make one line of base64. */
export const LINE = 57;
const ENCODED_LINE = 78;
const LINES = 131_072;

interface Pool {
  bytes: Buffer;
  encoded: Buffer;
}

let pool: Pool | undefined;

/** 7 MB that look like compressed data, as bytes and as base64 lines, made once: mails take slices of it. */
const noisePool = (): Pool => {
  if (pool) return pool;
  const random = makeRandom(0x7a17ee);
  const words = new Uint32Array((LINES * LINE) / 4);
  for (let i = 0; i < words.length; i++) words[i] = random.bits();
  const bytes = Buffer.from(words.buffer);
  const flat = Buffer.from(bytes.toString('base64'), 'latin1');
  const encoded = Buffer.alloc(LINES * ENCODED_LINE);
  for (let i = 0; i < LINES; i++) {
    flat.copy(encoded, i * ENCODED_LINE, i * 76, i * 76 + 76);
    encoded.write('\r\n', i * ENCODED_LINE + 76, 'latin1');
  }
  pool = { bytes, encoded };
  return pool;
};

/** The largest filling of one file, in bytes. */
export const MOST_NOISE = (LINES / 2) * LINE;

export interface Noise {
  bytes: Buffer;
  encoded: Buffer;
}

/** About `size` incompressible bytes (whole base64 lines), another slice each time. */
export const noise = (size: number, random: Random): Noise => {
  const { bytes, encoded } = noisePool();
  const lines = Math.max(1, Math.min(LINES / 2, Math.round(size / LINE)));
  const from = random.int(0, LINES - lines);
  return {
    bytes: bytes.subarray(from * LINE, (from + lines) * LINE),
    encoded: encoded.subarray(from * ENCODED_LINE, (from + lines) * ENCODED_LINE),
  };
};

/** How many bytes are missing to fill the last base64 line of `length` bytes. */
export const padding = (length: number): number => (LINE - (length % LINE)) % LINE;

const base64 = (bytes: Buffer): Buffer => Buffer.from(base64Lines(bytes), 'latin1');

/** A file of a head that fills its base64 lines, ready-made lines, and a tail. */
export const assemble = (name: string, type: string, head: Buffer, middle: Noise, tail: Buffer): SampleFile => {
  if (head.length % LINE !== 0) throw new RangeError(`head of ${head.length} bytes doesn't fill its lines`);
  return {
    name,
    type,
    encoded: [base64(head), middle.encoded, base64(tail)],
    size: head.length + middle.bytes.length + tail.length,
  };
};

/** A file that is simply these bytes. */
export const plainFile = (name: string, type: string, bytes: Buffer): SampleFile => ({
  name,
  type,
  encoded: [base64(bytes)],
  size: bytes.length,
});
