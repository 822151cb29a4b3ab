import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import mongoose, { type mongo } from 'mongoose';
import type { BlobDoc } from '../../models/blobs.ts';
import type { Models } from '../../models/index.ts';
import { durable } from '../../models/schema.ts';
import { MEDIA_BUCKET } from './connect.ts';
import { native } from './native.ts';
import type { Range } from './unpack.ts';

type FileId = NonNullable<BlobDoc['file']>;

const { GridFSBucket, ObjectId } = mongoose.mongo;

const ignoreMissing = (error: unknown): void => {
  if (!(error instanceof Error && error.name === 'MongoRuntimeError')) throw error;
};

const idAt = (time: Date): mongo.ObjectId => ObjectId.createFromTime(Math.floor(time.getTime() / 1000));

/**
 * Bytes of blobs in GridFS. Each writing is a file of its own, which its blob names once it is whole: hubs that write the same bytes at
 * once never touch each other's.
 */
export const makeLargeFiles = ({ connection, blobs }: Models) => {
  const db = connection.getClient().db(connection.name);
  const bucket = new GridFSBucket(db, { bucketName: MEDIA_BUCKET, writeConcern: durable });
  // GridFS takes any id, its types only ObjectIds
  const gridId = (id: FileId) => id as mongo.ObjectId;

  const remove = (id: FileId): Promise<void> => bucket.delete(gridId(id)).catch(ignoreMissing);

  /** Writes a stream for a blob; nothing of it stays when it fails. */
  const write = async (blob: string, from: Readable, ...through: Transform[]): Promise<FileId> => {
    const upload = bucket.openUploadStream('', { metadata: { blob } });
    try {
      await pipeline([from, ...through, upload]);
      return upload.id;
    } catch (error) {
      await remove(upload.id).catch(() => undefined); // else it is swept
      throw error;
    }
  };

  const read = (id: FileId, { start, end }: Range): AsyncIterable<Buffer> =>
    bucket.openDownloadStream(gridId(id), { start, end });

  const isNamed = async (id: mongo.ObjectId): Promise<boolean> => {
    const file = await db.collection(`${MEDIA_BUCKET}.files`).findOne({ _id: id }, { projection: { metadata: 1 } });
    return (
      file !== null && (await native(blobs).countDocuments({ _id: file.metadata?.blob, file: id }, { limit: 1 })) > 0
    );
  };

  /** Removes files begun in that time that no blob names: their hub was killed before they were whole, or before their blob was written. */
  const sweep = async (from: Date, until: Date): Promise<number> => {
    const chunks = db.collection<{ files_id: mongo.ObjectId }>(`${MEDIA_BUCKET}.chunks`);
    const end = idAt(until);
    let swept = 0;
    for (let after = idAt(from); ; ) {
      const next = { projection: { files_id: 1 }, sort: { files_id: 1, n: 1 } } as const;
      const chunk = await chunks.findOne({ files_id: { $gt: after, $lt: end } }, next);
      if (!chunk) return swept;
      after = chunk.files_id;
      if (await isNamed(after)) continue;
      await remove(after);
      swept += 1;
    }
  };

  return { write, read, remove, sweep };
};
