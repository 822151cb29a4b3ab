import type { Connection, Model } from 'mongoose';
import { defineSchema, required } from './schema.ts';

/** One copy of an interaction at a source. `_id` is from (account, folder, uidValidity, uid), for a file also from the bytes. */
export interface SightingDoc {
  _id: string;
  interaction: string;
  account: string;
  folder: string;
  uidValidity: string;
  uid: number;
  sha256: string;
  /** another UIDVALIDITY came after */
  stale: boolean;
}

const schema = defineSchema<SightingDoc>(
  {
    _id: required(String),
    interaction: required(String),
    account: required(String),
    folder: required(String),
    uidValidity: { type: String, default: '' },
    uid: required(Number),
    sha256: required(String),
    stale: { type: Boolean, default: false },
  },
  [[{ interaction: 1 }], [{ account: 1, folder: 1, uidValidity: 1, uid: 1 }]],
);

export const sightingModel = (connection: Connection): Model<SightingDoc> =>
  connection.model<SightingDoc>('Sighting', schema, 'sightings');
