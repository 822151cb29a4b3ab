import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { api, isFault } from '../api/client.ts';
import type { Connector, Page } from '../api/types.ts';
import type { Values } from './schema.ts';

export const useConnectors = () =>
  useQuery({
    queryKey: ['connectors'],
    queryFn: ({ signal }) => api<Page<Connector>>('/connectors', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The field that a pointer is about; one into a list is about all of it. */
const fieldOf = (pointer: string): string =>
  pointer
    .slice('/config/'.length)
    .replaceAll('/', '.')
    .replace(/(\.\d+)+$/, '');

/** With a capital. */
export const asSentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** Faults of a refused config by the field's dotted path; `rest` is what belongs to no field. */
export const faultsOf = (error: unknown): { byPath: Record<string, string>; rest: string } => {
  if (!error) return { byPath: {}, rest: '' };
  const message = error instanceof Error ? error.message : String(error);
  if (!isFault(error)) return { byPath: {}, rest: message };
  const entries = error.errors.flatMap(({ pointer, detail }) =>
    pointer?.startsWith('/config/') ? [[fieldOf(pointer), asSentence(detail)] as const] : [],
  );
  const others = error.errors.filter(({ pointer }) => !pointer?.startsWith('/config/')).map(({ detail }) => detail);
  return {
    byPath: Object.fromEntries(entries),
    rest: entries.length && !others.length ? '' : [message, ...others].join(' '),
  };
};

/** The same, where each fault stands until its field is changed. */
export const useFaults = (error: unknown, values: Values): ReturnType<typeof faultsOf> => {
  const refused = useRef({ error, values });
  if (refused.current.error !== error) refused.current = { error, values };
  const { byPath, rest } = faultsOf(error);
  const standing = Object.entries(byPath).filter(([path]) => values[path] === refused.current.values[path]);
  return { byPath: Object.fromEntries(standing), rest };
};
