import type { Connection, Model } from 'mongoose';
import { defineSchema, nullable, required } from './schema.ts';

export type Role = 'agent' | 'privacy-officer' | 'administrator' | 'source';

export interface UserDoc {
  _id: string;
  email: string;
  name: string;
  role: Exclude<Role, 'source'>;
  /** argon2id, PHC string */
  passwordHash: string;
  /** accounts whose interactions may be seen; null: all */
  accounts: string[] | null;
  disabled: boolean;
  createdAt: Date;
}

export interface TokenDoc {
  /** SHA-256 of the token, hex */
  _id: string;
  name: string;
  role: Role;
  /** the one account of a `source` token */
  account: string | null;
  createdAt: Date;
}

export interface SessionDoc {
  /** SHA-256 of the cookie's value, hex */
  _id: string;
  user: string;
  createdAt: Date;
  expiresAt: Date;
}

/** One read of personal data: who saw what of whom. No content. */
export interface AccessLogDoc {
  _id: string;
  at: Date;
  /** user or token id */
  who: string;
  whoName: string;
  action: string;
  contact: string | null;
  interaction: string | null;
  /** an item in quarantine, and the account that it came by */
  quarantined?: { id: string; account: string } | null;
}

const userSchema = defineSchema<UserDoc>({
  _id: required(String),
  email: required(String),
  name: { type: String, default: '' },
  role: required(String),
  passwordHash: required(String),
  accounts: { type: [String], default: null },
  disabled: { type: Boolean, default: false },
  createdAt: required(Date),
});

const tokenSchema = defineSchema<TokenDoc>({
  _id: required(String),
  name: required(String),
  role: required(String),
  account: nullable(String),
  createdAt: required(Date),
});

const sessionSchema = defineSchema<SessionDoc>(
  { _id: required(String), user: required(String), createdAt: required(Date), expiresAt: required(Date) },
  [[{ user: 1 }], [{ expiresAt: 1 }, { expireAfterSeconds: 0 }]],
);

const accessLogSchema = defineSchema<AccessLogDoc>(
  {
    _id: required(String),
    at: required(Date),
    who: required(String),
    whoName: { type: String, default: '' },
    action: required(String),
    contact: nullable(String),
    interaction: nullable(String),
    quarantined: nullable(Object),
  },
  [
    [{ at: -1, _id: -1 }],
    [{ contact: 1, at: -1 }],
    [{ interaction: 1, at: -1 }, { partialFilterExpression: { interaction: { $gt: '' } } }],
    [{ who: 1, at: -1 }],
  ],
);

export const userModel = (connection: Connection): Model<UserDoc> =>
  connection.model<UserDoc>('User', userSchema, 'users');
export const tokenModel = (connection: Connection): Model<TokenDoc> =>
  connection.model<TokenDoc>('Token', tokenSchema, 'tokens');
export const sessionModel = (connection: Connection): Model<SessionDoc> =>
  connection.model<SessionDoc>('Session', sessionSchema, 'sessions');
export const accessLogModel = (connection: Connection): Model<AccessLogDoc> =>
  connection.model<AccessLogDoc>('AccessLog', accessLogSchema, 'accessLog');
