import type { Connection, Model } from 'mongoose';
import { defineSchema, mixed, nullable, required } from './schema.ts';
import type { IdentifierValue, Relationship } from './types.ts';

/** The newest of a contact's timeline, for the list of contacts: the entry, or its message, that was said last. */
export interface LastEntry {
  /** unset: written before it was kept */
  entry?: string;
  at: Date;
  channel: string;
  direction: string;
  text: string;
}

export interface ContactDoc {
  _id: string;
  name: { first: string | null; last: string | null };
  organisation: string | null;
  identifiers: IdentifierValue[];
  /** made by capture from an unknown sender, and nobody said yet who that is */
  provisional: boolean;
  relationship: Relationship;
  externalId: string | null;
  /** absorbed by that contact; its entries stay where they are */
  mergedInto: string | null;
  lastEntry: LastEntry | null;
  /** lower-case words that a search may begin with: names, identifiers, organisation */
  search: string[];
  /** goes up with each change that retention depends on; a capture that read an older one conflicts with it and runs again */
  revision: number;
  /** goes up with each capture that puts something on its timeline: whoever changes what retention depends on conflicts with that */
  captures: number;
  createdAt: Date;
  updatedAt: Date;
}

/** A contact of whom nothing is known. */
export const blankContact = (_id: string, at: Date): ContactDoc => ({
  _id,
  name: { first: null, last: null },
  organisation: null,
  identifiers: [],
  provisional: false,
  relationship: { startedAt: null, endedAt: null },
  externalId: null,
  mergedInto: null,
  lastEntry: null,
  search: [],
  revision: 0,
  captures: 0,
  createdAt: at,
  updatedAt: at,
});

const schema = defineSchema<ContactDoc>(
  {
    _id: required(String),
    name: { first: nullable(String), last: nullable(String) },
    organisation: nullable(String),
    identifiers: [mixed],
    provisional: { type: Boolean, default: false },
    relationship: { startedAt: nullable(String), endedAt: nullable(String) },
    externalId: nullable(String),
    mergedInto: nullable(String),
    lastEntry: nullable(mixed.type),
    search: [String],
    revision: { type: Number, default: 0 },
    captures: { type: Number, default: 0 },
    createdAt: required(Date),
    updatedAt: required(Date),
  },
  [[{ search: 1 }], [{ mergedInto: 1, 'lastEntry.at': -1, _id: -1 }], [{ organisation: 1, _id: 1 }]],
);

export const contactModel = (connection: Connection): Model<ContactDoc> =>
  connection.model<ContactDoc>('Contact', schema, 'contacts');
