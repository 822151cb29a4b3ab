import type { LastEntry } from '../../models/contacts.ts';
import type { IdentifierValue, Relationship } from '../../models/types.ts';

/** Who changes the register, and by which way ('api', 'csv-import', ...); kept in `history`. */
export interface Actor {
  /** id of the user or token */
  who: string;
  source: string;
}

interface RelationshipInput {
  startedAt?: string | null | undefined;
  endedAt?: string | null | undefined;
}

/** A change of a contact: given fields are changed, objects merge, arrays are replaced, null clears. */
export interface ContactInput {
  name?: { first?: string | null | undefined; last?: string | null | undefined } | null | undefined;
  /** id or name of an existing organisation; a new name creates one */
  organisation?: string | { id?: string | undefined; name?: string | undefined } | null | undefined;
  identifiers?: IdentifierValue[] | null | undefined;
  /** replaces the identifiers of these types only; not together with `identifiers` */
  identifiersOf?: Readonly<Record<string, readonly string[]>> | undefined;
  provisional?: false | undefined;
  /** YYYY-MM-DD, or an instant that is cut to its day in the hub's zone */
  relationship?: RelationshipInput | null | undefined;
  externalId?: string | null | undefined;
}

/** A change of an organisation, as ContactInput. */
export interface OrganisationInput {
  name?: string | undefined;
  domains?: string[] | null | undefined;
  relationship?: RelationshipInput | null | undefined;
  externalId?: string | null | undefined;
}

/** A contact as it is shown; instants are ISO 8601 in UTC. */
export interface ContactView {
  id: string;
  name: { first: string | null; last: string | null };
  organisation: { id: string; name: string; relationship: Relationship } | null;
  identifiers: IdentifierValue[];
  provisional: boolean;
  relationship: Relationship;
  externalId: string | null;
  lastEntry: (Omit<LastEntry, 'at' | 'entry'> & { at: string }) | null;
  createdAt: string;
  updatedAt: string;
}

/** An organisation as it is shown; instants are ISO 8601 in UTC. */
export interface OrganisationView {
  id: string;
  name: string;
  domains: string[];
  relationship: Relationship;
  externalId: string | null;
  createdAt: string;
  updatedAt: string;
}

/** A change in the history as it is shown. */
export interface HistoryView {
  id: string;
  /** id of the contact or organisation that was changed; changes of absorbed contacts are listed with the surviving one's */
  of: string;
  at: string;
  who: string;
  source: string;
  changes: { field: string; old: unknown; new: unknown }[];
}

/** One page of a list. */
export interface Page<Item> {
  items: Item[];
  /** opaque: `before` of the next page; null on the last one */
  next: string | null;
}

/** What a change did. */
export type Outcome = 'created' | 'changed' | 'unchanged';
