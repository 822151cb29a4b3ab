import type { Models } from '../../models/index.ts';
import type { OrganisationDoc } from '../../models/organisations.ts';
import { trusted } from '../../models/schema.ts';
import { FieldErrors } from '../errors.ts';
import { mailDomain, organisationDomainsOf, searchWords } from '../rules/identity.ts';
import { newId } from '../store/ids.ts';
import { insert, type Tx } from './context.ts';
import { changesBetween, record } from './history.ts';
import type { Actor } from './types.ts';

type Some = Pick<Models, 'organisations' | 'keys' | 'history'>;

/** Fields of an organisation that are recorded in the history. */
export const organisationFields = [
  'name',
  'domains',
  'relationship.startedAt',
  'relationship.endedAt',
  'externalId',
] as const;

/** Key of an organisation's name: case and the number of spaces don't matter. */
export const nameKey = (name: string): string =>
  `organisation:${name.normalize('NFC').toLowerCase().trim().replace(/\s+/g, ' ')}`;

/** Key of an organisation's domain. */
export const domainKey = (domain: string): string => `domain:${domain}`;

/** Words by which an organisation is found. */
export const organisationWords = (organisation: Pick<OrganisationDoc, 'name' | 'domains' | 'externalId'>): string[] => [
  ...new Set([
    ...searchWords({ organisationName: organisation.name, externalId: organisation.externalId }),
    ...organisation.domains,
  ]),
];

/** An organisation of which nothing is known but its name. */
export const newOrganisation = (name: string, at: Date): OrganisationDoc => ({
  _id: newId(),
  name,
  domains: [],
  relationship: { startedAt: null, endedAt: null },
  externalId: null,
  search: organisationWords({ name, domains: [], externalId: null }),
  revision: 0,
  createdAt: at,
  updatedAt: at,
});

/** The organisation with this id, or null; read once in a transaction. */
export const organisationById = async (
  { organisations }: Some,
  tx: Tx,
  id: string,
): Promise<OrganisationDoc | null> => {
  const known = tx.organisations.get(id);
  if (known) return known;
  const found = await organisations.findById(id, null, { session: tx.session }).lean();
  if (found) tx.organisations.set(id, found);
  return found;
};

/** Reads the organisations with these names and ids in one go. */
export const preloadOrganisations = async (models: Some, tx: Tx, names: readonly string[], ids: readonly string[]) => {
  const { session } = tx;
  const wanted = [...new Set(names.map(nameKey))];
  const rows = wanted.length ? await models.keys.find({ _id: trusted({ $in: wanted }) }, null, { session }).lean() : [];
  const all = [...new Set([...ids, ...rows.map(({ owner }) => owner)])];
  if (all.length === 0) return;
  for (const found of await models.organisations.find({ _id: trusted({ $in: all }) }, null, { session }).lean())
    tx.organisations.set(found._id, found);
  for (const { _id, owner } of rows) {
    const found = tx.organisations.get(owner);
    if (found) tx.organisations.set(_id, found);
  }
};

const create = async (models: Some, tx: Tx, name: string, actor: Actor): Promise<OrganisationDoc> => {
  const organisation = newOrganisation(name.replace(/\s+/g, ' '), new Date());
  insert(tx, models.organisations, [organisation]);
  insert(tx, models.keys, [{ _id: nameKey(name), owner: organisation._id }]);
  const changes = changesBetween(null, organisation, organisationFields);
  record(models, tx, 'organisation', organisation._id, actor, changes);
  return organisation;
};

/**
 * The organisation that a contact's change names: by id, or by name (which may also be an id); one with a new name is created. Throws FieldErrors for an
 * unknown id.
 */
export const organisationFor = async (
  models: Some,
  tx: Tx,
  { id, name = '' }: { id?: string; name?: string },
  actor: Actor,
): Promise<OrganisationDoc> => {
  if (id) {
    const found = await organisationById(models, tx, id);
    if (found) return found;
    throw new FieldErrors([{ pointer: '/organisation/id', detail: 'there is no such organisation' }]);
  }
  const key = nameKey(name);
  const known = tx.organisations.get(key);
  if (known) return known;
  const row = await models.keys.findById(key, null, { session: tx.session }).lean();
  const found = (await organisationById(models, tx, row?.owner ?? name)) ?? (await create(models, tx, name, actor));
  tx.organisations.set(key, found).set(found._id, found);
  return found;
};

/** For each address the domains by which an organisation is looked up: its own, then its parents. */
const domainsOfAddresses = (addresses: readonly string[]): string[][] =>
  addresses.map(address => {
    const domain = mailDomain(address);
    return domain ? organisationDomainsOf(domain) : [];
  });

/** For each address the id of the organisation that has its domain; null for none. */
export const organisationsAt = async (
  { keys }: Some,
  { session }: Tx,
  addresses: readonly string[],
): Promise<(string | null)[]> => {
  const domains = domainsOfAddresses(addresses);
  const wanted = [...new Set(domains.flat())].map(domainKey);
  if (wanted.length === 0) return addresses.map(() => null);
  const rows = await keys.find({ _id: trusted({ $in: wanted }) }, null, { session }).lean();
  const owners = new Map(rows.map(({ _id, owner }) => [_id, owner]));
  return domains.map(names => {
    const nearest = names.find(name => owners.has(domainKey(name)));
    return nearest === undefined ? null : (owners.get(domainKey(nearest)) ?? null);
  });
};

/** The organisation that has the domain of one of these addresses (of the first that has one); null for none. */
export const organisationAt = async (
  models: Some,
  tx: Tx,
  addresses: readonly string[],
): Promise<OrganisationDoc | null> => {
  const id = (await organisationsAt(models, tx, addresses)).find(owner => owner !== null);
  return id ? organisationById(models, tx, id) : null;
};
