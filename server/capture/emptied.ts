import type { ClientSession } from 'mongoose';
import type { ContactDoc } from '../../models/contacts.ts';
import type { Models } from '../../models/index.ts';
import { hashKey } from '../rules/keys.ts';
import { native } from '../store/native.ts';

/** Id of the history row that capture writes when it makes a contact. */
export const madeRow = (contact: string): string => hashKey('history', contact, 'created');

/** Whether anything but the capture that made it refers to the contact: a change, a merge, a row of the access log, a suggestion. */
const isKnown = async (
  { contacts, history, accessLog, suggestions }: Models,
  { _id, identifiers }: ContactDoc,
  session: ClientSession,
): Promise<boolean> => {
  const options = { session, projection: { _id: 1 } } as const;
  const rows = await native(history)
    .find({ id: _id }, { ...options, limit: 2 })
    .toArray();
  if (rows.length !== 1 || rows[0]?._id !== madeRow(_id)) return true;
  if (await native(contacts).findOne({ mergedInto: _id }, options)) return true;
  if (await native(accessLog).findOne({ contact: _id }, options)) return true;
  const about = identifiers.map(({ type, value }) => ({ identifiers: { $elemMatch: { type, value } } }));
  return about.length > 0 && (await native(suggestions).findOne({ $or: about }, options)) !== null;
};

/**
 * Deletes those of these contacts that capture made for an item that turned out to be somebody else's: provisional ones that have nothing on their timeline and that
 * nobody has read or changed. Runs in the transaction that took away the last entry, after its other writes. Another transaction that gives such a contact an
 * entry writes the contact too, so the two conflict and one runs again.
 */
export const removeEmptied = async (models: Models, ids: Iterable<string>, session: ClientSession): Promise<void> => {
  const { contacts, identifiers, history, timeline } = models;
  const some = [...new Set(ids)];
  if (some.length === 0) return;
  const empty = { provisional: true, lastEntry: null, mergedInto: null, externalId: null };
  const found = await native(contacts)
    .find({ _id: { $in: some }, ...empty }, { session })
    .toArray();
  for (const contact of found) {
    const { _id } = contact;
    if (await native(timeline).findOne({ contact: _id }, { session })) continue;
    if (await isKnown(models, contact, session)) continue;
    await native(identifiers).deleteMany({ contact: _id }, { session });
    await native(history).deleteOne({ _id: madeRow(_id) }, { session });
    await native(contacts).deleteOne({ _id }, { session });
  }
};
