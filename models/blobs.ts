import type { Connection, Model } from 'mongoose';
import { defineSchema, required } from './schema.ts';

/** Bytes of one owner (an interaction or a quarantine row). Up to 1 MB they are `data`, larger ones lie in GridFS under the same id. */
export interface BlobDoc {
  /** from (owner, sha256) */
  _id: string;
  owner: string;
  /** hex */
  sha256: string;
  length: number;
  at: Date;
  data?: Buffer;
}

const schema = defineSchema<BlobDoc>(
  {
    _id: required(String),
    owner: required(String),
    sha256: required(String),
    length: required(Number),
    at: required(Date),
    data: Buffer,
  },
  [[{ at: 1 }], [{ owner: 1 }]],
);

export const blobModel = (connection: Connection): Model<BlobDoc> => connection.model<BlobDoc>('Blob', schema, 'blobs');
