import type { ContactDoc } from '../../models/contacts.ts';
import type { HistoryDoc } from '../../models/history.ts';
import type { OrganisationDoc } from '../../models/organisations.ts';
import type { ContactView, HistoryView, OrganisationView } from './types.ts';

/** A contact as it is shown, its organisation's name with it. */
export const contactView = (
  contact: ContactDoc,
  organisation: Pick<OrganisationDoc, '_id' | 'name'> | null,
): ContactView => ({
  id: contact._id,
  name: { first: contact.name.first, last: contact.name.last },
  organisation: organisation && { id: organisation._id, name: organisation.name },
  identifiers: contact.identifiers.map(({ type, value }) => ({ type, value })),
  provisional: contact.provisional,
  relationship: { startedAt: contact.relationship.startedAt, endedAt: contact.relationship.endedAt },
  externalId: contact.externalId,
  lastEntry: contact.lastEntry && { ...contact.lastEntry, at: contact.lastEntry.at.toISOString() },
  createdAt: contact.createdAt.toISOString(),
  updatedAt: contact.updatedAt.toISOString(),
});

export const organisationView = (organisation: OrganisationDoc): OrganisationView => ({
  id: organisation._id,
  name: organisation.name,
  domains: [...organisation.domains],
  relationship: { startedAt: organisation.relationship.startedAt, endedAt: organisation.relationship.endedAt },
  externalId: organisation.externalId,
  createdAt: organisation.createdAt.toISOString(),
  updatedAt: organisation.updatedAt.toISOString(),
});

export const historyView = ({ _id, at, who, source, changes }: HistoryDoc): HistoryView => ({
  id: _id,
  at: at.toISOString(),
  who,
  source,
  changes,
});
