import type { Connection, Model } from 'mongoose';
import { defineSchema, nullable, required } from './schema.ts';
import type { Relationship } from './types.ts';

export interface OrganisationDoc {
  _id: string;
  name: string;
  /** mail domains, lower case, each owned by one organisation (`keys`: 'domain:…'); never a public mail provider's */
  domains: string[];
  relationship: Relationship;
  externalId: string | null;
  search: string[];
  /** goes up with each change of it and each transaction that brings contacts to it: neither may read what the other is about to change */
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

/** The order of names in a list: as a Finnish reader looks them up (å, ä and ö after z), upper and lower case side by side. */
export const nameOrder = { locale: 'fi' } as const;

const schema = defineSchema<OrganisationDoc>(
  {
    _id: required(String),
    name: required(String),
    domains: [String],
    relationship: { startedAt: nullable(String), endedAt: nullable(String) },
    externalId: nullable(String),
    search: [String],
    revision: { type: Number, default: 0 },
    createdAt: required(Date),
    updatedAt: required(Date),
  },
  [
    [{ search: 1 }],
    [
      { name: 1, _id: 1 },
      { name: 'name_order', collation: nameOrder },
    ],
  ],
);

export const organisationModel = (connection: Connection): Model<OrganisationDoc> =>
  connection.model<OrganisationDoc>('Organisation', schema, 'organisations');
