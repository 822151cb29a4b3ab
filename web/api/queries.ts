import { keepPreviousData, QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, isFault } from './client.ts';
import { pages } from './pages.ts';
import type {
  Account,
  Contact,
  Interaction,
  Page,
  Session,
  SuggestionCounts,
  TimelineCounts,
  TimelineEntry,
} from './types.ts';

const again = (failures: number, error: unknown) =>
  failures < 2 && (!isFault(error) || error.status === 0 || error.status >= 502);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: again, staleTime: 30_000, gcTime: 30 * 60_000, refetchOnWindowFocus: false },
    mutations: { retry: false },
  },
});

export const keys = {
  session: ['session'],
  contacts: (q: string) => ['contacts', q],
  contact: (id: string) => ['contact', id],
  interaction: (id: string) => ['interaction', id],
  unlinked: ['unlinked'],
  unlinkedList: ['unlinked', 'list'],
  unlinkedCounts: ['unlinked', 'counts'],
  suggestions: ['suggestions'],
  suggestionCounts: ['suggestions', 'counts'],
  accounts: ['accounts'],
} as const;

export const useSession = () =>
  useQuery({
    queryKey: keys.session,
    queryFn: () => api<Session>('/session'),
    staleTime: Number.POSITIVE_INFINITY,
    retry: again,
  });

export const useContacts = (q: string) =>
  useInfiniteQuery({
    ...pages<Contact>(keys.contacts(q), '/contacts', { q, limit: 50 }),
    placeholderData: keepPreviousData,
  });

export const useContact = (id: string) =>
  useQuery({
    queryKey: keys.contact(id),
    queryFn: ({ signal }) => api<Contact>(`/contacts/${encodeURIComponent(id)}`, { signal }),
  });

/** The whole of an interaction; only asked for when it is opened, because each reading is logged. */
export const useInteraction = (id: string) =>
  useQuery({
    queryKey: keys.interaction(id),
    queryFn: ({ signal }) => api<Interaction>(`/interactions/${encodeURIComponent(id)}`, { signal }),
    staleTime: 10 * 60_000,
  });

/** How many there are, without reading any. */
export const useUnlinkedCounts = () =>
  useQuery({
    queryKey: keys.unlinkedCounts,
    queryFn: ({ signal }) => api<TimelineCounts>('/unlinked/counts', { signal }),
  });

/** How many wait for somebody to say whether they are one person. */
export const useSuggestionCounts = () =>
  useQuery({
    queryKey: keys.suggestionCounts,
    queryFn: ({ signal }) => api<SuggestionCounts>('/suggestions/counts', { signal }),
  });

export const useUnlinked = () => useInfiniteQuery(pages<TimelineEntry>(keys.unlinkedList, '/unlinked', { limit: 50 }));

/** All of them, however many pages they take. */
const allAccounts = async (signal: AbortSignal): Promise<Page<Account>> => {
  const items: Account[] = [];
  let before: string | null | undefined;
  do {
    const page = await api<Page<Account>>('/accounts', { query: { limit: 200, before }, signal });
    items.push(...page.items);
    before = page.next;
  } while (before);
  return { items, next: null };
};

export const useAccounts = (enabled: boolean) =>
  useQuery({
    queryKey: keys.accounts,
    queryFn: ({ signal }) => allAccounts(signal),
    refetchInterval: 15_000,
    enabled,
  });
