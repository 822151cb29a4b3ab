import type { Connection, Model } from 'mongoose';
import type { StoredOriginal, StoredPart } from './interactions.ts';
import { defineSchema, mixed, nullable, required } from './schema.ts';
import type { IdentifierValue } from './types.ts';

/** One message of a chat, `_id` from the conversation and the sender's or provider's id. */
export interface MessageDoc {
  _id: string;
  interaction: string;
  /** from 1, in the order they were committed */
  seq: number;
  /** the same without notes, which no visitor may know of; null for a note */
  visitorSeq: number | null;
  /** the sender's or provider's id */
  externalId: string | null;
  at: Date;
  direction: string;
  /** 'message', 'note' (for colleagues only) or 'system' */
  kind: string;
  sender: { name: string | null; identifier: IdentifierValue | null };
  text: string;
  /** each with a blob of its own, by its number in the interaction */
  parts: StoredPart[];
  /** further ids that it is known by: of its place, and as it came later */
  also?: string[];
  /** of one that may come without its files: what was written with them */
  words?: string;
  /** as the provider sent it */
  original?: StoredOriginal;
  /** as it came with more later */
  revisions?: { at: Date; sha256: string; blob: string }[];
}

const schema = defineSchema<MessageDoc>(
  {
    _id: required(String),
    interaction: required(String),
    seq: required(Number),
    visitorSeq: nullable(Number),
    externalId: nullable(String),
    at: required(Date),
    direction: required(String),
    kind: required(String),
    sender: { ...mixed, required: true },
    text: { type: String, default: '' },
    parts: [mixed],
    also: { type: [String], default: undefined },
    words: String,
    original: mixed,
    revisions: { type: [mixed], default: undefined },
  },
  [[{ interaction: 1, seq: 1 }], [{ interaction: 1, at: 1, seq: 1 }], [{ also: 1 }, { sparse: true }]],
);

export const messageModel = (connection: Connection): Model<MessageDoc> =>
  connection.model<MessageDoc>('Message', schema, 'messages');
