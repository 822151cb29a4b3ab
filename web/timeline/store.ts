import type { TimelineEntry } from '../api/types.ts';

/** The loaded part of a timeline, oldest first. `before`: cursor to older entries; null at the beginning. */
export interface Loaded {
  entries: TimelineEntry[];
  before: string | null;
}

/** The server's order: by time, then by id. */
const order = (a: TimelineEntry, b: TimelineEntry): number =>
  a.occurredAt === b.occurredAt ? (a.id < b.id ? -1 : Number(a.id > b.id)) : a.occurredAt < b.occurredAt ? -1 : 1;

/** What an entry is about. An interaction is on a timeline only once, also when its entry was linked here under another id. */
const what = ({ id, interaction, event }: TimelineEntry): string => interaction ?? event ?? id;

/** `loaded` with `incoming`: known entries are replaced, new ones are inserted in order. */
export const merged = (
  loaded: Loaded,
  incoming: readonly TimelineEntry[],
  before: string | null = loaded.before,
): Loaded => {
  const fresh = new Map(incoming.map(entry => [what(entry), entry]));
  const kept = loaded.entries.filter(entry => !fresh.has(what(entry)));
  return { entries: [...kept, ...fresh.values()].sort(order), before };
};

/** `loaded` without an entry that was removed; the same object when it doesn't have it. */
export const without = (loaded: Loaded, id: string): Loaded => {
  const entries = loaded.entries.filter(entry => entry.id !== id);
  return entries.length === loaded.entries.length ? loaded : { ...loaded, entries };
};

/** Whether `items`, read from the newest down, reach the oldest loaded entry. */
export const reaches = (items: readonly TimelineEntry[], { entries: [oldest] }: Loaded): boolean =>
  !oldest || items.some(item => order(item, oldest) <= 0);

/**
 * `loaded` after its newest part was read again: `items` (from the newest down) replace all entries in their range, and `next` is the server's cursor to what is
 * older. `asked` is what was loaded when the reading began: an entry that came live since then stays although it isn't in `items`, and one that left since then
 * isn't put back.
 */
export const refreshed = (
  loaded: Loaded,
  asked: Loaded,
  items: readonly TimelineEntry[],
  next: string | null,
): Loaded => {
  const here = new Set(loaded.entries.map(({ id }) => id));
  const known = new Set(asked.entries.map(({ id }) => id));
  const fresh = items.filter(({ id }) => here.has(id) || !known.has(id)).toSorted(order);
  const oldest = items.toSorted(order)[0];
  const isBelow = (entry: TimelineEntry) => next !== null && oldest !== undefined && order(entry, oldest) < 0;
  const below = loaded.entries.filter(isBelow);
  const came = loaded.entries.filter(entry => !isBelow(entry) && !known.has(entry.id));
  return merged({ entries: [...below, ...came], before: null }, fresh, below.length ? loaded.before : next);
};

/** `loaded` with an entry that arrived live, if that is in the loaded part; an older one comes with its page. */
export const arrived = (loaded: Loaded, entry: TimelineEntry): Loaded => {
  const oldest = loaded.entries[0];
  if (loaded.before !== null && oldest && order(entry, oldest) < 0) return loaded;
  return merged(loaded, [entry]);
};
