/** A `before` that no page of ours gave. */
export class BadCursor extends Error {
  constructor() {
    super('not a cursor');
    this.name = 'BadCursor';
  }
}

/** Where a page ended: the moment and the id of its last item. */
export interface Cursor {
  at: Date;
  id: string;
}

export const encodeCursor = ({ at, id }: Cursor): string =>
  Buffer.from(JSON.stringify([at.getTime(), id])).toString('base64url');

/** Throws BadCursor. */
export const decodeCursor = (text: string): Cursor => {
  try {
    const [time, id, ...rest] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    const at = new Date(time);
    if (typeof time !== 'number' || typeof id !== 'string' || rest.length > 0 || Number.isNaN(at.getTime())) {
      throw new BadCursor();
    }
    return { at, id };
  } catch {
    throw new BadCursor();
  }
};

/** One page of a short list that is in memory, sorted by `keyOf` (unique) from small to large. */
export const pageOfList = <Item>(
  list: readonly Item[],
  keyOf: (item: Item) => string,
  { limit, before }: { limit: number; before?: string | undefined },
): { items: Item[]; next: string | null } => {
  const after = before === undefined ? '' : decodeCursor(before).id;
  const sorted = list.map(item => ({ item, key: keyOf(item) })).sort((a, b) => (a.key < b.key ? -1 : 1));
  const rest = sorted.filter(({ key }) => key > after);
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  const next = rest.length > limit && last ? encodeCursor({ at: new Date(0), id: last.key }) : null;
  return { items: shown.map(({ item }) => item), next };
};
