import type { TimelineEntry } from '../api/types.ts';
import { dayKey, dayStart } from '../i18n/format.ts';

/** Filter of a timeline. It is kept in the page's address, and applied by the server. `from`, `to`: YYYY-MM-DD. */
export interface Filter {
  channel?: string;
  direction?: string;
  files?: 'true';
  from?: string;
  to?: string;
}

const names = ['channel', 'direction', 'files', 'from', 'to'] as const;

/** The filter in an address. */
export const filterOf = (search: URLSearchParams): Filter =>
  Object.fromEntries(names.flatMap(name => (search.get(name) ? [[name, search.get(name)]] : []))) as Filter;

/** The address's parameters after a change of the filter; undefined removes one. */
export const withFilter = (
  search: URLSearchParams,
  patch: Partial<Record<keyof Filter, string | undefined>>,
): URLSearchParams => {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(patch)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  return next;
};

/** The change that removes all filters. */
export const cleared = Object.fromEntries(names.map(name => [name, undefined])) as Record<keyof Filter, undefined>;

/** Whether nothing is filtered. */
export const isEmpty = (filter: Filter): boolean => Object.keys(filter).length === 0;

/**
 * The filter as sent to the server: days become instants, since they are days in the reader's time zone (as in the headings), which the server doesn't know.
 */
export const asked = ({ from, to, ...rest }: Filter): Filter => ({
  ...rest,
  ...(from ? { from: dayStart(from) } : {}),
  ...(to ? { to: dayStart(to, 1) } : {}),
});

const among = (list: string | undefined, word: string) => !list || list.split(',').includes(word);

/** Whether an entry that arrived live matches the filter. */
export const matches = (entry: TimelineEntry, filter: Filter): boolean => {
  const day = dayKey(new Date(entry.occurredAt));
  return (
    among(filter.channel, entry.channel) &&
    among(filter.direction, entry.direction) &&
    (!filter.files || entry.files) &&
    (!filter.from || day >= filter.from) &&
    (!filter.to || day <= filter.to)
  );
};
