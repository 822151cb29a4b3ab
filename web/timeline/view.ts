import { useSyncExternalStore } from 'react';

/** How an entry is shown: rows leave the page when they are scrolled away, so it is kept here for as long as the page lives. */
export interface EntryView {
  open: boolean;
  panel: 'details' | 'headers' | 'original' | null;
  quotes: boolean;
  whole: boolean;
  images: boolean;
  plain: boolean;
}

const shut: EntryView = { open: false, panel: null, quotes: false, whole: false, images: false, plain: false };
const views = new Map<string, EntryView>();
const heights = new Map<string, number>();
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const viewOf = (id: string): EntryView => views.get(id) ?? shut;

export const setView = (id: string, patch: Partial<EntryView>): void => {
  views.set(id, { ...viewOf(id), ...patch });
  for (const listener of listeners) listener();
};

/** Shows a panel of an entry, or hides it when it is shown; an entry that was shut opens. */
export const togglePanel = (id: string, panel: NonNullable<EntryView['panel']>): void => {
  const { open, panel: shown } = viewOf(id);
  setView(id, { open: true, panel: open && shown === panel ? null : panel });
};

export const useView = (id: string): EntryView => useSyncExternalStore(subscribe, () => viewOf(id));

/** The height a message's body had: reserved when its row comes back, so that nothing jumps. */
export const heightOf = (id: string): number | undefined => heights.get(id);
export const keepHeight = (id: string, height: number): void => void heights.set(id, height);
