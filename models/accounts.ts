import type { Connection, Model } from 'mongoose';
import { defineSchema, mixed, nullable, required } from './schema.ts';

export type AccountState = 'running' | 'paused' | 'parked';

/** One configured source of a connector. Secrets are taken out of `config` and kept sealed. */
export interface AccountDoc {
  _id: string;
  connector: string;
  name: string;
  config: Record<string, unknown>;
  /** AES-256-GCM over the JSON of the secret fields, null when there are none */
  sealed: string | null;
  /** normalised addresses that are ours by this account */
  addresses: string[];
  state: AccountState;
  /** in words, for the administrator */
  lastError: string | null;
  lagSeconds: number | null;
  /** goes up with each change of config or state: its puller starts again */
  revision: number;
  createdAt: Date;
  deletedAt: Date | null;
}

const schema = defineSchema<AccountDoc>({
  _id: required(String),
  connector: required(String),
  name: required(String),
  config: { ...mixed, default: {} },
  sealed: nullable(String),
  addresses: [String],
  state: required(String),
  lastError: nullable(String),
  lagSeconds: nullable(Number),
  revision: { type: Number, default: 0 },
  createdAt: required(Date),
  deletedAt: nullable(Date),
});

export const accountModel = (connection: Connection): Model<AccountDoc> =>
  connection.model<AccountDoc>('Account', schema, 'accounts');
