import { Readable } from 'node:stream';
import type { Connector } from '../../connectors/contract.ts';
import type { Models } from '../../models/index.ts';
import type { InteractionDoc, StoredPart } from '../../models/interactions.ts';
import { type BlobStore, openLater } from '../store/blobs.ts';
import { native } from '../store/native.ts';
import type { Range } from '../store/unpack.ts';
import type { VisibleOriginal } from './visible.ts';

/** Bytes that can be sent in whole or in part. */
export interface Bytes {
  type: string;
  name: string | null;
  size: number;
  /** names the bytes: same tag, same bytes */
  etag: string;
  open(range: Range): Promise<Readable>;
}

interface Reading {
  models: Models;
  blobs: BlobStore;
  connectors: ReadonlyMap<string, Connector>;
}

const openBlob = async (blobs: BlobStore, id: string, range: Range): Promise<Readable> => {
  const blob = await blobs.open(id, range);
  if (!blob) throw new Error('A blob is missing.');
  return blob.stream;
};

/** A slice of a stream; the source is closed after it. Fails when the stream is shorter. */
const slice = (source: Readable, { start, end }: Range): Readable =>
  Readable.from(
    (async function* () {
      let at = 0;
      for await (const chunk of source as AsyncIterable<Buffer>) {
        const from = Math.max(start - at, 0);
        const piece = chunk.subarray(from, Math.max(end - at, from));
        at += chunk.length;
        if (piece.length > 0) yield piece;
        if (at >= end) return;
      }
      throw new Error('A part is shorter than it was when it was captured.');
    })(),
    { objectMode: false },
  );

/** A blob; null when it is gone. */
export const blobBytes = async (
  { models, blobs }: Pick<Reading, 'models' | 'blobs'>,
  { blob, type }: { blob: string; type: string },
  name: string | null,
): Promise<Bytes | null> => {
  const found = await native(models.blobs).findOne({ _id: blob }, { projection: { length: 1, sha256: 1 } });
  if (!found) return null;
  return { type, name, size: found.length, etag: found.sha256, open: range => openBlob(blobs, blob, range) };
};

const EXTENSIONS: Record<string, string> = {
  'message/rfc822': 'eml',
  'application/json': 'json',
  'text/plain': 'txt',
  'text/csv': 'csv',
};

/** An original, byte for byte as the source had it; null when it is gone. */
export const originalBytes = (reading: Reading, id: string, original: VisibleOriginal): Promise<Bytes | null> =>
  blobBytes(reading, original, `${id}.${EXTENSIONS[original.type] ?? 'bin'}`);

/** A decoded part: from its own blob, or from an original that is decoded while it is sent. Null when neither is there or may be read. */
export const partBytes = async (
  reading: Reading,
  interaction: InteractionDoc,
  part: StoredPart,
  original: VisibleOriginal | undefined,
): Promise<Bytes | null> => {
  const { type, size, n } = part;
  const name = part.name ?? null;
  if (part.blob !== undefined) return blobBytes(reading, { blob: part.blob, type }, name);
  const { blobs, connectors } = reading;
  const openPart = connectors.get(interaction.connector)?.openPart;
  if (!original || !openPart) return null;
  const raw = { type: original.type, open: openLater(blobs, original.blob) };
  const open = async (range: Range) => slice(await openPart(raw, n), range);
  return { type, name, size, etag: `${original.sha256}-${n}`, open };
};
