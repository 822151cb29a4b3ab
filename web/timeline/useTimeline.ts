import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '../api/client.ts';
import { onCatchUp, onEntry } from '../api/live.ts';
import type { Page, TimelineCounts, TimelineEntry } from '../api/types.ts';
import { type Filter, matches } from './filter.ts';
import { arrived, type Loaded, merged } from './store.ts';

const firstPage = 50;
const furtherPage = 100;

const path = (contact: string) => `/contacts/${encodeURIComponent(contact)}/timeline`;
const page = (contact: string, filter: Filter, limit: number, before?: string | null) =>
  api<Page<TimelineEntry>>(path(contact), { query: { ...filter, limit, before } });

const keyOf = (contact: string, filter: Filter) => ['timeline', contact, filter] as const;

/** Asks for what came while nobody listened: pages from the newest on until one meets what is loaded. */
const catchUp = async (client: QueryClient, contact: string, filter: Filter): Promise<void> => {
  const key = keyOf(contact, filter);
  let before: string | null = null;
  for (let pages = 0; pages < 5; pages += 1) {
    const known = client.getQueryData<Loaded>(key);
    if (!known) return;
    const ids = new Set(known.entries.map(({ id }) => id));
    const { items, next }: Page<TimelineEntry> = await page(contact, filter, furtherPage, before);
    client.setQueryData<Loaded>(key, loaded => loaded && merged(loaded, items));
    if (next === null || items.some(({ id }) => ids.has(id))) return;
    before = next;
  }
  await client.resetQueries({ queryKey: key });
};

export const useCounts = (contact: string, filter: Filter) =>
  useQuery({
    queryKey: ['timeline-counts', contact, filter],
    queryFn: ({ signal }) => api<TimelineCounts>(`${path(contact)}/counts`, { query: { ...filter }, signal }),
    placeholderData: before => before,
  });

/** The next older page, one at a time; resolves to how many entries came. */
const useOlder = (contact: string, filter: Filter) => {
  const client = useQueryClient();
  const [older, setOlder] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: null });
  const busy = useRef(false);
  const loadOlder = useCallback(
    async (limit = furtherPage): Promise<number> => {
      const key = keyOf(contact, filter);
      const known = client.getQueryData<Loaded>(key);
      if (busy.current || !known?.before) return 0;
      busy.current = true;
      setOlder({ busy: true, error: null });
      const done = await page(contact, filter, limit, known.before).then(
        ({ items, next }) => {
          client.setQueryData<Loaded>(key, loaded => loaded && merged(loaded, items, next));
          return { count: items.length, error: null };
        },
        error => ({ count: 0, error }),
      );
      busy.current = false;
      setOlder({ busy: false, error: done.error });
      return done.count;
    },
    [client, contact, filter],
  );
  return { older, loadOlder };
};

/** Puts what arrives in its place, and asks for what came while nobody listened. */
const useArrivals = (contact: string, filter: Filter) => {
  const client = useQueryClient();
  useEffect(() => {
    const key = keyOf(contact, filter);
    const again = () => void catchUp(client, contact, filter).catch(() => undefined);
    if (client.getQueryData(key)) again();
    const offs = [
      onCatchUp(again),
      onEntry(({ contact: whose, entry }) => {
        if (whose !== contact) return;
        void client.invalidateQueries({ queryKey: ['timeline-counts', contact] });
        if (matches(entry, filter)) client.setQueryData<Loaded>(key, loaded => loaded && arrived(loaded, entry));
      }),
    ];
    return () => {
      for (const off of offs) off();
    };
  }, [client, contact, filter]);
};

/** One contact's timeline under a (stable) filter: what is loaded, more of the past on demand, and what arrives. */
export const useTimeline = (contact: string, filter: Filter) => {
  const query = useQuery({
    queryKey: keyOf(contact, filter),
    queryFn: async (): Promise<Loaded> => {
      const { items, next } = await page(contact, filter, firstPage);
      return { entries: items.toReversed(), before: next };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  useArrivals(contact, filter);
  return { query, ...useOlder(contact, filter) };
};
