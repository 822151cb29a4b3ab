import { trusted } from '../../models/schema.ts';

/** A `before` that isn't a cursor of this list. */
export class BadCursor extends Error {
  constructor() {
    super('not a cursor');
    this.name = 'BadCursor';
  }
}

/** Types of the values by which a list is sorted; `time?` may be null. */
interface Kinds {
  text: string;
  time: Date;
  'time?': Date | null;
}
type Place<K extends readonly (keyof Kinds)[]> = { -readonly [I in keyof K]: Kinds[K[I]] };

/** A value from a cursor as this kind; undefined when it isn't one. */
const readAs = (kind: keyof Kinds, value: unknown): string | Date | null | undefined => {
  if (kind === 'text') return typeof value === 'string' ? value : undefined;
  if (value === null) return kind === 'time?' ? null : undefined;
  const at = new Date(typeof value === 'number' ? value : Number.NaN);
  return Number.isNaN(at.getTime()) ? undefined : at;
};

/** A cursor: the sort values of an item, opaque to clients. */
export const toCursor = (...place: (string | Date | null)[]): string =>
  Buffer.from(JSON.stringify(place.map(value => (value instanceof Date ? value.getTime() : value)))).toString(
    'base64url',
  );

/** Reads a cursor of a list that is sorted by `kinds`. Throws BadCursor. */
export const fromCursor = <const K extends readonly (keyof Kinds)[]>(cursor: string, ...kinds: K): Place<K> => {
  let place: unknown;
  try {
    place = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw new BadCursor();
  }
  if (!Array.isArray(place) || place.length !== kinds.length) throw new BadCursor();
  const read = kinds.map((kind, i) => readAs(kind, (place as unknown[])[i]));
  if (read.includes(undefined)) throw new BadCursor();
  return read as Place<K>;
};

/** Place of the last item of a page: its time and id. */
export interface Cursor {
  at: Date;
  id: string;
}

/** The cursor for a place. */
export const encodeCursor = ({ at, id }: Cursor): string => toCursor(at, id);

/** Reads a cursor; undefined without one (the first page). Throws BadCursor. */
export const decodeCursor = (text: string | undefined): Cursor | undefined => {
  if (text === undefined) return undefined;
  const [at, id] = fromCursor(text, 'time', 'text');
  return { at, id };
};

/** Condition for items after a place, in a list sorted by the field `time` (newest first) and _id. The range on `time` is what an index is scanned by. */
export const olderThan = (time: string, before: Cursor | undefined): object =>
  before
    ? {
        [time]: trusted({ $lte: before.at }),
        $or: [{ [time]: trusted({ $lt: before.at }) }, { _id: trusted({ $lt: before.id }) }],
      }
    : {};

/** Cuts `limit + 1` rows to a page. `next`: place of its last row; null on the last page. */
export const cutPage = <Doc, Place>(
  docs: readonly Doc[],
  limit: number,
  placeOf: (doc: Doc) => Place,
): { shown: Doc[]; next: Place | null } => {
  const shown = docs.slice(0, limit);
  const last = shown.at(-1);
  return { shown, next: docs.length > limit && last !== undefined ? placeOf(last) : null };
};

/** One page of a short list in memory, sorted ascending by `keyOf` (unique). Throws BadCursor. */
export const pageOfList = <Item>(
  list: readonly Item[],
  keyOf: (item: Item) => string,
  { limit, before }: { limit: number; before?: string | undefined },
): { items: Item[]; next: string | null } => {
  const after = decodeCursor(before)?.id ?? '';
  const sorted = list.map(item => ({ item, key: keyOf(item) })).sort((a, b) => (a.key < b.key ? -1 : 1));
  const rest = sorted.filter(({ key }) => key > after);
  const { shown, next } = cutPage(rest, limit, ({ key }) => encodeCursor({ at: new Date(0), id: key }));
  return { items: shown.map(({ item }) => item), next };
};
