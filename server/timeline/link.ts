import type { ClientSession } from 'mongoose';
import type { ContactDoc } from '../../models/contacts.ts';
import type { Models } from '../../models/index.ts';
import type { OrganisationDoc } from '../../models/organisations.ts';
import { trusted } from '../../models/schema.ts';
import type { TimelineDoc } from '../../models/timeline.ts';
import { newId } from '../access/principal.ts';
import { familyOf } from '../read/family.ts';
import { NotInRegister } from '../register/errors.ts';
import { entryId } from '../rules/keys.ts';
import { type Policies, stampRetention } from '../rules/retention.ts';
import { inTransaction } from '../store/transaction.ts';

export interface LinkDeps {
  models: Models;
  policies: Policies;
  zone: string;
}

const last = ({ occurredAt: at, channel, direction, preview: text }: TimelineDoc): ContactDoc['lastEntry'] => ({
  at,
  channel,
  direction,
  text,
});

/** Puts an entry of the timeline on a contact's: one without a contact, or one that was on another's. */
export const makeLink = ({ models, policies, zone }: LinkDeps) => {
  const { timeline, contacts, organisations, history } = models;

  const stamp = async (entry: TimelineDoc, contact: ContactDoc, session: ClientSession) => {
    const { organisation: id } = contact;
    const organisation = id === null ? null : await organisations.findById(id).session(session).lean<OrganisationDoc>();
    const { occurredAt, capturedAt } = entry;
    return stampRetention(policies, { contact, organisation, occurredAt, capturedAt, zone });
  };

  /** The newest entry of whom it leaves, for the list of contacts. */
  const refreshLast = async (contact: string, session: ClientSession): Promise<void> => {
    const newest = await timeline
      .findOne({ contact })
      .sort({ occurredAt: -1, _id: -1 })
      .session(session)
      .lean<TimelineDoc>();
    await contacts.updateOne(
      { _id: contact },
      { $set: { lastEntry: newest && last(newest) }, $inc: { captures: 1 } },
      { session },
    );
  };

  /** Written in the same transaction as the contact, as a capture does: a change of what the tag depends on conflicts with it. */
  const put = async (entry: TimelineDoc, contact: ContactDoc, session: ClientSession): Promise<TimelineDoc> => {
    const { reason: _, ...rest } = entry;
    const item = entry.interaction ?? entry.event ?? entry._id;
    const linked: TimelineDoc = {
      ...rest,
      _id: entryId(item, contact._id),
      contact: contact._id,
      retention: await stamp(entry, contact, session),
    };
    await timeline.deleteOne({ _id: entry._id }, { session });
    if (!(await timeline.exists({ _id: linked._id }).session(session))) await timeline.create([linked], { session });
    const newer = !contact.lastEntry || contact.lastEntry.at <= entry.occurredAt;
    await contacts.updateOne(
      { _id: contact._id },
      { ...(newer ? { $set: { lastEntry: last(linked) } } : {}), $inc: { captures: 1 } },
      { session },
    );
    if (entry.contact !== null) await refreshLast(entry.contact, session);
    return linked;
  };

  const remember = (entry: TimelineDoc, linked: TimelineDoc, who: string, session: ClientSession) =>
    history.create(
      [
        {
          _id: newId(),
          of: 'contact',
          id: linked.contact as string,
          at: new Date(),
          who,
          source: 'api',
          changes: [{ field: 'timeline', old: entry.contact, new: linked.interaction ?? linked.event }],
        },
      ],
      { session },
    );

  /** The entry as it is then; null when there is no such entry. Throws NotInRegister for a contact that isn't there. */
  return async (entry: string, contactId: string, who: string): Promise<TimelineDoc | null> => {
    const family = await familyOf(models, contactId);
    if (!family) throw new NotInRegister('contact', contactId);
    return inTransaction(models.connection, async session => {
      const found = await timeline.findById(entry).session(session).lean<TimelineDoc>();
      if (!found) return null;
      if (found.contact !== null && family.ids.includes(found.contact)) return found;
      const contact = await contacts
        .findOne({ _id: family.id, mergedInto: trusted({ $eq: null }) })
        .session(session)
        .lean<ContactDoc>();
      if (!contact) throw new NotInRegister('contact', contactId);
      const linked = await put(found, contact, session);
      await remember(found, linked, who, session);
      return linked;
    });
  };
};

export type Link = ReturnType<typeof makeLink>;
