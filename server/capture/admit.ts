import type { Acceptance } from '../../connectors/contract.ts';
import type { InboxDoc } from '../../models/inbox.ts';
import type { Models } from '../../models/index.ts';
import { durable } from '../../models/schema.ts';
import { type Inserted, makeInsertWhatCan, throwIfUnwritable } from '../store/group-insert.ts';
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

export type Admitted = Acceptance | 'unwritable';

const sizeOf = ({ came, failed }: Arrival): number => came.length + failed.length;

const nothing: Inserted<InboxDoc> = { known: new Set(), unwritable: new Map() };

/**
 * Requests that come at the same time share the look-up of what is known, the insert of what is new, and the counting of what came before: three
 * round trips a group, not a request. Resolves once all of it is committed, with what became of each item; one
 * that can't be written takes nothing else along.
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
    // of two alike only the first one was tried
    const unwritable = new Set([...inserted.unwritable.keys()].map(({ _id }) => _id));
    const becameOf = ({ row }: Arrival['came'][number]): Admitted => {
      if (unwritable.has(row._id)) return 'unwritable';
      return inserted.known.has(row) ? 'duplicate' : (judged.get(row) ?? 'stored');
    };
    const admitted = new Map(arrivals.map(arrival => [arrival, arrival.came.map(becameOf)]));
    await countRepeated(models, admitted, inserted.known);
    return { admitted, inserted };
  };
  const admitTogether = makeGrouped(admit, { sizeOf, most: MOST_WAITING });

  /** Throws GroupFull when too much waits already. */
  return async (arrival: Arrival): Promise<Admitted[]> => {
    if (sizeOf(arrival) === 0) return [];
    const { admitted, inserted } = await admitTogether(arrival);
    // a failure's row has nothing left of what came but its bytes
    throwIfUnwritable(inserted, arrival.failed);
    return admitted.get(arrival) ?? [];
  };
};
