import type { Connection, Model } from 'mongoose';
import { defineSchema, required } from './schema.ts';

/** How long something is kept, from when, for what and on which basis. `version` is the content's hash. */
export interface PolicyDoc {
  _id: string;
  version: string;
  purpose: string;
  legalBasis: string;
  trigger: 'relationship-end' | 'captured';
  /** ISO 8601 duration */
  period: string;
}

const schema = defineSchema<PolicyDoc>({
  _id: required(String),
  version: required(String),
  purpose: required(String),
  legalBasis: required(String),
  trigger: required(String),
  period: required(String),
});

export const policyModel = (connection: Connection): Model<PolicyDoc> =>
  connection.model<PolicyDoc>('Policy', schema, 'policies');
