import type { Connection, Model } from 'mongoose';
import { defineSchema, mixed, nullable, required } from './schema.ts';
import type { RetentionTag } from './types.ts';

/** What couldn't be fetched or read. `_id` is from the account and the locator, so a rescan makes no second row. */
export interface QuarantineDoc {
  _id: string;
  account: string;
  stream: string;
  locator: string;
  reason: string;
  size: number;
  at: Date;
  state: 'open' | 'captured';
  original?: { blob: string; type: string; size: number; sha256: string };
  sighting: { folder: string; uidValidity: string; uid: number } | null;
  /** what its connector needs beside the bytes to read them again */
  beside?: Record<string, unknown>;
  retention: RetentionTag;
}

const schema = defineSchema<QuarantineDoc>(
  {
    _id: required(String),
    account: required(String),
    stream: required(String),
    locator: required(String),
    reason: required(String),
    size: { type: Number, default: 0 },
    at: required(Date),
    state: required(String),
    original: mixed,
    sighting: nullable(mixed.type),
    beside: mixed,
    retention: mixed,
  },
  [[{ account: 1, stream: 1, state: 1 }], [{ at: -1, _id: -1 }], [{ 'original.blob': 1 }, { sparse: true }]],
);

export const quarantineModel = (connection: Connection): Model<QuarantineDoc> =>
  connection.model<QuarantineDoc>('Quarantine', schema, 'quarantine');
