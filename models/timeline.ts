import type { Connection, Model } from 'mongoose';
import { defineSchema, mixed, nullable, required } from './schema.ts';
import type { RetentionTag } from './types.ts';

/** The link of one contact to one interaction or register event: what a page of a timeline reads, and what carries the retention tag. */
export interface TimelineDoc {
  /** `<interaction>:<contact>`, so that entries of one interaction sort side by side */
  _id: string;
  contact: string | null;
  /** why nobody outside belongs to it, in words, when contact is null */
  reason?: string;
  interaction: string | null;
  event: string | null;
  accounts: string[];
  channel: string;
  direction: string;
  occurredAt: Date;
  capturedAt: Date;
  files: boolean;
  /** name, else address, of who wrote it */
  from?: string;
  subject?: string;
  preview: string;
  retention: RetentionTag;
}

const schema = defineSchema<TimelineDoc>(
  {
    _id: required(String),
    contact: nullable(String),
    reason: String,
    interaction: nullable(String),
    event: nullable(String),
    accounts: [String],
    channel: required(String),
    direction: required(String),
    occurredAt: required(Date),
    capturedAt: required(Date),
    files: required(Boolean),
    from: String,
    subject: String,
    preview: { type: String, default: '' },
    retention: { ...mixed, required: true },
  },
  [
    [{ contact: 1, occurredAt: -1, _id: -1, channel: 1, direction: 1, files: 1 }],
    [{ contact: 1, channel: 1, occurredAt: -1, _id: -1, direction: 1, files: 1 }],
    [{ interaction: 1 }],
    [{ 'retention.keepUntil': 1 }, { partialFilterExpression: { 'retention.keepUntil': { $type: 'string' } } }],
  ],
);

export const timelineModel = (connection: Connection): Model<TimelineDoc> =>
  connection.model<TimelineDoc>('TimelineEntry', schema, 'timeline');
