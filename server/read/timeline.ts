import { DateTime } from 'luxon';
import type { mongo } from 'mongoose';
import type { Models } from '../../models/index.ts';
import { itemOf, type TimelineDoc } from '../../models/timeline.ts';
import { entryId } from '../rules/keys.ts';
import { native } from '../store/native.ts';
import { type Cursor, cutPage } from './cursor.ts';
import { oneOf } from './one-of.ts';

/** Filter of a page or a count. `from` inclusive, `to` exclusive. */
export interface EntryFilter {
  channel?: readonly string[] | undefined;
  direction?: readonly string[] | undefined;
  files?: boolean | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}

/** Which entries: of these contacts (null: those without a contact), from these accounts (null: all). */
export interface Whose {
  contacts: readonly string[] | null;
  accounts: readonly string[] | null;
}

const BY_TIME = { contact: 1, occurredAt: -1, _id: -1, channel: 1, direction: 1, files: 1 } as const;
const BY_CHANNEL = { contact: 1, channel: 1, occurredAt: -1, _id: -1, direction: 1, files: 1 } as const;

/** The index that has all keys that a page or count with this filter reads. */
export const indexFor = ({ channel }: EntryFilter) => (channel ? BY_CHANNEL : BY_TIME);

const range = ({ from, to }: EntryFilter, before?: Cursor): object => ({
  ...(from ? { $gte: from } : {}),
  // one bound is enough for the index; the earlier one is the tighter
  ...(before && !(to && to <= before.at) ? { $lte: before.at } : to ? { $lt: to } : {}),
});

/** The MongoDB filter of a page or count; all fields but `accounts` are in the index. */
export const entryFilter = (whose: Whose, filter: EntryFilter, before?: Cursor): mongo.Filter<TimelineDoc> => {
  const occurredAt = range(filter, before);
  return {
    contact: whose.contacts === null ? null : oneOf(whose.contacts),
    ...(filter.channel ? { channel: oneOf(filter.channel) } : {}),
    ...(filter.direction ? { direction: oneOf(filter.direction) } : {}),
    ...(filter.files === undefined ? {} : { files: filter.files }),
    ...(Object.keys(occurredAt).length > 0 ? { occurredAt } : {}),
    // at the cursor's own time only entries after it; the range above is what the index is scanned by
    ...(before ? { $or: [{ occurredAt: { $lt: before.at } }, { _id: { $lt: before.id } }] } : {}),
    ...(whose.accounts === null ? {} : { accounts: { $in: [...whose.accounts] } }),
  } as mongo.Filter<TimelineDoc>;
};

/** Entries of one interaction are adjacent: the first is shown, and the cursor skips all of them. */
const cursorAfter = (entry: TimelineDoc): Cursor => ({ at: entry.occurredAt, id: entryId(itemOf(entry), null) });

const takeDistinct = async (found: mongo.FindCursor<TimelineDoc>, limit: number): Promise<TimelineDoc[]> => {
  const distinct: TimelineDoc[] = [];
  for await (const entry of found) {
    const last = distinct.at(-1);
    if (last && itemOf(last) === itemOf(entry)) continue;
    if (distinct.push(entry) === limit) break;
  }
  return distinct;
};

/**
 * One page of entries, newest first, by one index range scan. `next` is null on the last page. A contact with no merged ones has at most one entry of each
 * interaction, so no more than the page is read.
 */
export const timelinePage = async (
  models: Models,
  whose: Whose,
  filter: EntryFilter,
  { limit, before }: { limit: number; before?: Cursor | undefined },
): Promise<{ entries: TimelineDoc[]; next: Cursor | null }> => {
  const wanted = limit + 1;
  const alone = whose.contacts === null || whose.contacts.length === 1;
  const found = native(models.timeline)
    .find(entryFilter(whose, filter, before), { sort: { occurredAt: -1, _id: -1 }, batchSize: wanted + 1 })
    .hint(indexFor(filter));
  const entries = alone ? await found.limit(wanted).toArray() : await takeDistinct(found, wanted);
  const { shown, next } = cutPage(entries, limit, cursorAfter);
  return { entries: shown, next };
};

/** Contact, accounts and interaction of an entry; null when there is none. */
export const findEntry = (
  models: Models,
  id: string,
): Promise<Pick<TimelineDoc, 'accounts' | 'contact' | 'interaction'> | null> =>
  native(models.timeline).findOne({ _id: id }, { projection: { accounts: 1, contact: 1, interaction: 1 } });

/** Bounds of a filter by days (YYYY-MM-DD, in the zone) or instants: a day as `to` includes all of that day. */
export const boundsOf = (
  { from, to }: { from?: string | undefined; to?: string | undefined },
  zone: string,
): { from?: Date; to?: Date } => {
  const moment = (text: string, days: number): Date =>
    text.length === 10 ? DateTime.fromISO(text, { zone }).plus({ days }).toJSDate() : new Date(text);
  return { ...(from ? { from: moment(from, 0) } : {}), ...(to ? { to: moment(to, 1) } : {}) };
};
