import type { InteractionDoc, StatusRow } from '../../models/interactions.ts';
import type { Prepared } from './types.ts';

type Status = InteractionDoc['status'];

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** By their own time; what was told of one moment is in an order all the same, whichever came first. */
const byTime = (a: StatusRow, b: StatusRow): number =>
  a.at.getTime() - b.at.getTime() ||
  (a.rank ?? 0) - (b.rank ?? 0) ||
  byText(a.state, b.state) ||
  byText(a.error ?? '', b.error ?? '');

/** Of rows that don't say so the rank is known of the state that was reached only. */
const ranked = (status: NonNullable<Status>): StatusRow[] =>
  status.history.map(row => ({ ...row, rank: row.rank ?? (row.state === status.state ? status.rank : -1) }));

/** The row that is furthest on; of several the latest one. */
const furthest = (history: readonly StatusRow[]): StatusRow | undefined =>
  history.reduce<StatusRow | undefined>((far, row) => ((row.rank ?? 0) >= (far?.rank ?? -1) ? row : far), undefined);

/** What a status makes of those before it. `again`: the same was told in another form, and this one replaces that. */
export const withStatus = (status: Status, { id, item }: Prepared, { again }: { again: boolean }): Status => {
  if (!item.status) return status;
  const { state, rank, at = item.occurredAt, error = null } = item.status;
  const others = (status ? ranked(status) : []).filter(row => !(again && row.item === id));
  const history = [...others, { state, at, error, rank, item: id }].sort(byTime);
  const reached = furthest(history);
  return { state: reached?.state ?? state, rank: reached?.rank ?? rank, history };
};
