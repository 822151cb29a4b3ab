import { createHash } from 'node:crypto';
import { Readable, Transform } from 'node:stream';
import type { mongo } from 'mongoose';
import type { BlobDoc } from '../../models/blobs.ts';
import type { Models } from '../../models/index.ts';
import { durable, trusted } from '../../models/schema.ts';
import { blobId } from '../rules/keys.ts';
import { makePacker, packBase64, type Run } from './base64-runs.ts';
import { makeInsertNew } from './group-insert.ts';
import { makeLargeFiles } from './large.ts';
import { native } from './native.ts';
import { type Range, unpack } from './unpack.ts';
import { readInWindows } from './windows.ts';

/** Up to this many bytes a blob is one document, above it lies in GridFS. */
export const SMALL = 1024 * 1024;
/** So many bytes of small blobs are held at once, to be inserted together. */
const LOT_BYTES = 8 * SMALL;
const TRIES = 5;

export interface NewBlob {
  owner: string;
  /** hex; checked against what is written when it is streamed */
  sha256: string;
  length: number;
  bytes?: Uint8Array;
  open(): Readable;
}

export interface OpenBlob {
  stream: Readable;
  sha256: string;
  /** of the whole blob */
  length: number;
}

/** Bytes by owner and hash. Written before the transaction that refers to them; what nothing refers to after a day is collected. */
export interface BlobStore {
  /** Writes those that aren't there, majority and journaled. Throws when a stream isn't what its hash or length says; nothing of it is kept then. */
  write(blobs: readonly NewBlob[]): Promise<void>;
  /** `start` inclusive, `end` exclusive. Null when there is none. */
  open(id: string, range?: Range): Promise<OpenBlob | null>;
  /** Those that somebody wanted again after `notTouchedSince` (default: now) stay. Answers how many went. */
  remove(ids: readonly string[], notTouchedSince?: Date): Promise<number>;
  /** Removes bytes written in that time that no blob names: what a killed hub left. Answers how many files went. */
  sweep(from: Date, until: Date): Promise<number>;
}

type StoredBlob = Omit<BlobDoc, 'data'> & { data?: mongo.Binary };

const collect = async (stream: Readable): Promise<Buffer> => Buffer.concat(await stream.toArray());

/** Passes bytes through and fails at the end when they aren't those that were announced. */
const verifying = ({ sha256, length }: NewBlob): Transform => {
  const hash = createHash('sha256');
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      seen += chunk.length;
      done(null, chunk);
    },
    flush(done) {
      const whole = seen === length && hash.digest('hex') === sha256;
      done(whole ? null : new Error(`A blob of ${length} bytes came as ${seen} bytes or with another hash.`));
    },
  });
};

/** Keeps base64 decoded; `runs` are complete once it has ended. */
const packing = () => {
  const packer = makePacker();
  const stream = new Transform({
    transform: (chunk: Buffer, _, done) => done(null, packer.write(chunk) ?? undefined),
    flush: done => done(null, packer.end()),
  });
  return { stream, runs: packer.runs };
};

const withRuns = (runs: Run[]): { runs?: Run[] } => (runs.length > 0 ? { runs } : {});

/** The blobs of one database: small ones as documents, large ones in GridFS, base64 decoded in both. */
export const makeBlobStore = (models: Models): BlobStore => {
  const large = makeLargeFiles(models);
  const insertNew = makeInsertNew(native(models.blobs), { writeConcern: durable });

  const bytesOf = async ({ bytes, length, open }: NewBlob): Promise<Buffer> => {
    const whole = bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : await collect(open());
    if (whole.length !== length) throw new Error(`A blob of ${length} bytes came as ${whole.length}.`);
    return whole;
  };

  const toDocument = async (id: string, blob: NewBlob): Promise<BlobDoc> => {
    const { owner, sha256, length, bytes } = blob;
    const head = { _id: id, owner, sha256, length, at: new Date() };
    if (length <= SMALL) {
      const { data, runs } = packBase64(await bytesOf(blob));
      return { ...head, data, ...withRuns(runs) };
    }
    const packed = packing();
    const from = bytes ? Readable.from([bytes]) : blob.open();
    const file = await large.write(id, from, verifying(blob), packed.stream);
    return { ...head, file, ...withRuns(packed.runs) };
  };

  /** An old blob that is wanted again is new to the collector. */
  const touch = async (ids: string[]): Promise<Set<string>> => {
    const there = await models.blobs.find({ _id: trusted({ $in: ids }) }, { _id: 1 }).lean();
    const found = there.map(({ _id }) => _id);
    if (found.length > 0) {
      const { matchedCount } = await models.blobs.updateMany(
        { _id: trusted({ $in: found }) },
        { $set: { at: new Date() } },
      );
      if (matchedCount < found.length) return touch(found);
    }
    return new Set(found);
  };

  /** Answers those that another writer was faster with: its blob stays, and our file goes. */
  const insertRows = async (documents: readonly BlobDoc[]): Promise<string[]> => {
    const known = [...(await insertNew(documents))];
    for (const { file } of known) if (file) await large.remove(file);
    return known.map(({ _id }) => _id);
  };

  const writeMissing = async (missing: ReadonlyMap<string, NewBlob>): Promise<Set<string>> => {
    const known = new Set<string>();
    let lot: BlobDoc[] = [];
    let held = 0;
    const insertLot = async () => {
      for (const id of await insertRows(lot)) known.add(id);
      lot = [];
      held = 0;
    };
    for (const [id, blob] of missing) {
      lot.push(await toDocument(id, blob));
      held += Math.min(blob.length, SMALL);
      if (held >= LOT_BYTES) await insertLot();
    }
    if (lot.length > 0) await insertLot();
    return known;
  };

  const write = async (blobs: readonly NewBlob[]): Promise<void> => {
    let wanted = new Map(blobs.map(blob => [blobId(blob.owner, blob.sha256), blob]));
    for (let attempt = 0; wanted.size > 0; attempt++) {
      if (attempt === TRIES) throw new Error('A blob that others write is collected again and again.');
      const there = await touch([...wanted.keys()]);
      const known = await writeMissing(new Map([...wanted].filter(([id]) => !there.has(id))));
      wanted = new Map([...wanted].filter(([id]) => known.has(id)));
    }
  };

  const open = async (id: string, range?: Range): Promise<OpenBlob | null> => {
    const blob = await models.blobs.findById(id).lean<StoredBlob>();
    if (!blob) return null;
    const { sha256, length, runs = [], file } = blob;
    const data = blob.data && Buffer.from(blob.data.buffer);
    const kept = (at: Range): AsyncIterable<Buffer> =>
      file === undefined
        ? Readable.from([data?.subarray(at.start, at.end) ?? Buffer.alloc(0)])
        : readInWindows(window => large.read(file, window), at);
    const wanted = range ?? { start: 0, end: length };
    return { stream: Readable.from(unpack(kept, runs, length, wanted), { objectMode: false }), sha256, length };
  };

  const remove = async (ids: readonly string[], notTouchedSince = new Date()): Promise<number> => {
    let removed = 0;
    for (const id of ids) {
      const old = { _id: id, at: trusted({ $lte: notTouchedSince }) };
      const gone = await models.blobs.findOneAndDelete(old, { projection: { file: 1 } }).lean<Pick<BlobDoc, 'file'>>();
      if (!gone) continue;
      removed += 1;
      if (gone.file) await large.remove(gone.file);
    }
    return removed;
  };

  return { write, open, remove, sweep: large.sweep };
};

/** Opens a blob as a stream, as often as wanted; a blob that is gone is an error of the stream. */
export const openLater = (blobs: BlobStore, id: string) => (): Readable =>
  Readable.from(
    (async function* () {
      const blob = await blobs.open(id);
      if (!blob) throw new Error(`The blob ${id} is gone.`);
      yield* blob.stream;
    })(),
    { objectMode: false },
  );
