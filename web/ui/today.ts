import { useSyncExternalStore } from 'react';
import { dayKey } from '../i18n/format.ts';

const LOOK_MS = 30_000;

let today = dayKey(new Date());
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

/** Looks instead of waiting for midnight: a machine that slept, or whose clock was set, is not told of it. */
const look = (): void => {
  const now = dayKey(new Date());
  if (now === today) return;
  today = now;
  for (const listener of listeners) listener();
};

const subscribe = (listener: () => void) => {
  if (listeners.size === 0) {
    timer = setInterval(look, LOOK_MS);
    document.addEventListener('visibilitychange', look);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    document.removeEventListener('visibilitychange', look);
  };
};

/** The agent's day (YYYY-MM-DD). What says "today" or a weekday asks for it, and is shown anew when it is another. */
export const useToday = (): string => useSyncExternalStore(subscribe, () => today);
