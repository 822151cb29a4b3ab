import type { Connection, Model } from 'mongoose';
import { defineSchema, mixed, required } from './schema.ts';

/** One pushed item from its acknowledgement to its capture. `_id` is from the source key and the content's hash. */
export interface InboxDoc {
  _id: string;
  account: string;
  /** the interaction that it is, or belongs to: items of one are captured in order of arrival */
  key: string;
  arrivedAt: Date;
  /** of arrival within one hub, where `arrivedAt` is the same */
  order: number;
  payload?: unknown;
  sha256: string;
  /** not captured before */
  nextAt: Date;
  /** the interaction that it belongs to and that isn't there yet */
  waitsFor?: string;
  /** counted by the stream that brought it: it waited only */
  counted?: boolean;
  /** how often it could not be captured for a reason of ours, and what the last one is called */
  attempts?: number;
  failedBy?: string;
}

const schema = defineSchema<InboxDoc>(
  {
    _id: required(String),
    account: required(String),
    key: required(String),
    arrivedAt: required(Date),
    order: required(Number),
    payload: mixed,
    sha256: required(String),
    nextAt: required(Date),
    waitsFor: String,
    counted: Boolean,
    attempts: Number,
    failedBy: String,
  },
  [
    [{ nextAt: 1, arrivedAt: 1, order: 1 }],
    [{ key: 1 }],
    [{ waitsFor: 1 }, { sparse: true }],
    [{ attempts: 1 }, { sparse: true }],
  ],
);

export const inboxModel = (connection: Connection): Model<InboxDoc> =>
  connection.model<InboxDoc>('InboxItem', schema, 'inbox');
