import { useSyncExternalStore } from 'react';

const all = new Set<() => void>();

/** Forgets all that is kept: another person signed in. */
export const forgetKept = (): void => {
  for (const forget of all) forget();
};

/**
 * What is kept of each thing (an interaction) by its id for as long as the page lives: rows leave the page when they are scrolled away, and
 * what was typed in them, or is on its way, must not leave with them.
 */
export const makeKept = <T extends object>(fresh: () => T) => {
  const values = new Map<string, T>();
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const get = (id: string): T => {
    const known = values.get(id) ?? fresh();
    values.set(id, known);
    return known;
  };
  const set = (id: string, patch: Partial<T>): void => {
    values.set(id, { ...get(id), ...patch });
    tell();
  };
  all.add(() => {
    values.clear();
    tell();
  });
  return { get, set, use: (id: string): T => useSyncExternalStore(subscribe, () => get(id)) };
};
