import { useQuery } from '@tanstack/react-query';
import { api, isFault } from '../api/client.ts';
import type { Connector, Page } from '../api/types.ts';

export const useConnectors = () =>
  useQuery({
    queryKey: ['connectors'],
    queryFn: ({ signal }) => api<Page<Connector>>('/connectors', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Faults of a refused config by the field's dotted path; `rest` is what belongs to no field. */
export const faultsOf = (error: unknown): { byPath: Record<string, string>; rest: string } => {
  if (!error) return { byPath: {}, rest: '' };
  const message = error instanceof Error ? error.message : String(error);
  if (!isFault(error)) return { byPath: {}, rest: message };
  const entries = error.errors.flatMap(({ pointer, detail }) =>
    pointer?.startsWith('/config/') ? [[pointer.slice('/config/'.length).replaceAll('/', '.'), detail] as const] : [],
  );
  const others = error.errors.filter(({ pointer }) => !pointer?.startsWith('/config/')).map(({ detail }) => detail);
  return {
    byPath: Object.fromEntries(entries),
    rest: entries.length && !others.length ? '' : [message, ...others].join(' '),
  };
};
