import type { Connection, Model, mongo } from 'mongoose';
import { defineSchema, mixed, required } from './schema.ts';

/** Bytes of one owner (an interaction or a quarantine row). Up to 1 MB they are `data`, larger ones a `file` in GridFS. */
export interface BlobDoc {
  /** from (owner, sha256) */
  _id: string;
  owner: string;
  /** hex */
  sha256: string;
  length: number;
  at: Date;
  data?: Buffer;
  /** a string where a first release wrote it */
  file?: mongo.ObjectId | string;
  /** stretches of base64 that are kept decoded, in the original's bytes (server/store/base64-runs) */
  runs?: { at: number; lines: number; chars: number; eol: number }[];
}

const schema = defineSchema<BlobDoc>(
  {
    _id: required(String),
    owner: required(String),
    sha256: required(String),
    length: required(Number),
    at: required(Date),
    data: Buffer,
    file: mixed,
    runs: { type: [mixed.type], default: undefined },
  },
  [[{ at: 1 }]],
);

export const blobModel = (connection: Connection): Model<BlobDoc> => connection.model<BlobDoc>('Blob', schema, 'blobs');
