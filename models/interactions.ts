import type { Connection, Model } from 'mongoose';
import { defineSchema, mixed, nullable, required } from './schema.ts';
import type { TimelineDoc } from './timeline.ts';
import type { IdentifierValue } from './types.ts';

export interface StoredParticipant {
  role: string;
  name?: string;
  identifier: IdentifierValue;
  also?: IdentifierValue[];
  /** of a Bcc: the accounts whose own copies name it; unset: the one that captured it first */
  accounts?: string[];
}

/** A file of an interaction. `n` counts from 1, depth first; `inline` is shown inside the html. */
export interface StoredPart {
  n: number;
  name?: string;
  type: string;
  size: number;
  inline: boolean;
  cid?: string;
  /** the part's own blob, where it is no slice of the original */
  blob?: string;
}

export interface StoredOriginal {
  blob: string;
  type: string;
  size: number;
  sha256: string;
}

/** What came of a status: one row a distinct callback, in the order of their own time. */
export interface StatusRow {
  state: string;
  at: Date;
  error: string | null;
  rank?: number;
  /** id of the item that told it */
  item?: string;
}

/** A leg of a call by what was told of it last: who takes part in the call, since when and which way it goes is made of all of them. */
export interface StoredLeg {
  /** of the item that told it */
  id: string;
  direction: string;
  occurredAt: Date;
  participants: StoredParticipant[];
  /** it makes no call by itself: it doesn't say who called whom */
  waits?: true;
  /** what items belong to that name the leg and not its call */
  standsFor?: string;
}

/** Of a chat: the times of the messages that its direction and its preview were taken from, and of the latest message. */
export interface SaidAt {
  direction: Date | null;
  preview: Date | null;
  /** the message of the preview as its entries have it; null: nobody said that, it is a line of the chat tool's; unset: from before it was kept */
  said?: TimelineDoc['said'] | null;
  last: Date;
}

/** An item that was added to an interaction: what makes a repetition one, and the evidence of it. */
export interface AppliedItem {
  /** from its source key */
  id: string;
  kind: string;
  at: Date;
  sha256: string | null;
  original?: StoredOriginal;
  /** its source tells it in several forms: this is one of them */
  form?: true;
}

export interface InteractionDoc {
  /** from the source key (server/rules/keys) */
  _id: string;
  sourceKey: string;
  externalId?: string;
  /** who captured it first, and all who hold it */
  account: string;
  accounts: string[];
  connector: string;
  channel: string;
  direction: string;
  occurredAt: Date;
  sentAt?: Date;
  capturedAt: Date;
  subject?: string;
  participants: StoredParticipant[];
  conversation: string;
  threadKeys: string[];
  parts: StoredPart[];
  original?: StoredOriginal;
  notice?: string;
  details?: unknown;
  /** `rank` of the state that it has reached: a lower one never replaces it */
  status: { state: string; rank: number; history: StatusRow[] } | null;
  /** statuses, recordings and call legs that were added to it */
  applied?: AppliedItem[];
  legs?: StoredLeg[];
  saidAt?: SaidAt;
  /** of a chat: the last message's, counted with and without notes */
  lastSeq?: number;
  lastVisitorSeq?: number;
  /** ISO 3166, of numbers without a prefix, where its account has one of its own */
  country?: string;
  revisions: { at: Date; sha256: string; blob: string }[];
}

/** What its connector says of it besides: an object, or nothing. */
export const detailsOf = ({ details }: { details?: unknown }): Record<string, unknown> =>
  typeof details === 'object' && details !== null && !Array.isArray(details) ? { ...details } : {};

const schema = defineSchema<InteractionDoc>(
  {
    _id: required(String),
    sourceKey: required(String),
    externalId: String,
    account: required(String),
    accounts: [String],
    connector: required(String),
    channel: required(String),
    direction: required(String),
    occurredAt: required(Date),
    sentAt: Date,
    capturedAt: required(Date),
    subject: String,
    participants: [mixed],
    conversation: required(String),
    threadKeys: [String],
    parts: [mixed],
    original: mixed,
    notice: String,
    details: mixed,
    status: nullable(mixed.type),
    applied: { type: [mixed.type], default: undefined },
    legs: { type: [mixed.type], default: undefined },
    saidAt: mixed,
    lastSeq: Number,
    lastVisitorSeq: Number,
    country: String,
    revisions: [mixed],
  },
  [
    [{ capturedAt: 1, _id: 1 }],
    [{ accounts: 1, capturedAt: 1, _id: 1 }],
    [{ conversation: 1 }],
    [{ threadKeys: 1 }],
    [{ channel: 1, capturedAt: 1, _id: 1 }],
    [{ 'legs.standsFor': 1 }, { sparse: true }],
  ],
);

export const interactionModel = (connection: Connection): Model<InteractionDoc> =>
  connection.model<InteractionDoc>('Interaction', schema, 'interactions');
