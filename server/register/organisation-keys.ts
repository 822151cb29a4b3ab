import type { OrganisationDoc } from '../../models/organisations.ts';
import { trusted } from '../../models/schema.ts';
import type { RegisterContext, Tx } from './context.ts';
import { RegisterConflict } from './errors.ts';
import { domainKey, nameKey } from './organisation-names.ts';

/** Contacts and organisations come from different systems, so one external id may occur in both. */
const organisationKey = (id: string): string => `organisation-external:${id}`;

/** Everything of an organisation that must be unique: key → its JSON pointer in the request, and its name in words. */
const keysOf = ({ name, domains, externalId }: OrganisationDoc): Map<string, { pointer: string; what: string }> =>
  new Map([
    [nameKey(name), { pointer: '/name', what: 'The name' }],
    ...domains.map((domain, i) => [domainKey(domain), { pointer: `/domains/${i}`, what: 'The domain' }] as const),
    ...(externalId
      ? [[organisationKey(externalId), { pointer: '/externalId', what: 'The external id' }] as const]
      : []),
  ]);

/** Moves an organisation's rows in `keys` from its old values to the new ones. Throws RegisterConflict when another organisation has one of them. */
export const moveKeys = async (
  { models }: Pick<RegisterContext, 'models'>,
  { session }: Tx,
  before: OrganisationDoc | null,
  after: OrganisationDoc,
): Promise<void> => {
  const [old, now] = [before ? keysOf(before) : new Map<string, never>(), keysOf(after)];
  const fresh = [...now.keys()].filter(key => !old.has(key));
  const given = [...old.keys()].filter(key => !now.has(key));
  const taken = fresh.length ? await models.keys.find({ _id: trusted({ $in: fresh }) }, null, { session }).lean() : [];
  const [refused] = taken;
  if (refused) {
    const { pointer, what } = now.get(refused._id) ?? { pointer: '', what: 'It' };
    throw new RegisterConflict('organisation', refused.owner, pointer, what);
  }
  if (given.length) await models.keys.deleteMany({ _id: trusted({ $in: given }), owner: after._id }, { session });
  if (fresh.length)
    await models.keys.insertMany(
      fresh.map(_id => ({ _id, owner: after._id })),
      { session },
    );
};
