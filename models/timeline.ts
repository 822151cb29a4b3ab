import type { Connection, Model } from 'mongoose';
import { defineSchema, mixed, nullable, required } from './schema.ts';
import type { RetentionTag } from './types.ts';

/** The link of one contact to one interaction or register event: what a page of a timeline reads, and what carries the retention tag. */
export interface TimelineDoc {
  /** `<interaction>:<contact>`, so that entries of one interaction sort side by side */
  _id: string;
  contact: string | null;
  /** why nobody outside belongs to it, in words, when contact is null; kept when somebody links it, for the way back */
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
  /** of a chat: when and which way the message that its preview is of was said */
  said?: { at: Date; direction: string };
  /** how far it got, where the channel tells: the state and, when it failed, why */
  status?: { state: string; at: Date; error: string | null };
  /** of a chat: how many messages it has */
  messages?: number;
  retention: RetentionTag;
  /** somebody put it where it is: another content of the item doesn't take it away */
  byHand?: true;
  /** contacts whose timelines somebody took it off: it doesn't come back */
  takenOff?: string[];
  /** when something was added to what it shows (a status, a message): a live page shows it again */
  changedAt?: Date;
}

/** The interaction or register event that an entry is of. */
export const itemOf = ({ interaction, event, _id }: Pick<TimelineDoc, '_id' | 'interaction' | 'event'>): string =>
  interaction ?? event ?? _id;

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
    said: mixed,
    status: mixed,
    messages: Number,
    retention: { ...mixed, required: true },
    byHand: { type: Boolean, default: undefined },
    takenOff: { type: [String], default: undefined },
    changedAt: Date,
  },
  [
    [{ contact: 1, occurredAt: -1, _id: -1, channel: 1, direction: 1, files: 1 }],
    [{ contact: 1, channel: 1, occurredAt: -1, _id: -1, direction: 1, files: 1 }],
    [{ contact: 1, 'said.at': -1, _id: -1 }, { partialFilterExpression: { 'said.at': { $type: 'date' } } }],
    [{ interaction: 1 }],
    [{ 'retention.keepUntil': 1 }, { partialFilterExpression: { 'retention.keepUntil': { $type: 'string' } } }],
  ],
);

export const timelineModel = (connection: Connection): Model<TimelineDoc> =>
  connection.model<TimelineDoc>('TimelineEntry', schema, 'timeline');
