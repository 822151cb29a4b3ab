import type { TimelineEntry } from '../api/types.ts';
import { dayKey } from '../i18n/format.ts';

/** The rows of the timeline. Keys are made of entries' ids, so that they stay the same when older entries are loaded. */
export type Row =
  | { kind: 'entry'; key: string; entry: TimelineEntry; index: number; day: string }
  | { kind: 'day'; key: string; at: string; day: string }
  | { kind: 'gap'; key: string; days: number; day: string }
  | { kind: 'unread'; key: string; day: string };

const dayMs = 86_400_000;
const longGap = 30;

/**
 * Rows of the loaded entries (oldest first). The first entry has no day row, since the sticky heading above the timeline shows its day: so no row stands
 * between an entry and the page that is loaded above it.
 */
export const rowsOf = (entries: readonly TimelineEntry[], firstUnread: string | undefined): Row[] => {
  const rows: Row[] = [];
  let before: TimelineEntry | undefined;
  let dayBefore = '';
  entries.forEach((entry, index) => {
    const at = new Date(entry.occurredAt);
    const day = dayKey(at);
    const days = before ? Math.floor((at.getTime() - Date.parse(before.occurredAt)) / dayMs) : 0;
    if (days > longGap) rows.push({ kind: 'gap', key: `gap:${entry.id}`, days, day: dayBefore });
    if (before && day !== dayBefore) rows.push({ kind: 'day', key: `day:${entry.id}`, at: entry.occurredAt, day });
    if (entry.id === firstUnread) rows.push({ kind: 'unread', key: 'unread', day });
    rows.push({ kind: 'entry', key: entry.id, entry, index, day });
    before = entry;
    dayBefore = day;
  });
  return rows;
};

/** Estimated height of a row in px, until it is measured. */
export const estimate = (row: Row | undefined, width: number): number => {
  if (!row) return 72;
  if (row.kind === 'day') return 44;
  if (row.kind !== 'entry') return 49;
  const perLine = Math.max(24, Math.min(75, (width - 84) / 7));
  const text = Math.min(3, Math.ceil(row.entry.preview.length / perLine));
  return 25 + 20 + text * 20 + 28;
};
