import type { Connection, Model } from 'mongoose';
import { defineSchema, mixed, nullable, required } from './schema.ts';

/** One pushed item from its acknowledgement to its capture. `_id` is from the source key and the content's hash. */
export interface InboxDoc {
  _id: string;
  account: string;
  /** the source key: items of one key are captured in order of arrival */
  key: string;
  /** order of arrival within the hub */
  arrivedAt: Date;
  order: number;
  payload?: unknown;
  blob: string | null;
  sha256: string;
  attempts: number;
  nextAt: Date;
  lease: string | null;
}

const schema = defineSchema<InboxDoc>(
  {
    _id: required(String),
    account: required(String),
    key: required(String),
    arrivedAt: required(Date),
    order: required(Number),
    payload: mixed,
    blob: nullable(String),
    sha256: required(String),
    attempts: { type: Number, default: 0 },
    nextAt: required(Date),
    lease: nullable(String),
  },
  [[{ nextAt: 1 }]],
);

export const inboxModel = (connection: Connection): Model<InboxDoc> =>
  connection.model<InboxDoc>('InboxItem', schema, 'inbox');
