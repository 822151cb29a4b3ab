import type { Acceptance, Captured } from '../../connectors/contract.ts';
import type { InboxDoc } from '../../models/inbox.ts';
import type { Models } from '../../models/index.ts';
import { native } from '../store/native.ts';

/** Hashes of the contents that are known of an item: captured, or waiting in the inbox. */
export type Known = Map<string, Set<string>>;

/** An item that came, and the row that it would wait in. */
export interface Came {
  item: Pick<Captured, 'kind' | 'belongsTo'>;
  row: Pick<InboxDoc, 'key' | 'sha256'>;
}

interface KnownItem {
  _id: string;
  original?: { sha256: string };
  revisions?: { sha256: string }[];
}

const PROJECTION = { 'original.sha256': 1, 'revisions.sha256': 1 } as const;

const note = (known: Known, id: string, hashes: readonly (string | undefined)[]): void => {
  const under = known.get(id) ?? new Set();
  known.set(id, under);
  for (const sha256 of hashes) if (sha256) under.add(sha256);
};

/** Interactions and events come by themselves; of what is added to others only the capture can say whether it is known. */
const isOwn = ({ item }: Came): boolean => item.belongsTo === undefined && item.kind !== 'message';

const find = (collection: { find: unknown }, ids: string[]): Promise<KnownItem[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : (collection as ReturnType<typeof native<KnownItem>>)
        .find({ _id: { $in: ids } }, { projection: PROJECTION, batchSize: ids.length + 1 })
        .toArray();

/** What is known of these items, by id: asked for all of them at once. */
export const lookUpKnown = async (models: Models, came: readonly Came[]): Promise<Known> => {
  const known: Known = new Map();
  const own = came.filter(isOwn);
  if (own.length === 0) return known;
  const keys = own.map(({ row }) => row.key);
  const idsOf = (events: boolean) =>
    own.flatMap(({ item, row }) => ((item.kind === 'event') === events ? [row.key] : []));
  const [interactions, events, waiting] = await Promise.all([
    find(native(models.interactions), idsOf(false)),
    find(native(models.registerEvents), idsOf(true)),
    native(models.inbox)
      .find<Came['row']>({ key: { $in: keys } }, { projection: { _id: 0, key: 1, sha256: 1 } })
      .toArray(),
  ]);
  for (const { _id, original, revisions = [] } of [...interactions, ...events])
    note(known, _id, [original?.sha256, ...revisions.map(({ sha256 }) => sha256)]);
  for (const { key, sha256 } of waiting) note(known, key, [sha256]);
  return known;
};

/** What becomes of an item by what is known of it; undefined: nothing is. From now on it is known itself, so that the same again is a duplicate. */
export const judge = (known: Known, came: Came): Acceptance | undefined => {
  if (!isOwn(came)) return undefined;
  const { key, sha256 } = came.row;
  const hashes = known.get(key);
  const before = hashes && (hashes.has(sha256) ? 'duplicate' : 'revised');
  note(known, key, [sha256]);
  return before;
};
