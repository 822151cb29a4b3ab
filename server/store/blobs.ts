import { createHash } from 'node:crypto';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import mongoose, { type mongo } from 'mongoose';
import type { BlobDoc } from '../../models/blobs.ts';
import type { Models } from '../../models/index.ts';
import { durable, trusted } from '../../models/schema.ts';
import { blobId } from '../rules/keys.ts';
import { MEDIA_BUCKET } from './connect.ts';

/** Up to this many bytes a blob is one document, above it lies in GridFS. */
export const SMALL = 1024 * 1024;

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
  open(id: string, range?: { start: number; end: number }): Promise<OpenBlob | null>;
  /** Those that somebody wanted again after `notTouchedSince` (default: now) stay. Answers how many went. */
  remove(ids: readonly string[], notTouchedSince?: Date): Promise<number>;
}

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

export const makeBlobStore = (models: Models): BlobStore => {
  const bucket = new mongoose.mongo.GridFSBucket(models.connection.getClient().db(models.connection.name), {
    bucketName: MEDIA_BUCKET,
    writeConcern: durable,
  });
  // GridFS takes any id, its types only ObjectIds
  const gridId = (id: string) => id as unknown as mongo.ObjectId;

  const writeLarge = async (id: string, blob: NewBlob): Promise<void> => {
    await bucket.delete(gridId(id)).catch(() => undefined); // what a killed hub left half
    const upload = bucket.openUploadStreamWithId(gridId(id), '');
    try {
      await pipeline(blob.bytes ? Readable.from([blob.bytes]) : blob.open(), verifying(blob), upload);
    } catch (error) {
      await bucket.delete(gridId(id)).catch(() => undefined);
      throw error;
    }
  };

  const toDocument = async (id: string, blob: NewBlob) => {
    const { owner, sha256, length } = blob;
    const data =
      length > SMALL
        ? undefined
        : blob.bytes
          ? Buffer.from(blob.bytes.buffer, blob.bytes.byteOffset, blob.bytes.byteLength)
          : await collect(blob.open());
    if (length > SMALL) await writeLarge(id, blob);
    else if (data?.length !== length) throw new Error(`A blob of ${length} bytes came as ${data?.length}.`);
    return { _id: id, owner, sha256, length, at: new Date(), ...(data ? { data } : {}) };
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

  const write = async (blobs: readonly NewBlob[]): Promise<void> => {
    const wanted = new Map(blobs.map(blob => [blobId(blob.owner, blob.sha256), blob]));
    const there = await touch([...wanted.keys()]);
    const missing = [...wanted].filter(([id]) => !there.has(id));
    const documents: BlobDoc[] = [];
    for (const [id, blob] of missing) documents.push(await toDocument(id, blob));
    if (documents.length === 0) return;
    await models.blobs.collection
      .insertMany(documents as never[], { ordered: false, writeConcern: durable })
      .catch(async error => {
        // another puller wrote the same original meanwhile: that is what we wanted
        if ((error as { code?: number }).code !== 11000) throw error;
        await touch(documents.map(({ _id }) => _id));
      });
  };

  const open = async (id: string, range?: { start: number; end: number }): Promise<OpenBlob | null> => {
    const blob = await models.blobs.findById(id).lean<{ sha256: string; length: number; data?: mongo.Binary }>();
    if (!blob) return null;
    const { sha256, length } = blob;
    if (!blob.data) return { stream: bucket.openDownloadStream(gridId(id), range), sha256, length };
    const bytes = Buffer.from(blob.data.buffer).subarray(range?.start ?? 0, range?.end ?? length);
    return { stream: Readable.from(bytes.length > 0 ? [bytes] : []), sha256, length };
  };

  const remove = async (ids: readonly string[], notTouchedSince = new Date()): Promise<number> => {
    const old = { _id: trusted({ $in: [...ids] }), at: trusted({ $lte: notTouchedSince }) };
    const gone = await models.blobs.find(old, { _id: 1, length: 1 }).lean();
    const { deletedCount } = await models.blobs.deleteMany(old);
    for (const { _id, length } of gone) if (length > SMALL) await bucket.delete(gridId(_id)).catch(ignoreMissing);
    return deletedCount;
  };

  return { write, open, remove };
};

const ignoreMissing = (error: unknown): void => {
  if (!(error instanceof Error && error.name === 'MongoRuntimeError')) throw error;
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
