import type { TimelineEntry } from '../api/types.ts';

/**
 * Time and direction of the last event in an entry: of a chat the last message, since it goes on after it began. The same as the server's `lastEntry` of a
 * contact.
 */
export const lastOf = ({
  occurredAt,
  direction,
  said,
}: Pick<TimelineEntry, 'occurredAt' | 'direction' | 'said'>): { at: string; direction: string } =>
  said ?? { at: occurredAt, direction };

/** Whether something inbound or internal happened in the entry after `read` (ISO 8601). */
export const isUnread = (entry: Parameters<typeof lastOf>[0], read: string): boolean => {
  const { at, direction } = lastOf(entry);
  return at > read && direction !== 'outbound';
};
