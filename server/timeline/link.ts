import type { ClientSession } from 'mongoose';
import type { ContactDoc } from '../../models/contacts.ts';
import type { Models } from '../../models/index.ts';
import type { OrganisationDoc } from '../../models/organisations.ts';
import { trusted } from '../../models/schema.ts';
import { itemOf, type TimelineDoc } from '../../models/timeline.ts';
import { familyOf } from '../read/family.ts';
import { NotInRegister } from '../register/errors.ts';
import { entryId } from '../rules/keys.ts';
import { type Policies, stampRetention } from '../rules/retention.ts';
import { newId } from '../store/ids.ts';
import { inTransaction } from '../store/transaction.ts';
import { refreshLastEntries } from './last-entry.ts';

export interface LinkDeps {
  models: Models;
  policies: Policies;
  zone: string;
}

/** Why an entry that was captured for a contact is with nobody. */
const TAKEN_OFF = "It was taken off a contact's timeline.";

/** Puts an entry of the timeline on a contact's: one without a contact, or one that was on another's; or takes it off, to be sorted out. */
export const makeLink = ({ models, policies, zone }: LinkDeps) => {
  const { timeline, contacts, organisations, history } = models;

  const stamp = async (entry: TimelineDoc, contact: ContactDoc | null, session: ClientSession) => {
    const id = contact?.organisation ?? null;
    const organisation = id === null ? null : await organisations.findById(id).session(session).lean<OrganisationDoc>();
    const { occurredAt, capturedAt } = entry;
    return stampRetention(policies, { contact, organisation, occurredAt, capturedAt, zone });
  };

  /** The entry under the id and with the tag that it has with `contact` (null: with nobody), in place of what it was. */
  const move = async (
    entry: TimelineDoc,
    contact: ContactDoc | null,
    reason: string | undefined,
    session: ClientSession,
  ): Promise<TimelineDoc> => {
    const { reason: _, takenOff: before = [], ...rest } = entry;
    const whose = contact?._id ?? null;
    const was = entry.contact === null ? [] : [entry.contact];
    const takenOff = [...new Set([...before, ...was])].filter(contact => contact !== whose);
    const moved: TimelineDoc = {
      ...rest,
      byHand: true,
      ...(takenOff.length > 0 ? { takenOff } : {}),
      _id: entryId(itemOf(entry), whose),
      contact: whose,
      ...(reason ? { reason } : {}),
      retention: await stamp(entry, contact, session),
    };
    await timeline.deleteOne({ _id: entry._id }, { session });
    const decided = { $set: { byHand: true as const }, $addToSet: { takenOff: { $each: takenOff } } };
    const there = await timeline.updateOne({ _id: moved._id }, decided, { session });
    if (there.matchedCount === 0) await timeline.create([moved], { session });
    return moved;
  };

  /** Written in the same transaction as the contact, as a capture does: a change of what the tag depends on conflicts with it. */
  const put = async (entry: TimelineDoc, contact: ContactDoc, session: ClientSession): Promise<TimelineDoc> => {
    const linked = await move(entry, contact, entry.reason, session);
    const whose = entry.contact === null ? [contact._id] : [contact._id, entry.contact];
    await refreshLastEntries(models, whose, session);
    return linked;
  };

  const remember = (contact: string, change: { old: unknown; new: unknown }, who: string, session: ClientSession) =>
    history.create(
      [
        {
          _id: newId(),
          of: 'contact',
          id: contact,
          at: new Date(),
          who,
          source: 'api',
          changes: [{ field: 'timeline', ...change }],
        },
      ],
      { session },
    );

  const unlink = (entry: string, who: string): Promise<TimelineDoc | null> =>
    inTransaction(models.connection, async session => {
      const found = await timeline.findById(entry).session(session).lean<TimelineDoc>();
      if (!found || found.contact === null) return found;
      const freed = await move(found, null, found.reason ?? TAKEN_OFF, session);
      await refreshLastEntries(models, [found.contact], session);
      await remember(found.contact, { old: itemOf(found), new: null }, who, session);
      return freed;
    });

  /**
   * The entry as it is then; null when there is no such entry. Without a contact it is back among what is to be sorted out, for the reason
   * it was there before. Throws NotInRegister for a contact that isn't there.
   */
  return async (entry: string, contactId: string | null, who: string): Promise<TimelineDoc | null> => {
    if (contactId === null) return unlink(entry, who);
    return inTransaction(models.connection, async session => {
      const family = await familyOf(models, contactId, session);
      if (!family) throw new NotInRegister('contact', contactId);
      const found = await timeline.findById(entry).session(session).lean<TimelineDoc>();
      if (!found) return null;
      if (found.contact !== null && family.ids.includes(found.contact)) return found;
      const contact = await contacts
        .findOne({ _id: family.id, mergedInto: trusted({ $eq: null }) })
        .session(session)
        .lean<ContactDoc>();
      if (!contact) throw new NotInRegister('contact', contactId);
      const linked = await put(found, contact, session);
      if (found.contact !== null) await remember(found.contact, { old: itemOf(found), new: null }, who, session);
      await remember(contact._id, { old: found.contact, new: itemOf(linked) }, who, session);
      return linked;
    });
  };
};

export type Link = ReturnType<typeof makeLink>;
