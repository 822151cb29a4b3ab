import type { TimelineEntry } from '../api/types.ts';

/** When, and which way, something last happened in an entry: a chat goes on after it began. As the server's `lastEntry` of a contact. */
export const lastOf = ({
  occurredAt,
  direction,
  said,
}: Pick<TimelineEntry, 'occurredAt' | 'direction' | 'said'>): { at: string; direction: string } =>
  said ?? { at: occurredAt, direction };

/** Whether something came in there after `read`. */
export const isUnread = (entry: Parameters<typeof lastOf>[0], read: string): boolean => {
  const { at, direction } = lastOf(entry);
  return at > read && direction !== 'outbound';
};
