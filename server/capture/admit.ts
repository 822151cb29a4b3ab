import type { Acceptance } from '../../connectors/contract.ts';
import type { InboxDoc } from '../../models/inbox.ts';
import type { Models } from '../../models/index.ts';
import { durable } from '../../models/schema.ts';
import { makeInsertNew } from '../store/group-insert.ts';
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

/**
 * Requests that come at the same time share the look-up of what is known, the insert of what is new, and the counting of what came before: three
 * round trips a group, not a request. Resolves once all of it is committed, with what became of each item.
 */
export const makeAdmit = (models: Models) => {
  const insertNew = makeInsertNew(native(models.inbox), { writeConcern: durable });

  const admit = async (arrivals: readonly Arrival[]): Promise<Map<Arrival, Acceptance[]>> => {
    const all = arrivals.flatMap(({ came }) => came);
    const known = await lookUpKnown(models, all);
    const judged = new Map(all.map(one => [one.row, judge(known, one)]));
    const fresh = all.flatMap(({ row }) => (judged.get(row) === 'duplicate' ? [] : [row]));
    const rows = [...fresh, ...arrivals.flatMap(({ failed }) => failed)];
    const waited = rows.length > 0 ? await insertNew(rows) : new Set<InboxDoc>();
    const accepted = new Map(
      arrivals.map(arrival => [
        arrival,
        arrival.came.map(({ row }): Acceptance => (waited.has(row) ? 'duplicate' : (judged.get(row) ?? 'stored'))),
      ]),
    );
    await countRepeated(models, accepted, waited);
    return accepted;
  };
  const admitTogether = makeGrouped(admit, { sizeOf, most: MOST_WAITING });

  /** Throws GroupFull when too much waits already. */
  return async (arrival: Arrival): Promise<Acceptance[]> =>
    sizeOf(arrival) === 0 ? [] : ((await admitTogether(arrival)).get(arrival) ?? []);
};
