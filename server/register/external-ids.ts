import type { ContactDoc } from '../../models/contacts.ts';
import { trusted } from '../../models/schema.ts';
import { flush, insert, type RegisterContext, type Tx } from './context.ts';
import { RegisterConflict } from './errors.ts';

type Some = Pick<RegisterContext, 'models'>;

const contactKey = (id: string): string => `external:${id}`;

/** An external id in the form that is compared and stored: NFC, trimmed. */
export const normalExternalId = (id: string): string => id.normalize('NFC').trim();

/** The contact with this id, or the one it was merged into; null when there is none. */
export const survivingContact = async ({ models }: Some, id: string, tx?: Tx): Promise<ContactDoc | null> => {
  if (tx) await flush(tx);
  const options = tx ? { session: tx.session } : {};
  const contact = await models.contacts.findById(id, null, options).lean();
  if (!contact?.mergedInto) return contact;
  return models.contacts.findById(contact.mergedInto, null, options).lean();
};

/** Reads the contacts with these (normalised) external ids in one go, for `contactByExternalId`. */
export const preloadExternalIds = async ({ models }: Some, tx: Tx, ids: readonly string[]): Promise<void> => {
  const { session } = tx;
  const rows = await models.keys.find({ _id: trusted({ $in: ids.map(contactKey) }) }, null, { session }).lean();
  const owners = rows.map(({ owner }) => owner);
  const found = owners.length
    ? await models.contacts.find({ _id: trusted({ $in: owners }) }, null, { session }).lean()
    : [];
  const contacts = new Map(found.map(contact => [contact._id, contact]));
  const keys = new Map(rows.map(({ _id, owner }) => [_id, owner]));
  for (const id of ids) {
    const owner = keys.get(contactKey(id));
    const contact = owner === undefined ? null : contacts.get(owner);
    // a merged contact is resolved when it is asked for
    if (contact === null || contact?.mergedInto === null) tx.byExternalId.set(id, contact);
  }
};

/** The surviving contact with this (normalised) external id; null when there is none. */
export const contactByExternalId = async (context: Some, tx: Tx, id: string): Promise<ContactDoc | null> => {
  const known = tx.byExternalId.get(id);
  if (known !== undefined) return known;
  const row = await context.models.keys.findById(contactKey(id), null, { session: tx.session }).lean();
  const contact = row ? await survivingContact(context, row.owner, tx) : null;
  tx.byExternalId.set(id, contact);
  return contact;
};

/** Throws RegisterConflict when another contact has the external id that this one is to get. */
export const refuseTakenExternalId = async (
  context: Some,
  tx: Tx,
  before: ContactDoc,
  externalId: string | null | undefined,
): Promise<void> => {
  if (!externalId || externalId === before.externalId) return;
  const owner = await contactByExternalId(context, tx, externalId);
  if (owner && owner._id !== before._id)
    throw new RegisterConflict('contact', owner._id, '/externalId', 'The external id');
};

/** Writes a contact's change of external id to `keys`. */
export const moveExternalId = async (
  { models: { keys } }: Some,
  tx: Tx,
  before: ContactDoc,
  after: ContactDoc,
): Promise<void> => {
  const { session, byExternalId } = tx;
  if (before.externalId !== after.externalId && before.externalId !== null) {
    await flush(tx);
    await keys.deleteOne({ _id: contactKey(before.externalId), owner: after._id }, { session });
    byExternalId.delete(before.externalId);
  }
  if (before.externalId !== after.externalId && after.externalId !== null)
    insert(tx, keys, [{ _id: contactKey(after.externalId), owner: after._id }]);
  if (after.externalId !== null) byExternalId.set(after.externalId, after);
};
