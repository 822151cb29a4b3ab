import type { Connection, Model } from 'mongoose';
import { defineSchema, mixed, nullable, required } from './schema.ts';

/** Work on the register that is too much for the transaction that made it necessary; written in that transaction, so that a kill loses none. */
export interface JobDoc {
  /** `<kind>:<target>`: the same work is queued once; of a late one the minute follows */
  _id: string;
  kind: 'restamp-contact' | 'refresh-organisation' | 'link-organisation';
  target: string;
  /** how far it has come, moved in the transactions that do the work; null: at the beginning */
  cursor: unknown;
  /** whom the history names */
  who: string;
  source: string;
  /** it isn't done before */
  createdAt: Date;
  /** of a late one: contacts that changed before then are as they should be */
  since?: Date;
}

const schema = defineSchema<JobDoc>({
  _id: required(String),
  kind: required(String),
  target: required(String),
  cursor: nullable(mixed.type),
  who: required(String),
  source: required(String),
  createdAt: required(Date),
  since: Date,
});

export const jobModel = (connection: Connection): Model<JobDoc> => connection.model<JobDoc>('Job', schema, 'jobs');
