import type { ClientSession } from 'mongoose';
import type { Captured } from '../../connectors/contract.ts';
import type { ContactDoc } from '../../models/contacts.ts';
import type { RegisterEventDoc } from '../../models/events.ts';
import type { Models } from '../../models/index.ts';
import type { InteractionDoc } from '../../models/interactions.ts';
import type { OrganisationDoc } from '../../models/organisations.ts';
import type { TimelineDoc } from '../../models/timeline.ts';
import { type Identified, identifierKey, identify, mailDomain, organisationDomainsOf } from '../rules/identity.ts';
import { locatorOf, quarantineId, sightingId } from '../rules/keys.ts';
import type { Threaded } from '../rules/threading.ts';
import { native } from '../store/native.ts';
import { type KnownMessages, readMessages } from './known-messages.ts';
import { contactsOf, type Revisable, readRevisable } from './revisable.ts';
import type { PreparedBatch } from './types.ts';
import { broughtBy } from './widen.ts';

export interface KnownInteraction {
  _id: string;
  accounts: string[];
  direction: string;
  original?: { sha256: string };
  revisions: { sha256: string }[];
}

export type KnownEntry = Pick<TimelineDoc, '_id' | 'interaction' | 'contact' | 'takenOff' | 'preview'>;

export type KnownEvent = Pick<RegisterEventDoc, '_id' | 'original' | 'revisions'>;

/** All that one commit needs to know, read in its own transaction. */
export interface Facts {
  interactions: Map<string, KnownInteraction>;
  /** interactions that items of this batch belong to, as a whole */
  targets: Map<string, InteractionDoc>;
  /** of those targets that a further leg or message brings somebody to: their entries on timelines */
  entries: ReadonlyMap<string, readonly KnownEntry[]>;
  messages: KnownMessages;
  events: Map<string, KnownEvent>;
  /** items of this batch that are there with other content, or of which a further copy may say more */
  revisable: Map<string, Revisable>;
  /** sighting → interaction, and whether it is stale */
  sightings: Map<string, { interaction: string; stale: boolean }>;
  threads: Threaded[];
  /** identifier key → contact */
  identifiers: Map<string, string>;
  contacts: Map<string, ContactDoc>;
  organisations: Map<string, OrganisationDoc>;
  /** mail domain → organisation */
  domains: Map<string, string>;
  /** quarantine rows of these items and failures: id → state */
  quarantine: Map<string, string>;
}

/** Interactions of earlier batches that are read for their thread, besides two for each key. */
const THREADS_MORE = 200;

type Collection = Models['interactions']['collection'];

const byIds = async <T extends { _id: string }>(
  collection: Collection,
  ids: Iterable<string>,
  session: ClientSession,
  projection?: Record<string, 1>,
): Promise<Map<string, T>> => {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const found = await collection
    .find({ _id: { $in: wanted as never[] } }, { session, ...(projection ? { projection } : {}) })
    .toArray();
  return new Map((found as unknown as T[]).map(document => [document._id, document]));
};

/** All that share a key are in one conversation, so one of them is enough: of a thread of thousands, not all are read. */
const readThreads = async (models: Models, keys: string[], session: ClientSession): Promise<Threaded[]> => {
  if (keys.length === 0) return [];
  const options = { session, projection: { threadKeys: 1, conversation: 1 } };
  const find = (filter: object, limit: number) =>
    native(models.interactions)
      .find<Threaded>(filter, { ...options, limit, batchSize: limit + 1 })
      .toArray();
  const most = 2 * keys.length + THREADS_MORE;
  const found = await find({ threadKeys: { $in: keys } }, most);
  if (found.length < most) return found;
  const known = new Set(found.flatMap(({ threadKeys }) => threadKeys));
  for (const key of keys) if (!known.has(key)) found.push(...(await find({ threadKeys: key }, 1)));
  return found;
};

/** Follows merges to the contact that survived, or as far as there is one. */
const readContacts = async (models: Models, ids: Iterable<string>, session: ClientSession) => {
  const contacts = await byIds<ContactDoc>(models.contacts.collection, ids, session);
  const missing = () =>
    [...contacts.values()]
      .map(contact => contact.mergedInto)
      .filter(id => id !== null && !contacts.has(id)) as string[];
  for (let next = missing(), found = 1; next.length > 0 && found > 0; next = missing()) {
    const more = await byIds<ContactDoc>(models.contacts.collection, next, session);
    for (const [id, contact] of more) contacts.set(id, contact);
    found = more.size;
  }
  return contacts;
};

const threadKeysOf = ({ items }: PreparedBatch): string[] => [
  ...new Set(
    items.flatMap(({ item, threadKeys: { strong, lastResort } }) =>
      item.lastResortLookup === false ? strong : [...strong, ...lastResort],
    ),
  ),
];

/** Quarantine rows that an item may have been put into before it could be captured. */
export const rowsBefore = (
  account: string,
  { sighting, belongsTo, sourceKey, quarantinedAs = [] }: Captured,
): string[] =>
  [...(sighting ? [locatorOf(sighting)] : []), ...(belongsTo === undefined ? [] : [sourceKey]), ...quarantinedAs].map(
    locator => quarantineId(account, locator),
  );

const quarantineIds = (account: string, { items, failures }: PreparedBatch): string[] => [
  ...items.flatMap(({ item }) => rowsBefore(account, item)),
  ...failures.map(({ id }) => id),
];

const domainsOf = (identified: Iterable<Identified>): string[] =>
  [...identified].flatMap(({ type, value }) => {
    const domain = type === 'email' ? mailDomain(value) : null;
    return domain ? organisationDomainsOf(domain) : [];
  });

const readEntries = async (
  models: Models,
  interactions: string[],
  session: ClientSession,
): Promise<Map<string, KnownEntry[]>> => {
  if (interactions.length === 0) return new Map();
  const projection = { interaction: 1, contact: 1, takenOff: 1, preview: 1 };
  const found = await native(models.timeline)
    .find<KnownEntry>({ interaction: { $in: interactions } }, { session, projection })
    .toArray();
  return new Map(interactions.map(id => [id, found.filter(({ interaction }) => interaction === id)]));
};

/** What is added to interactions, and the events. Mail has neither, and asks nothing. */
const readAdded = async (
  models: Models,
  { items }: PreparedBatch,
  session: ClientSession,
): Promise<Pick<Facts, 'targets' | 'entries' | 'messages' | 'events'>> => {
  const added = items.filter(({ item }) => item.belongsTo !== undefined);
  const idsOf = (kind: string) => items.flatMap(({ id, item }) => (item.kind === kind ? [id] : []));
  const targets = await byIds<InteractionDoc>(
    models.interactions.collection,
    added.map(({ target }) => target),
    session,
  );
  const widened = added.flatMap(({ item, target: id }) => {
    const target = targets.get(id);
    return target && broughtBy(target, item).length > 0 ? [id] : [];
  });
  const entries = await readEntries(models, [...new Set(widened)], session);
  const messages = await readMessages(models, items, session);
  const events = await byIds<KnownEvent>(models.registerEvents.collection, idsOf('event'), session, {
    'original.sha256': 1,
    'revisions.sha256': 1,
  });
  return { targets, entries, messages, events };
};

/** Reads what a batch's commit depends on, one query after another (a session allows no two at once). */
export const readFacts = async (
  models: Models,
  account: string,
  country: string,
  prepared: PreparedBatch,
  session: ClientSession,
): Promise<Facts> => {
  const sightings = prepared.items.flatMap(({ item }) =>
    item.sighting ? [sightingId(account, item.sighting, item.raw?.sha256 ?? '')] : [],
  );
  const own = prepared.items.filter(({ item }) => item.kind === 'interaction' && item.belongsTo === undefined);
  const interactions = await byIds<KnownInteraction>(
    models.interactions.collection,
    own.map(({ id }) => id),
    session,
    { accounts: 1, direction: 1, 'original.sha256': 1, 'revisions.sha256': 1 },
  );
  const added = await readAdded(models, prepared, session);
  const known = { interactions, events: added.events };
  const revisable = await readRevisable(models, prepared.items, known, session);
  const items = [...prepared.items, ...revisable.values()];
  const people = items.flatMap(({ item }) => item.participants.map(one => identify(one.identifier, country)));
  const identified = people.filter(one => one !== null);
  const seen = await byIds<{ _id: string; interaction: string; stale: boolean }>(
    models.sightings.collection,
    sightings,
    session,
    { interaction: 1, stale: 1 },
  );
  const threads = await readThreads(models, threadKeysOf(prepared), session);
  const identifiers = await byIds<{ _id: string; contact: string }>(
    models.identifiers.collection,
    identified.map(identifierKey),
    session,
  );
  const entries = [...[...revisable.values()].flatMap(one => one.entries), ...[...added.entries.values()].flat()];
  const contacts = await readContacts(
    models,
    [...[...identifiers.values()].map(({ contact }) => contact), ...contactsOf(entries)],
    session,
  );
  const unknown = identified.filter(one => !identifiers.has(identifierKey(one)));
  const domains = await byIds<{ _id: string; owner: string }>(
    models.keys.collection,
    domainsOf(unknown).map(domain => `domain:${domain}`),
    session,
  );
  const organisations = await byIds<OrganisationDoc>(
    models.organisations.collection,
    [
      ...[...contacts.values()].flatMap(({ organisation }) => (organisation ? [organisation] : [])),
      ...[...domains.values()].map(({ owner }) => owner),
    ],
    session,
  );
  const quarantine = await byIds<{ _id: string; state: string }>(
    models.quarantine.collection,
    quarantineIds(account, prepared),
    session,
    { state: 1 },
  );
  return {
    interactions,
    ...added,
    revisable,
    sightings: seen,
    threads,
    identifiers: new Map([...identifiers].map(([key, { contact }]) => [key, contact])),
    contacts,
    organisations,
    domains: new Map([...domains].map(([key, { owner }]) => [key.slice('domain:'.length), owner])),
    quarantine: new Map([...quarantine].map(([id, { state }]) => [id, state])),
  };
};
