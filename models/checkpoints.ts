import type { Connection, Model } from 'mongoose';
import { defineSchema, mixed, nullable, required } from './schema.ts';
import type { Counts } from './types.ts';

/**
 * How far one stream (folder, file, inbox) of an account was captured. It moves in the transaction that stores the items,
 * which counts them here too: seen = stored + duplicate + quarantined.
 */
export interface CheckpointDoc {
  /** `<account>:<stream>` */
  _id: string;
  account: string;
  stream: string;
  /** the connector's own */
  position: Record<string, unknown> | null;
  /** goes up by one a commit: a commit names the one it follows */
  seq: number;
  /** fencing token of the lease that may move it */
  token: number;
  uidValidity: string | null;
  counts: Counts;
  /** sightings of this stream that are not stale: how many of the items that it has or had we hold; null in rows from before this was counted */
  present: number | null;
  /** the last comparison with the source */
  held: number | null;
  missing: number | null;
  comparedAt: Date | null;
}

const schema = defineSchema<CheckpointDoc>(
  {
    _id: required(String),
    account: required(String),
    stream: required(String),
    position: nullable(mixed.type),
    seq: { type: Number, default: 0 },
    token: { type: Number, default: 0 },
    uidValidity: nullable(String),
    counts: {
      stored: { type: Number, default: 0 },
      duplicate: { type: Number, default: 0 },
      quarantined: { type: Number, default: 0 },
    },
    present: nullable(Number),
    held: nullable(Number),
    missing: nullable(Number),
    comparedAt: nullable(Date),
  },
  [[{ account: 1 }]],
);

export const checkpointModel = (connection: Connection): Model<CheckpointDoc> =>
  connection.model<CheckpointDoc>('Checkpoint', schema, 'checkpoints');
