import { useSyncExternalStore } from 'react';
import { topic } from '../api/topic.ts';

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
const changes = topic();

export const viewOf = (id: string): EntryView => views.get(id) ?? shut;

const openings = topic<string>();
/** Calls its listener with the entry whose row was opened, or got more in it. Returns the way off. */
export const onOpen = openings.on;

export const setView = (id: string, patch: Partial<EntryView>): void => {
  const before = viewOf(id);
  views.set(id, { ...before, ...patch });
  changes.tell();
  if ((patch.open && !before.open) || (patch.panel && patch.panel !== before.panel)) openings.tell(id);
};

/** Shows a panel of an entry, or hides it when it is shown; an entry that was shut opens. */
export const togglePanel = (id: string, panel: NonNullable<EntryView['panel']>): void => {
  const { open, panel: shown } = viewOf(id);
  setView(id, { open: true, panel: open && shown === panel ? null : panel });
};

export const useView = (id: string): EntryView => useSyncExternalStore(changes.on, () => viewOf(id));

/** The height a message's body had: reserved when its row comes back, so that nothing jumps. */
export const heightOf = (id: string): number | undefined => heights.get(id);
export const keepHeight = (id: string, height: number): void => void heights.set(id, height);
