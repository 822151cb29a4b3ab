import type { ClientSession } from 'mongoose';
import type { ContactDoc } from '../../models/contacts.ts';
import type { Models } from '../../models/index.ts';
import type { OrganisationDoc } from '../../models/organisations.ts';
import { type Identified, identifierKey, mailDomain, organisationDomainsOf } from '../rules/identity.ts';
import { locatorOf, quarantineId, sightingId } from '../rules/keys.ts';
import type { Threaded } from '../rules/threading.ts';
import { identify } from './identify.ts';
import type { PreparedBatch } from './types.ts';

export interface KnownInteraction {
  _id: string;
  accounts: string[];
  original?: { sha256: string };
  revisions: { sha256: string }[];
}

/** All that one commit needs to know, read in its own transaction. */
export interface Facts {
  interactions: Map<string, KnownInteraction>;
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

const readThreads = async (models: Models, keys: string[], session: ClientSession): Promise<Threaded[]> => {
  if (keys.length === 0) return [];
  return (await models.interactions.collection
    .find({ threadKeys: { $in: keys } }, { session, projection: { threadKeys: 1, conversation: 1 } })
    .toArray()) as unknown as Threaded[];
};

/** Follows merges to the contact that survived. */
const readContacts = async (models: Models, ids: Iterable<string>, session: ClientSession) => {
  const contacts = await byIds<ContactDoc>(models.contacts.collection, ids, session);
  const missing = () =>
    [...contacts.values()]
      .map(contact => contact.mergedInto)
      .filter(id => id !== null && !contacts.has(id)) as string[];
  for (let next = missing(); next.length > 0; next = missing()) {
    for (const [id, contact] of await byIds<ContactDoc>(models.contacts.collection, next, session))
      contacts.set(id, contact);
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

const quarantineIds = (account: string, { items, failures }: PreparedBatch): string[] => [
  ...items.flatMap(({ item }) => (item.sighting ? [quarantineId(account, locatorOf(item.sighting))] : [])),
  ...failures.map(({ id }) => id),
];

const domainsOf = (identified: Iterable<Identified>): string[] =>
  [...identified].flatMap(({ type, value }) => {
    const domain = type === 'email' ? mailDomain(value) : null;
    return domain ? organisationDomainsOf(domain) : [];
  });

/** Reads what a batch's commit depends on, one query after another (a session allows no two at once). */
export const readFacts = async (
  models: Models,
  account: string,
  country: string,
  prepared: PreparedBatch,
  session: ClientSession,
): Promise<Facts> => {
  const people = prepared.items.flatMap(({ item }) => item.participants.map(one => identify(one.identifier, country)));
  const identified = people.filter(one => one !== null);
  const sightings = prepared.items.flatMap(({ item }) =>
    item.sighting ? [sightingId(account, item.sighting, item.raw?.sha256 ?? '')] : [],
  );
  const interactions = await byIds<KnownInteraction>(
    models.interactions.collection,
    prepared.items.map(({ id }) => id),
    session,
    { accounts: 1, 'original.sha256': 1, 'revisions.sha256': 1 },
  );
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
  const contacts = await readContacts(
    models,
    [...identifiers.values()].map(({ contact }) => contact),
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
    sightings: seen,
    threads,
    identifiers: new Map([...identifiers].map(([key, { contact }]) => [key, contact])),
    contacts,
    organisations,
    domains: new Map([...domains].map(([key, { owner }]) => [key.slice('domain:'.length), owner])),
    quarantine: new Map([...quarantine].map(([id, { state }]) => [id, state])),
  };
};
