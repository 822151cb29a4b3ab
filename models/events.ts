import type { Connection, Model } from 'mongoose';
import type { StoredOriginal, StoredParticipant } from './interactions.ts';
import { defineSchema, mixed, required } from './schema.ts';

/** A register event (booking, purchase, …) of another system, `_id` from its source key. */
export interface RegisterEventDoc {
  _id: string;
  sourceKey: string;
  externalId?: string;
  account: string;
  connector: string;
  /** 'booking', 'purchase', … */
  event: string;
  occurredAt: Date;
  capturedAt: Date;
  subject?: string;
  participants: StoredParticipant[];
  data?: unknown;
  original?: StoredOriginal;
  revisions: { at: Date; sha256: string; blob: string }[];
}

const schema = defineSchema<RegisterEventDoc>({
  _id: required(String),
  sourceKey: required(String),
  externalId: String,
  account: required(String),
  connector: required(String),
  event: required(String),
  occurredAt: required(Date),
  capturedAt: required(Date),
  subject: String,
  participants: [mixed],
  data: mixed,
  original: mixed,
  revisions: [mixed],
});

export const registerEventModel = (connection: Connection): Model<RegisterEventDoc> =>
  connection.model<RegisterEventDoc>('RegisterEvent', schema, 'registerEvents');
