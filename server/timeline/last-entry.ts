import type { ClientSession } from 'mongoose';
import type { ContactDoc, LastEntry } from '../../models/contacts.ts';
import type { Models } from '../../models/index.ts';
import type { TimelineDoc } from '../../models/timeline.ts';
import { familyOf } from '../read/family.ts';
import { native } from '../store/native.ts';

type Shown = Pick<TimelineDoc, '_id' | 'occurredAt' | 'channel' | 'direction' | 'subject' | 'preview' | 'said'>;

const SHOWN = { contact: 1, occurredAt: 1, channel: 1, direction: 1, subject: 1, preview: 1, said: 1 } as const;

/** An entry as its contact's newest: of a chat, when and which way its newest message was said. */
export const lastOf = ({ _id, occurredAt, channel, direction, subject, preview, said }: Shown): LastEntry => ({
  entry: _id,
  channel,
  ...(said ?? { at: occurredAt, direction }),
  text: subject || preview,
});

/** Whether it takes the place of `last`: it was later, or is that entry itself. Of one moment, the one that comes last on the timeline. */
export const isNewer = ({ at, entry = '' }: LastEntry, last: LastEntry | null): boolean =>
  !last || at > last.at || (at.getTime() === last.at.getTime() && entry >= (last.entry ?? ''));

/** The same, asked of the database. */
const notNewer = ({ at, entry }: LastEntry): object => ({
  $or: [
    { lastEntry: null },
    { 'lastEntry.at': { $lt: at } },
    { 'lastEntry.at': at, 'lastEntry.entry': { $lte: entry } },
    { 'lastEntry.at': at, 'lastEntry.entry': null },
  ],
});

/**
 * Something was added to these interactions: their entries are, as they are now, the newest of the contacts that they are with where nothing is
 * newer, and of those that absorbed them. In the transaction that wrote the entries.
 */
export const raiseLastEntries = async (
  models: Models,
  interactions: readonly string[],
  session: ClientSession,
): Promise<void> => {
  if (interactions.length === 0) return;
  const entries = await native(models.timeline)
    .find(
      { interaction: { $in: [...interactions] }, contact: { $ne: null } },
      { session, projection: SHOWN, sort: { _id: 1 } },
    )
    .toArray();
  const ids = [...new Set(entries.flatMap(({ contact }) => contact ?? []))];
  if (ids.length === 0) return;
  const found = await native(models.contacts)
    .find<Pick<ContactDoc, '_id' | 'mergedInto'>>({ _id: { $in: ids } }, { session, projection: { mergedInto: 1 } })
    .toArray();
  const into = new Map(found.map(({ _id, mergedInto }) => [_id, mergedInto ?? _id]));
  const raised = entries.flatMap(entry => {
    const _id = into.get(entry.contact ?? '');
    const lastEntry = lastOf(entry);
    return _id ? [{ updateOne: { filter: { _id, ...notNewer(lastEntry) }, update: { $set: { lastEntry } } } }] : [];
  });
  if (raised.length > 0) await native(models.contacts).bulkWrite(raised, { session });
};

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

/** The entry that is the newest by its own time, and the chat in which something was said last: an old chat may go on. */
const newestOf = async (models: Models, contacts: string[], session: ClientSession): Promise<LastEntry | null> => {
  const contact = { $in: contacts };
  const timeline = native(models.timeline);
  const happened = await timeline.findOne(
    { contact },
    { session, projection: SHOWN, sort: { occurredAt: -1, _id: -1 } },
  );
  const said = await timeline.findOne(
    { contact, 'said.at': { $type: 'date' } },
    { session, projection: SHOWN, sort: { 'said.at': -1, _id: -1 } },
  );
  const lasts = [happened, said].flatMap(entry => (entry ? [lastOf(entry)] : []));
  return lasts.reduce<LastEntry | null>((last, one) => (isNewer(one, last) ? one : last), null);
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
    const lastEntry = await newestOf(models, family, session);
    await native(models.contacts).updateOne({ _id }, { $set: { lastEntry }, $inc: { captures: 1 } }, { session });
  }
};
