import type { TimelineEntry } from '../api/types.ts';

/** The part of a timeline that is loaded: oldest first; `before` is the cursor to what is older, null at the beginning. */
export interface Loaded {
  entries: TimelineEntry[];
  before: string | null;
}

/** The server's order: by time, then by id. */
const order = (a: TimelineEntry, b: TimelineEntry): number =>
  a.occurredAt === b.occurredAt ? (a.id < b.id ? -1 : Number(a.id > b.id)) : a.occurredAt < b.occurredAt ? -1 : 1;

/** An interaction is on a timeline once, also when its entry was moved here under another id. */
const what = ({ id, interaction, event }: TimelineEntry): string => interaction ?? event ?? id;

/** `loaded` with `incoming` in place: what is known is replaced, what is new is put where it belongs. */
export const merged = (
  loaded: Loaded,
  incoming: readonly TimelineEntry[],
  before: string | null = loaded.before,
): Loaded => {
  const fresh = new Map(incoming.map(entry => [what(entry), entry]));
  const kept = loaded.entries.filter(entry => !fresh.has(what(entry)));
  return { entries: [...kept, ...fresh.values()].sort(order), before };
};

/** What arrived live, if it lies in the loaded part; older entries will come with the page they belong to. */
export const arrived = (loaded: Loaded, entry: TimelineEntry): Loaded => {
  const oldest = loaded.entries[0];
  if (loaded.before !== null && oldest && order(entry, oldest) < 0) return loaded;
  return merged(loaded, [entry]);
};
