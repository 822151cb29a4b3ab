import type { ClientSession } from 'mongoose';
import type { LastEntry } from '../../models/contacts.ts';
import type { Models } from '../../models/index.ts';
import type { TimelineDoc } from '../../models/timeline.ts';
import { familyOf } from '../read/family.ts';
import { native } from '../store/native.ts';

const lastOf = ({ occurredAt: at, channel, direction, subject, preview }: TimelineDoc): LastEntry => ({
  at,
  channel,
  direction,
  text: subject || preview,
});

/** Whose timelines those are, each once: the surviving contact, and all whose entries are on it. */
const familiesOf = async (
  models: Models,
  ids: readonly string[],
  session: ClientSession,
): Promise<Map<string, string[]>> => {
  const families = new Map<string, string[]>();
  for (const id of ids) {
    const family = await familyOf(models, id, session);
    if (family) families.set(family.id, family.ids);
  }
  return families;
};

/**
 * Writes what is the newest entry of each contact now, in the transaction that moved or changed some, after it wrote them. Each contact
 * is written, as by every capture that changes an entry (server/register/restamp).
 */
export const refreshLastEntries = async (
  models: Models,
  ids: readonly string[],
  session: ClientSession,
): Promise<void> => {
  for (const [_id, family] of await familiesOf(models, ids, session)) {
    const newest = await native(models.timeline).findOne(
      { contact: { $in: family } },
      { session, sort: { occurredAt: -1, _id: -1 } },
    );
    const set = { $set: { lastEntry: newest && lastOf(newest) }, $inc: { captures: 1 } };
    await native(models.contacts).updateOne({ _id }, set, { session });
  }
};
