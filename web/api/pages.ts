import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, type Query } from './client.ts';
import type { Page } from './types.ts';

/** A list that is read page by page, each beginning where the one before it says. */
export const pages = <Item>(queryKey: readonly unknown[], path: string, query: Query = {}) =>
  infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => api<Page<Item>>(path, { query: { ...query, before: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: last => last.next ?? undefined,
  });
