import { useSyncExternalStore } from 'react';
import { topic } from '../api/topic.ts';

/** How an entry is shown. Kept here for as long as the page lives, since rows are unmounted when they are scrolled away. */
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

/** How the entry with this id is shown. */
export const viewOf = (id: string): EntryView => views.get(id) ?? shut;

const openings = topic<string>();
/** Calls the listener with the id of an entry that was opened, or got another panel. Returns a function that removes the listener. */
export const onOpen = openings.on;

/** Changes how an entry is shown. */
export const setView = (id: string, patch: Partial<EntryView>): void => {
  const before = viewOf(id);
  views.set(id, { ...before, ...patch });
  changes.tell();
  if ((patch.open && !before.open) || (patch.panel && patch.panel !== before.panel)) openings.tell(id);
};

/** Shows a panel of an entry, or hides it when it is shown; opens the entry if necessary. */
export const togglePanel = (id: string, panel: NonNullable<EntryView['panel']>): void => {
  const { open, panel: shown } = viewOf(id);
  setView(id, { open: true, panel: open && shown === panel ? null : panel });
};

/** How the entry with this id is shown, as a hook. */
export const useView = (id: string): EntryView => useSyncExternalStore(changes.on, () => viewOf(id));

/** The height (px) that a message's body had: reserved when its row is mounted again, so that nothing jumps. */
export const heightOf = (id: string): number | undefined => heights.get(id);
/** Remembers that height. */
export const keepHeight = (id: string, height: number): void => void heights.set(id, height);
