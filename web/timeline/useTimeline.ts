import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '../api/client.ts';
import { onCatchUp, onContact, onEntry, onGone } from '../api/live.ts';
import { keys } from '../api/queries.ts';
import type { Page, TimelineCounts, TimelineEntry } from '../api/types.ts';
import { asked, type Filter, matches } from './filter.ts';
import { arrived, type Loaded, merged, reaches, refreshed, without } from './store.ts';

const firstPage = 50;
const furtherPage = 100;

const path = (contact: string) => `/contacts/${encodeURIComponent(contact)}/timeline`;
const page = (contact: string, filter: Filter, limit: number, before?: string | null) =>
  api<Page<TimelineEntry>>(path(contact), { query: { ...asked(filter), limit, before } });

const keyOf = (contact: string, filter: Filter) => ['timeline', contact, filter] as const;

/** Pause before another attempt: the live connection may be back before the network or the database is. */
const AGAIN_MS = 3000;

/** Most pages that are read again; older ones stay as they were. */
const mostPages = 20;

/** Reads the loaded part again, from the newest down, and answers it as a whole, so that it is replaced in one step and the reader's place stays. */
const again = async (client: QueryClient, contact: string, filter: Filter, known: Loaded): Promise<Loaded> => {
  const items: TimelineEntry[] = [];
  let next: string | null = null;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const read: Page<TimelineEntry> = await page(contact, filter, furtherPage, next);
    items.push(...read.items);
    next = read.next;
    if (next === null || reaches(read.items, known)) break;
  }
  return refreshed(client.getQueryData<Loaded>(keyOf(contact, filter)) ?? known, known, items, next);
};

/** Reads a timeline for the first time, or again after a time without live updates. */
const read = async (client: QueryClient, contact: string, filter: Filter): Promise<Loaded> => {
  const known = client.getQueryData<Loaded>(keyOf(contact, filter));
  if (known) return again(client, contact, filter, known);
  const { items, next } = await page(contact, filter, firstPage);
  return { entries: items.toReversed(), before: next };
};

/** Counts for the filter bar. */
export const useCounts = (contact: string, filter: Filter) =>
  useQuery({
    queryKey: ['timeline-counts', contact, filter],
    queryFn: ({ signal }) => api<TimelineCounts>(`${path(contact)}/counts`, { query: { ...asked(filter) }, signal }),
    placeholderData: before => before,
  });

/** Loads the next older page, one at a time. `loadOlder` resolves to the number of entries that came. */
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

/** All loaded timelines, or those of one contact, also when they aren't shown: whoever comes back to one finds what arrived meanwhile, marked as new. */
const loadedOnes = (client: QueryClient, contact?: string) =>
  client
    .getQueriesData<Loaded>({ queryKey: contact === undefined ? ['timeline'] : ['timeline', contact] })
    .flatMap(([key, loaded]) => (loaded ? [{ key: key as ReturnType<typeof keyOf>, loaded }] : []));

/** Inserts entries that arrive into the loaded timelines they belong to, and removes those that left. */
export const useArrivals = (): void => {
  const client = useQueryClient();
  useEffect(() => {
    const offs = [
      onEntry(({ contact, entry }) => {
        if (contact === null) return;
        void client.invalidateQueries({ queryKey: ['timeline-counts', contact] });
        if (entry.interaction) void client.invalidateQueries({ queryKey: keys.interaction(entry.interaction) });
        for (const { key, loaded } of loadedOnes(client, contact))
          if (matches(entry, key[2])) client.setQueryData<Loaded>(key, arrived(loaded, entry));
      }),
      onGone(id => {
        for (const { key, loaded } of loadedOnes(client)) {
          const left = without(loaded, id);
          if (left === loaded) continue;
          client.setQueryData<Loaded>(key, left);
          for (const queryKey of [['timeline-counts', key[1]], ['contacts']])
            void client.invalidateQueries({ queryKey });
        }
      }),
    ];
    return () => {
      for (const off of offs) off();
    };
  }, [client]);
};

/** Reads a timeline again when live updates may have been missed. */
const useCatchUp = (contact: string, filter: Filter) => {
  const client = useQueryClient();
  useEffect(() => {
    const key = keyOf(contact, filter);
    let later: ReturnType<typeof setTimeout> | undefined;
    let here = true;
    const catchUp = (): void => {
      clearTimeout(later);
      if (!client.getQueryData(key)) return;
      void client.invalidateQueries({ queryKey: ['timeline-counts', contact] });
      client.refetchQueries({ queryKey: key, exact: true }, { throwOnError: true }).catch(() => {
        if (here) later = setTimeout(catchUp, AGAIN_MS);
      });
    };
    catchUp();
    const offs = [onCatchUp(catchUp), onContact(id => id === contact && catchUp())];
    return () => {
      here = false;
      clearTimeout(later);
      for (const off of offs) off();
    };
  }, [client, contact, filter]);
};

/** One contact's timeline under a filter (which must be a stable object): the loaded part, a function for older entries, and live updates. */
export const useTimeline = (contact: string, filter: Filter) => {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: keyOf(contact, filter),
    queryFn: () => read(client, contact, filter),
    staleTime: Number.POSITIVE_INFINITY,
  });
  useCatchUp(contact, filter);
  return { query, ...useOlder(contact, filter) };
};
