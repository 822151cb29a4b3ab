import type { ContactDoc } from '../../models/contacts.ts';
import { nameOrder, type OrganisationDoc } from '../../models/organisations.ts';
import { trusted } from '../../models/schema.ts';
import { cutPage, decodeCursor, encodeCursor, fromCursor, olderThan, toCursor } from '../read/cursor.ts';
import { searchPrefixes } from '../rules/identity.ts';
import type { RegisterContext } from './context.ts';
import type { ContactView, HistoryView, OrganisationView, Page } from './types.ts';
import { contactView, historyView, organisationView } from './views.ts';

/** Query of a list. */
export interface ListQuery {
  /** words to search for, of which the beginnings suffice; all must match */
  q?: string | undefined;
  limit?: number | undefined;
  /** `next` of the page above */
  before?: string | undefined;
}

const DEFAULT_LIMIT = 50;

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** One condition for each word: an anchored, case-sensitive expression is a range of the index on `search`. */
const meets = (q: string | undefined) =>
  searchPrefixes(q ?? '').map(prefix => ({ search: new RegExp(`^${escaped(prefix)}`) }));

const pageOf = <Doc, Item>(docs: Doc[], limit: number, view: (doc: Doc) => Item, place: (doc: Doc) => string) => {
  const { shown, next } = cutPage(docs, limit, place);
  return { items: shown.map(view), next };
};

/** The condition for contacts after a cursor. They are sorted by their last entry, newest first; those without entries come last. */
const contactsAfter = (cursor: string | undefined): object[] => {
  if (cursor === undefined) return [];
  const [at, id] = fromCursor(cursor, 'time?', 'text');
  if (at === null) return [{ 'lastEntry.at': null, _id: trusted({ $lt: id }) }];
  const older = [
    { 'lastEntry.at': trusted({ $lt: at }) },
    { 'lastEntry.at': at, _id: trusted({ $lt: id }) },
    { 'lastEntry.at': null },
  ];
  return [{ $or: older }];
};

/** Conditions for known contacts whose relationship has no date: neither their own nor their organisation's. */
const toReview = async ({ models }: RegisterContext): Promise<object[]> => {
  const dated = {
    $or: [{ 'relationship.startedAt': trusted({ $ne: null }) }, { 'relationship.endedAt': trusted({ $ne: null }) }],
  };
  const organisations = await models.organisations.distinct('_id', dated);
  const dateless = { 'relationship.startedAt': null, 'relationship.endedAt': null };
  return [{ provisional: false, ...dateless, organisation: trusted({ $nin: organisations }) }];
};

const namesOf = async ({ models }: RegisterContext, contacts: ContactDoc[]): Promise<Map<string, OrganisationDoc>> => {
  const ids = [...new Set(contacts.flatMap(({ organisation }) => organisation ?? []))];
  if (ids.length === 0) return new Map();
  const found = await models.organisations.find({ _id: trusted({ $in: ids }) }).lean();
  return new Map(found.map(organisation => [organisation._id, organisation]));
};

/** A page of contacts that match `q`, newest activity first. `review`: only those whose relationship has no date. Throws BadCursor. */
export const listContacts = async (
  context: RegisterContext,
  { q, limit = DEFAULT_LIMIT, before, review = false }: ListQuery & { review?: boolean | undefined },
): Promise<Page<ContactView>> => {
  const conditions = [...meets(q), ...contactsAfter(before), ...(review ? await toReview(context) : [])];
  const contacts = await context.models.contacts
    .find({ mergedInto: null, ...(conditions.length > 0 && { $and: conditions }) })
    .sort({ 'lastEntry.at': -1, _id: -1 })
    .limit(limit + 1)
    .lean();
  const names = await namesOf(context, contacts);
  return pageOf(
    contacts,
    limit,
    contact => contactView(contact, (contact.organisation && names.get(contact.organisation)) || null),
    ({ lastEntry, _id }) => toCursor(lastEntry?.at ?? null, _id),
  );
};

const organisationsAfter = (cursor: string | undefined): object[] => {
  if (cursor === undefined) return [];
  const [name, id] = fromCursor(cursor, 'text', 'text');
  return [{ $or: [{ name: trusted({ $gt: name }) }, { name, _id: trusted({ $gt: id }) }] }];
};

/** A page of organisations that match `q`, by name. Throws BadCursor. */
export const listOrganisations = async (
  { models }: RegisterContext,
  { q, limit = DEFAULT_LIMIT, before }: ListQuery,
): Promise<Page<OrganisationView>> => {
  const conditions = [...meets(q), ...organisationsAfter(before)];
  const organisations = await models.organisations
    .find(conditions.length > 0 ? { $and: conditions } : {})
    .sort({ name: 1, _id: 1 })
    .collation(nameOrder)
    .limit(limit + 1)
    .lean();
  return pageOf(organisations, limit, organisationView, ({ name, _id }) => toCursor(name, _id));
};

/** A page of the changes of an organisation, or of a contact with those it absorbed (`ids`), newest first. Throws BadCursor. */
export const listHistory = async (
  { models }: RegisterContext,
  ids: readonly string[],
  { limit = DEFAULT_LIMIT, before }: Omit<ListQuery, 'q'>,
): Promise<Page<HistoryView>> => {
  const place = decodeCursor(before);
  const rows = await models.history
    .find({ id: trusted({ $in: [...ids] }), ...olderThan('at', place) })
    .sort({ at: -1, _id: -1 })
    .limit(limit + 1)
    .lean();
  return pageOf(rows, limit, historyView, ({ at, _id: id }) => encodeCursor({ at, id }));
};
