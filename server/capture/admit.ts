import type { Acceptance } from '../../connectors/contract.ts';
import type { InboxDoc } from '../../models/inbox.ts';
import type { Models } from '../../models/index.ts';
import { durable } from '../../models/schema.ts';
import { type Inserted, makeInsertWhatCan } from '../store/group-insert.ts';
import { makeGrouped } from '../store/grouped.ts';
import { native } from '../store/native.ts';
import { type Came, judge, lookUpKnown } from './known-before.ts';
import { countRepeated } from './repeated.ts';

const MOST_WAITING = 20_000;

/** What one request brings: its items in their order, and rows of what can't be read. */
export interface Arrival {
  account: string;
  came: readonly (Came & { row: InboxDoc })[];
  failed: readonly InboxDoc[];
}

const sizeOf = ({ came, failed }: Arrival): number => came.length + failed.length;

const nothing: Inserted<InboxDoc> = { known: new Set(), unwritable: new Map() };

/** Why an arrival isn't taken, if it isn't: one of its rows can't be written. The others of its rows are by then, and those of everybody else. */
const throwIfUnwritable = ({ came, failed }: Arrival, { unwritable }: Inserted<InboxDoc>): void => {
  if (unwritable.size === 0) return;
  // of two alike only the first one was tried
  const why = new Map([...unwritable].map(([{ _id }, error]) => [_id, error]));
  for (const { _id } of [...came.map(({ row }) => row), ...failed]) if (why.has(_id)) throw why.get(_id);
};

/**
 * Requests that come at the same time share the look-up of what is known, the insert of what is new, and the counting of what came before: three
 * round trips a group, not a request. Resolves once all of it is committed, with what became of each item.
 */
export const makeAdmit = (models: Models) => {
  const insert = makeInsertWhatCan(native(models.inbox), { writeConcern: durable });

  const admit = async (arrivals: readonly Arrival[]) => {
    const all = arrivals.flatMap(({ came }) => came);
    const known = await lookUpKnown(models, all);
    const judged = new Map(all.map(one => [one.row, judge(known, one)]));
    const fresh = all.flatMap(({ row }) => (judged.get(row) === 'duplicate' ? [] : [row]));
    const rows = [...fresh, ...arrivals.flatMap(({ failed }) => failed)];
    const inserted = rows.length > 0 ? await insert(rows) : nothing;
    const accepted = new Map(
      arrivals.map(arrival => [
        arrival,
        arrival.came.map(
          ({ row }): Acceptance => (inserted.known.has(row) ? 'duplicate' : (judged.get(row) ?? 'stored')),
        ),
      ]),
    );
    await countRepeated(models, accepted, inserted.known);
    return { accepted, inserted };
  };
  const admitTogether = makeGrouped(admit, { sizeOf, most: MOST_WAITING });

  /** Throws GroupFull when too much waits already, and what the driver says where something can't be written. */
  return async (arrival: Arrival): Promise<Acceptance[]> => {
    if (sizeOf(arrival) === 0) return [];
    const { accepted, inserted } = await admitTogether(arrival);
    throwIfUnwritable(arrival, inserted);
    return accepted.get(arrival) ?? [];
  };
};
