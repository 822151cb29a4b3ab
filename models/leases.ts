import type { Connection, Model } from 'mongoose';
import { defineSchema, mixed, required } from './schema.ts';

export interface Holder {
  host: string;
  pid: number;
  /** start time of the process, so that a re-used pid isn't taken for it */
  start: string;
}

/** Who may pull an account (or run a job) right now. Times are the server's. */
export interface LeaseDoc {
  _id: string;
  /** null until somebody takes it */
  holder: Holder | null;
  /** fencing token: goes up with each new holder */
  token: number;
  expiresAt: Date;
}

const schema = defineSchema<LeaseDoc>({
  _id: required(String),
  holder: mixed,
  token: required(Number),
  expiresAt: required(Date),
});

export const leaseModel = (connection: Connection): Model<LeaseDoc> =>
  connection.model<LeaseDoc>('Lease', schema, 'leases');
