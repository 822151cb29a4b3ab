import type { ContactDoc, LastEntry } from '../../models/contacts.ts';
import type { HistoryDoc } from '../../models/history.ts';
import type { OrganisationDoc } from '../../models/organisations.ts';
import type { Relationship } from '../../models/types.ts';
import type { ContactView, HistoryView, OrganisationView } from './types.ts';

const relationshipView = ({ startedAt, endedAt }: Relationship): Relationship => ({ startedAt, endedAt });

const lastEntryView = ({ at, channel, direction, text }: LastEntry) => ({
  at: at.toISOString(),
  channel,
  direction,
  text,
});

/** A contact as it is shown, with its organisation. */
export const contactView = (contact: ContactDoc, organisation: OrganisationDoc | null): ContactView => ({
  id: contact._id,
  name: { first: contact.name.first, last: contact.name.last },
  organisation: organisation && {
    id: organisation._id,
    name: organisation.name,
    relationship: relationshipView(organisation.relationship),
  },
  identifiers: contact.identifiers.map(({ type, value }) => ({ type, value })),
  provisional: contact.provisional,
  relationship: relationshipView(contact.relationship),
  externalId: contact.externalId,
  lastEntry: contact.lastEntry && lastEntryView(contact.lastEntry),
  createdAt: contact.createdAt.toISOString(),
  updatedAt: contact.updatedAt.toISOString(),
});

/** An organisation as it is shown. */
export const organisationView = (organisation: OrganisationDoc): OrganisationView => ({
  id: organisation._id,
  name: organisation.name,
  domains: [...organisation.domains],
  relationship: relationshipView(organisation.relationship),
  externalId: organisation.externalId,
  createdAt: organisation.createdAt.toISOString(),
  updatedAt: organisation.updatedAt.toISOString(),
});

/** A change as it is shown. */
export const historyView = ({ _id, id, at, who, source, changes }: HistoryDoc): HistoryView => ({
  id: _id,
  of: id,
  at: at.toISOString(),
  who,
  source,
  changes,
});
