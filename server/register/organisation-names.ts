import { randomUUID } from 'node:crypto';
import type { Models } from '../../models/index.ts';
import type { OrganisationDoc } from '../../models/organisations.ts';
import { trusted } from '../../models/schema.ts';
import { mailDomain, organisationDomainsOf, searchWords } from '../rules/identity.ts';
import type { Tx } from './context.ts';
import { FieldErrors } from './errors.ts';
import { changesBetween, record } from './history.ts';
import type { Actor } from './types.ts';

type Some = Pick<Models, 'organisations' | 'keys' | 'history'>;

/** What an organisation's history tells. */
export const organisationFields = [
  'name',
  'domains',
  'relationship.startedAt',
  'relationship.endedAt',
  'externalId',
] as const;

/** The key of an organisation's name: upper and lower case and the number of spaces make no other organisation. */
export const nameKey = (name: string): string =>
  `organisation:${name.normalize('NFC').toLowerCase().trim().replace(/\s+/g, ' ')}`;

export const domainKey = (domain: string): string => `domain:${domain}`;

/** Words that find an organisation. */
export const organisationWords = (organisation: Pick<OrganisationDoc, 'name' | 'domains' | 'externalId'>): string[] => [
  ...new Set([
    ...searchWords({ organisationName: organisation.name, externalId: organisation.externalId }),
    ...organisation.domains,
  ]),
];

/** An organisation of which nothing is known but its name. */
export const newOrganisation = (name: string, at: Date): OrganisationDoc => ({
  _id: randomUUID(),
  name,
  domains: [],
  relationship: { startedAt: null, endedAt: null },
  externalId: null,
  search: organisationWords({ name, domains: [], externalId: null }),
  revision: 0,
  createdAt: at,
  updatedAt: at,
});

const organisationById = ({ organisations }: Some, { session }: Tx, id: string) =>
  organisations.findById(id, null, { session }).lean();

const create = async (models: Some, tx: Tx, name: string, actor: Actor): Promise<OrganisationDoc> => {
  const organisation = newOrganisation(name.replace(/\s+/g, ' '), new Date());
  await models.organisations.create([organisation], { session: tx.session });
  await models.keys.create([{ _id: nameKey(name), owner: organisation._id }], { session: tx.session });
  const changes = changesBetween(null, organisation, organisationFields);
  await record(models, tx, 'organisation', organisation._id, actor, changes);
  return organisation;
};

/** The organisation that a contact's change means: by id, or by name (an id will do there too), which creates it when there is none of that name. */
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
  const key = await models.keys.findById(nameKey(name), null, { session: tx.session }).lean();
  const found = await organisationById(models, tx, key?.owner ?? name);
  return found ?? create(models, tx, name, actor);
};

/** Nearest first: whose domain an address is at, the address's own domain before its parents. */
const domainsOfAddresses = (addresses: readonly string[]): string[][] =>
  addresses.map(address => {
    const domain = mailDomain(address);
    return domain ? organisationDomainsOf(domain) : [];
  });

/** For each address the id of the organisation at whose domain it is, or null. */
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

/** The organisation of the first address that is at the domain of one. */
export const organisationAt = async (
  models: Some,
  tx: Tx,
  addresses: readonly string[],
): Promise<OrganisationDoc | null> => {
  const id = (await organisationsAt(models, tx, addresses)).find(owner => owner !== null);
  return id ? organisationById(models, tx, id) : null;
};
