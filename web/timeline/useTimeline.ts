import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
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

/** One contact's timeline under a (stable) filter: what is loaded, more of the past on demand, and what arrives. */
export const useTimeline = (contact: string, filter: Filter) => {
  const client = useQueryClient();
  const key = useMemo(() => keyOf(contact, filter), [contact, filter]);
  const query = useQuery({
    queryKey: key,
    queryFn: async (): Promise<Loaded> => {
      const { items, next } = await page(contact, filter, firstPage);
      return { entries: items.toReversed(), before: next };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [older, setOlder] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: null });
  const busy = useRef(false);

  /** Loads the next older page; resolves to how many entries came. */
  const loadOlder = useCallback(
    async (limit = furtherPage): Promise<number> => {
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
    [client, contact, filter, key],
  );

  useEffect(() => {
    const again = () => void catchUp(client, contact, filter).catch(() => undefined);
    if (client.getQueryData(key)) again();
    const offs = [
      onCatchUp(again),
      onEntry(event => {
        if (event.contact !== contact) return;
        void client.invalidateQueries({ queryKey: ['timeline-counts', contact] });
        if (matches(event.entry, filter))
          client.setQueryData<Loaded>(key, loaded => loaded && arrived(loaded, event.entry));
      }),
    ];
    return () => {
      for (const off of offs) off();
    };
  }, [client, contact, filter, key]);

  return { query, loadOlder, older };
};
