import type { TimelineEntry } from '../api/types.ts';
import { dayKey, dayStart } from '../i18n/format.ts';

/** What a timeline is narrowed to. Lives in the address, runs on the server. */
export interface Filter {
  channel?: string;
  direction?: string;
  files?: 'true';
  from?: string;
  to?: string;
}

const names = ['channel', 'direction', 'files', 'from', 'to'] as const;

export const filterOf = (search: URLSearchParams): Filter =>
  Object.fromEntries(names.flatMap(name => (search.get(name) ? [[name, search.get(name)]] : []))) as Filter;

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

/** The change that takes all of a filter back. */
export const cleared = Object.fromEntries(names.map(name => [name, undefined])) as Record<keyof Filter, undefined>;

export const isEmpty = (filter: Filter): boolean => Object.keys(filter).length === 0;

/** The filter as the server is asked: a day is the agent's, as in the headings, and no server knows where that begins. */
export const asked = ({ from, to, ...rest }: Filter): Filter => ({
  ...rest,
  ...(from ? { from: dayStart(from) } : {}),
  ...(to ? { to: dayStart(to, 1) } : {}),
});

const among = (list: string | undefined, word: string) => !list || list.split(',').includes(word);

/** Whether an entry that came live belongs to what is shown. */
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
