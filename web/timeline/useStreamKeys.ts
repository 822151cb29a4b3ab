import { useEffect } from 'react';
import { skip, toggleCurrent } from '../message/call/audio.ts';
import { bindKeys, typing } from '../shell/Keys.tsx';
import { channelTone } from '../ui/channel.ts';
import type { Row } from './rows.ts';
import type { useStream } from './useStream.ts';
import { setView, togglePanel, viewOf } from './view.ts';
import { aboveHeight, dayHeight } from './virtualizer.ts';

const find = (id: string) => document.querySelector<HTMLElement>(`.entry[data-id="${CSS.escape(id)}"]`);

/** Focuses an entry as soon as its row is rendered (the list may have to scroll to it first). */
const focusSoon = (id: string, tries = 20) => {
  const element = find(id);
  if (element) element.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusSoon(id, tries - 1));
};

type EntryRow = Extract<Row, { kind: 'entry' }>;
type Shown = ReturnType<typeof useStream>;

const focused = (entries: readonly EntryRow[]): number => {
  const id = document.activeElement?.closest<HTMLElement>('.entry')?.dataset.id;
  return entries.findIndex(({ key }) => key === id);
};

/** Index of the first entry whose heading is visible. */
const reading = (entries: readonly EntryRow[], rows: readonly Row[], { scroller, virtual }: Shown): number => {
  const top = (scroller.current?.scrollTop ?? 0) + dayHeight;
  const item = virtual.getVirtualItems().find(({ index, start }) => start >= top - 8 && rows[index]?.kind === 'entry');
  return entries.findIndex(({ key }) => key === item?.key);
};

/** Focuses an entry, and scrolls only as far as needed to see it. */
const show = ({ key }: EntryRow, rows: readonly Row[], { scroller, virtual, toKey }: Shown): void => {
  const element = scroller.current;
  const item = virtual.measurementsCache[rows.findIndex(row => row.key === key)];
  if (!element || !item) return;
  const above = item.start < element.scrollTop + dayHeight + 8; // with the focus ring
  const below = item.end > element.scrollTop + element.clientHeight;
  const high = item.size > element.clientHeight - dayHeight;
  if (above || (below && high)) toKey(key, -dayHeight - 8);
  else if (below) toKey(key, item.size - element.clientHeight + 8);
  focusSoon(key);
};

/** Enter on an entry itself (not on what is inside) opens or shuts it. */
const onEnter = (event: KeyboardEvent): void => {
  const target = event.target;
  if (event.key !== 'Enter' || !(target instanceof HTMLElement) || !target.matches('.entry')) return;
  target.querySelector<HTMLElement>('button.entry-head')?.click();
};

const playButton = (id: string) => find(id)?.querySelector<HTMLElement>('.play');

/** Plays the recording of an entry as soon as its player is rendered. */
const playSoon = (id: string, tries = 120) => {
  const button = playButton(id);
  if (button) button.click();
  else if (tries > 0) requestAnimationFrame(() => playSoon(id, tries - 1));
};

/** Space plays or pauses the recording of the focused entry, else the one that was played last. On a control it keeps its usual function. */
const onSpace = (entry: EntryRow | undefined, event: KeyboardEvent): void => {
  const target = event.target instanceof HTMLElement ? event.target : document.body;
  if (event.key !== ' ' || event.defaultPrevented || typing(event) || document.querySelector('dialog[open]')) return;
  if (target.closest('button, a, summary')) return;
  const has = entry && (playButton(entry.key) || (entry.entry.files && channelTone(entry.entry.channel) === 'call'));
  if (has) {
    setView(entry.key, { open: true });
    playSoon(entry.key);
  } else if (!toggleCurrent()) return;
  event.preventDefault();
};

/**
 * Keyboard shortcuts: j, k, Home, End move through the entries; o, h, q show the original, the headers, the quotes of the focused one; space and [ ] control
 * its recording.
 */
export const useStreamKeys = ({
  rows,
  stream,
  loadOlder,
}: {
  rows: readonly Row[];
  stream: Shown;
  loadOlder: () => void;
}) =>
  useEffect(() => {
    const entries = rows.filter((row): row is EntryRow => row.kind === 'entry');
    const step = (by: number) => () => {
      const at = focused(entries);
      const next = entries[at < 0 ? reading(entries, rows, stream) : at + by];
      if (next) show(next, rows, stream);
      else if (by < 0) loadOlder();
    };
    const on = (run: (id: string) => void) => () => {
      const entry = entries[focused(entries)];
      if (entry?.entry.interaction) run(entry.key);
    };
    const space = (event: KeyboardEvent) => onSpace(entries[focused(entries)], event);
    addEventListener('keydown', onEnter);
    addEventListener('keydown', space);
    const off = bindKeys({
      j: step(1),
      k: step(-1),
      o: on(id => togglePanel(id, 'original')),
      h: on(id => togglePanel(id, 'headers')),
      q: on(id => setView(id, { open: true, quotes: !viewOf(id).quotes })),
      Home: () => {
        if (!entries[0]) return;
        stream.toKey(entries[0].key, -aboveHeight - dayHeight);
        focusSoon(entries[0].key);
      },
      End: () => {
        stream.toEnd();
        focusSoon(entries.at(-1)?.key ?? '');
      },
      '[': () => skip(-5),
      ']': () => skip(5),
    });
    return () => {
      removeEventListener('keydown', onEnter);
      removeEventListener('keydown', space);
      off();
    };
  });
