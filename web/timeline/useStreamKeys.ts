import { useEffect } from 'react';
import { bindKeys } from '../shell/Keys.tsx';
import type { Row } from './rows.ts';
import type { useStream } from './useStream.ts';
import { setView, togglePanel, viewOf } from './view.ts';
import { aboveHeight, dayHeight } from './virtualizer.ts';

const find = (id: string) => document.querySelector<HTMLElement>(`.entry[data-id="${CSS.escape(id)}"]`);

/** Focuses an entry as soon as its row is there (the stream may first have to scroll to it). */
const focusSoon = (id: string, tries = 20) => {
  const element = find(id);
  if (element) element.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusSoon(id, tries - 1));
};

type EntryRow = Extract<Row, { kind: 'entry' }>;

/** j k Home End move through the entries; o h q show the original, the headers, the quotes of the one in focus. */
export const useStreamKeys = ({
  rows,
  stream,
  loadOlder,
}: {
  rows: readonly Row[];
  stream: ReturnType<typeof useStream>;
  loadOlder: () => void;
}) =>
  useEffect(() => {
    const entries = rows.filter((row): row is EntryRow => row.kind === 'entry');
    const focused = () => {
      const id = document.activeElement?.closest<HTMLElement>('.entry')?.dataset.id;
      return entries.findIndex(({ key }) => key === id);
    };
    const reading = () => {
      const scroller = stream.scroller.current;
      const top = (scroller?.scrollTop ?? 0) + dayHeight;
      const item = stream.virtual
        .getVirtualItems()
        .find(({ index, start }) => start >= top - 8 && rows[index]?.kind === 'entry');
      return entries.findIndex(({ key }) => key === item?.key);
    };
    const show = ({ key }: EntryRow) => {
      const scroller = stream.scroller.current;
      const item = stream.virtual.measurementsCache[rows.findIndex(row => row.key === key)];
      if (!scroller || !item) return;
      const above = item.start < scroller.scrollTop + dayHeight;
      const below = item.end > scroller.scrollTop + scroller.clientHeight;
      if (above || below)
        stream.toKey(
          key,
          above || item.size > scroller.clientHeight - dayHeight
            ? -dayHeight - 8
            : item.size - scroller.clientHeight + 8,
        );
      focusSoon(key);
    };
    const step = (by: number) => () => {
      const at = focused();
      const next = entries[at < 0 ? reading() : at + by];
      if (next) show(next);
      else if (by < 0) loadOlder();
    };
    const on = (run: (id: string) => void) => () => {
      const entry = entries[focused()];
      if (entry?.entry.interaction) run(entry.key);
    };
    const enter = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== 'Enter' || !target.matches('.entry')) return;
      const id = target.dataset.id;
      if (id && entries.some(({ key, entry }) => key === id && entry.interaction))
        setView(id, { open: !viewOf(id).open });
    };
    addEventListener('keydown', enter);
    const off = bindKeys({
      j: step(1),
      k: step(-1),
      o: on(id => togglePanel(id, 'original')),
      h: on(id => togglePanel(id, 'headers')),
      q: on(id => setView(id, { open: true, quotes: !viewOf(id).quotes })),
      Home: () => entries[0] && stream.toKey(entries[0].key, -aboveHeight - dayHeight),
      End: () => stream.toEnd(),
    });
    return () => {
      removeEventListener('keydown', enter);
      off();
    };
  });
