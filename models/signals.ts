import type { Connection, Model } from 'mongoose';
import { defineSchema, mixed, required } from './schema.ts';

/** Who is connected to a hub, as it says every few seconds. */
export interface HubSignal {
  _id: string;
  kind: 'hub';
  hub: string;
  at: Date;
  /** chats whose visitors are there */
  visitors: { conversation: string; account: string }[];
  /** accounts that agents are there for; null: for all */
  attends: string[] | null;
}

/** Somebody is typing. */
export interface TypingSignal {
  _id: string;
  kind: 'typing';
  hub: string;
  at: Date;
  by: 'visitor' | 'agent';
  conversation: string;
  account: string;
  name: string;
}

/** What hubs tell each other and nobody keeps: gone after a minute. */
export type SignalDoc = HubSignal | TypingSignal;

const SECONDS = 60;

const schema = defineSchema<SignalDoc>(
  {
    _id: required(String),
    kind: required(String),
    hub: required(String),
    at: required(Date),
    visitors: mixed,
    attends: mixed,
    by: String,
    conversation: String,
    account: String,
    name: String,
  } as never,
  [[{ at: 1 }, { expireAfterSeconds: SECONDS }]],
);

export const signalModel = (connection: Connection): Model<SignalDoc> =>
  connection.model<SignalDoc>('Signal', schema, 'signals');
