import type { ContactDoc } from '../../models/contacts.ts';
import type { OrganisationDoc } from '../../models/organisations.ts';
import { trusted } from '../../models/schema.ts';
import { contactWords, writeContact } from './contact-save.ts';
import type { RegisterContext, Tx } from './context.ts';
import { changesBetween } from './history.ts';
import { organisationsAt } from './organisation-names.ts';
import { LIMIT, membersOf, queueJob, queueLateJob, restampContact, someEntries, stampEntries } from './restamp.ts';
import type { Actor } from './types.ts';

/** Most contacts that one transaction links to an organisation: each has its own history row. */
const LINK_LIMIT = 100;

const refreshed = (contact: ContactDoc, organisation: OrganisationDoc) => ({
  $set: { search: contactWords(contact, organisation) },
  $inc: { revision: 1 },
});

/** Updates one contact after a change of its organisation: search words and retention tags. */
export const refreshContact = async (
  context: RegisterContext,
  tx: Tx,
  contact: ContactDoc,
  organisation: OrganisationDoc,
  actor: Actor,
): Promise<void> => {
  const { models } = context;
  await models.contacts.updateOne({ _id: contact._id }, refreshed(contact, organisation), { session: tx.session });
  await restampContact(context, tx, contact, organisation, actor);
};

/**
 * Updates all contacts after a change of their organisation (already written): search words and retention tags. Queues a job when that is too much for a
 * transaction.
 */
export const refreshContacts = async (
  context: RegisterContext,
  tx: Tx,
  organisation: OrganisationDoc,
  actor: Actor,
): Promise<void> => {
  const { models } = context;
  const { session } = tx;
  const queue = () => queueJob(context, tx, 'refresh-organisation', organisation._id, actor);
  const contacts = await models.contacts
    .find({ organisation: organisation._id, mergedInto: null }, null, { session, limit: LIMIT + 1 })
    .lean();
  if (contacts.length === 0) return;
  if (contacts.length > LIMIT) return queue();
  const family = await membersOf(
    context,
    tx,
    contacts.map(({ _id }) => _id),
  );
  const entries = await someEntries(context, tx, family.keys());
  if (entries.length > LIMIT) return queue();
  await models.contacts.bulkWrite(
    contacts.map(contact => ({
      updateOne: { filter: { _id: contact._id }, update: refreshed(contact, organisation) },
    })),
    { session },
  );
  const byId = new Map(contacts.map(contact => [contact._id, contact]));
  await stampEntries(context, tx, entries, ({ contact: id }) => {
    const contact = byId.get(family.get(id ?? '') ?? '');
    if (!contact) throw new Error(`A timeline entry of contact ${id}, which was not asked for`);
    return { contact, organisation };
  });
};

const addressesOf = ({ identifiers }: ContactDoc): string[] =>
  identifiers.filter(({ type }) => type === 'email').map(({ value }) => value);

/** The contacts that nobody has taken out of an organisation since then: such a decision isn't overruled. */
const notTakenOut = async (
  { models }: RegisterContext,
  { session }: Tx,
  contacts: ContactDoc[],
  since: Date,
): Promise<ContactDoc[]> => {
  const ids = contacts.map(({ _id }) => _id);
  const out = { changes: trusted({ $elemMatch: { field: 'organisation', new: null } }) };
  const rows = await models.history
    .find({ id: trusted({ $in: ids }), at: trusted({ $gte: since }), ...out }, { id: 1 }, { session })
    .lean();
  const decided = new Set(rows.map(({ id }) => id));
  return contacts.filter(({ _id }) => !decided.has(_id));
};

/**
 * The next contacts (by id, after `after`) without an organisation that have an address at one of its domains, and none at a closer domain of another
 * organisation. `last`: the id to go on after; null at the end.
 */
const contactsAt = async (
  context: RegisterContext,
  tx: Tx,
  organisation: OrganisationDoc,
  { after, limit, since }: { after: string; limit: number; since?: Date | undefined },
): Promise<{ contacts: ContactDoc[]; last: string | null }> => {
  const { models } = context;
  const found = await models.contacts
    .find(
      {
        search: trusted({ $in: organisation.domains }),
        organisation: null,
        mergedInto: null,
        _id: trusted({ $gt: after }),
        ...(since ? { updatedAt: trusted({ $gte: since }) } : {}),
      },
      null,
      { session: tx.session, limit },
    )
    .sort({ _id: 1 })
    .lean();
  const addresses = found.flatMap(contact => addressesOf(contact).map(address => ({ contact, address })));
  const owners = await organisationsAt(
    models,
    tx,
    addresses.map(({ address }) => address),
  );
  const first = new Map<string, { contact: ContactDoc; owner: string }>();
  addresses.forEach(({ contact }, i) => {
    const owner = owners[i];
    if (owner && !first.has(contact._id)) first.set(contact._id, { contact, owner });
  });
  const own = [...first.values()].filter(({ owner }) => owner === organisation._id).map(({ contact }) => contact);
  const contacts = since ? await notTakenOut(context, tx, own, since) : own;
  return { contacts, last: found.length === limit ? (found.at(-1)?._id ?? null) : null };
};

const link = async (
  context: RegisterContext,
  tx: Tx,
  contact: ContactDoc,
  organisation: OrganisationDoc,
  actor: Actor,
) => {
  const after = { ...contact, organisation: organisation._id, updatedAt: new Date() };
  after.search = contactWords(after, organisation);
  const changes = changesBetween(contact, after, ['organisation']);
  await writeContact(context, tx, { before: contact, after, changes }, { organisation, actor });
};

/** One step of the job that `linkContacts` queues: links the next contacts after id `after`. Answers the id to go on after; null at the end. */
export const linkSomeContacts = async (
  context: RegisterContext,
  tx: Tx,
  organisation: OrganisationDoc,
  { after, since, actor }: { after: string; since?: Date | undefined; actor: Actor },
): Promise<string | null> => {
  const { contacts, last } = await contactsAt(context, tx, organisation, { after, since, limit: 10 });
  for (const contact of contacts) await link(context, tx, contact, organisation, actor);
  return last;
};

/**
 * Links contacts without an organisation to one that has got their domain, or queues a job when they are many. A transaction that creates a contact meanwhile
 * has read that nobody has the domain, and writes nothing that conflicts with this one: a late job looks for such contacts.
 */
export const linkContacts = async (
  context: RegisterContext,
  tx: Tx,
  organisation: OrganisationDoc,
  actor: Actor,
): Promise<void> => {
  const queue = () => queueJob(context, tx, 'link-organisation', organisation._id, actor);
  await queueLateJob(context, tx, 'link-organisation', organisation._id, actor);
  const { contacts, last } = await contactsAt(context, tx, organisation, { after: '', limit: LINK_LIMIT + 1 });
  if (last !== null) return queue();
  if (contacts.length === 0) return;
  const family = await membersOf(
    context,
    tx,
    contacts.map(({ _id }) => _id),
  );
  if ((await someEntries(context, tx, family.keys())).length > LIMIT) return queue();
  for (const contact of contacts) await link(context, tx, contact, organisation, actor);
};
