import type { ClientSession } from 'mongoose';
import type { Models } from '../../models/index.ts';
import type { TimelineDoc } from '../../models/timeline.ts';
import { native } from '../store/native.ts';
import { refreshLastEntries } from '../timeline/last-entry.ts';
import type { Plan } from './plan-types.ts';

const SAID = ['channel', 'direction', 'occurredAt', 'files', 'preview', 'retention'] as const;

const entryUpdate = (entry: TimelineDoc, now: Date) => {
  const said = Object.fromEntries(SAID.map(field => [field, entry[field]]));
  const takenOff = entry.takenOff ? { takenOff: entry.takenOff } : {};
  const $set = { ...said, from: entry.from ?? null, subject: entry.subject ?? null, ...takenOff, changedAt: now };
  return { updateOne: { filter: { _id: entry._id }, update: { $set: $set as object } } };
};

/** Writes what revisions make of timelines: changes and deletes entries, and refreshes the last entry of every contact who has or had one of them. */
export const writeRetold = async (
  models: Models,
  { told, retold }: Plan,
  now: Date,
  session: ClientSession,
): Promise<void> => {
  const changed = [...told.values()].flatMap(one => one.changed);
  const gone = [...told.values()].flatMap(one => one.gone);
  if (gone.length > 0) await native(models.timeline).deleteMany({ _id: { $in: gone } }, { session });
  if (changed.length > 0) {
    const updates = changed.map(entry => entryUpdate(entry, now));
    await native(models.timeline).bulkWrite(updates, { session, ordered: false });
  }
  if (retold.size > 0) await refreshLastEntries(models, [...retold], session);
};
