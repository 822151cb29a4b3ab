import type { VirtualItem } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useRef, useState } from 'react';
import { markRead, readUntil } from '../contacts/read.ts';
import { isUnread, lastOf } from './last.ts';
import { savePlace } from './position.ts';
import type { Row } from './rows.ts';
import { wrote } from './scrolls.ts';
import type { Held } from './useMoves.ts';
import { dayHeight, type Scroller, type Stream } from './virtualizer.ts';

/** Distance from the end (px) within which a reader counts as reading the newest. */
const nearEnd = 80;

/**
 * The entry that is being read: its position (`top`: px below the viewport's top, `start`: px in the timeline), and whether a heading is above it at the very
 * top.
 */
export interface Anchor {
  key: string;
  top: number;
  start: number;
  heading: boolean;
}

/** The row at this index, if it is an entry's. */
export const entryAt = (rows: readonly Row[], index: number) => {
  const row = rows[index];
  return row?.kind === 'entry' ? row : undefined;
};

/** Offset (px) of a day row from the top at which its text is where the sticky heading has it. */
const turn = -8;

/** Day for the sticky heading: that of the last entry before the next day row; and how far (px) that row has pushed the heading up. */
const stickyDay = (rows: readonly Row[], items: readonly VirtualItem[], top: number) => {
  const next = items.find(({ index, start }) => rows[index]?.kind === 'day' && start - top > turn);
  let at = next ? next.index - 1 : (items.at(-1)?.index ?? -1);
  while (at > 0 && !entryAt(rows, at)) at -= 1;
  const pushed = next ? Math.max(-24, Math.min(0, next.start - top - 16)) : 0;
  return { day: entryAt(rows, at)?.entry.occurredAt, pushed };
};

/** Keeps track of what is being read, of entries that are new and weren't visible yet, and, when the reader rests, stores what was read and where. */
export const useReading = (
  contact: string,
  keep: boolean,
  scroller: Scroller,
  virtual: Stream,
  rows: RefObject<readonly Row[]>,
  held: RefObject<Held>,
) => {
  const [day, setDay] = useState<string>();
  const [atEnd, setAtEnd] = useState(true);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const near = useRef(true);
  const anchor = useRef<Anchor | null>(null);
  /** time of the newest event that was visible: all up to it counts as read once nothing new is left below */
  const seen = useRef('');

  /** A reader counts as at the end until they leave it themselves: by scrolling up, jumping, or opening an entry. Rows that grow or arrive don't end that. */
  const note = useCallback(
    (byReader: boolean) => {
      const element = scroller.current;
      if (!element) return;
      const top = element.scrollTop;
      const within = element.scrollHeight - top - element.clientHeight <= nearEnd;
      if (within) wrote(element); // the browser scrolls too, when rows get shorter
      const asked = held.current === 'row' || held.current === 'opened';
      const left = asked || (byReader && held.current !== 'end');
      near.current = within || (near.current && !left);
      setAtEnd(near.current);
      const items = virtual.getVirtualItems();
      const sticky = stickyDay(rows.current, items, top);
      setDay(sticky.day);
      element.style.setProperty('--day-shift', `${sticky.pushed}px`);
      const first = items.find(({ index, end }) => end > top + dayHeight && entryAt(rows.current, index));
      if (!first) return;
      const highest = virtual.getVirtualItemForOffset(top);
      const heading = highest !== undefined && !entryAt(rows.current, highest.index);
      anchor.current = { key: String(first.key), top: first.start - top, start: first.start, heading };
    },
    [scroller, virtual, rows, held],
  );

  const settle = useCallback(() => {
    const element = scroller.current;
    if (!element?.clientHeight || document.visibilityState !== 'visible') return;
    const top = element.scrollTop;
    const bottom = top + element.clientHeight + 8;
    const above = virtual.getVirtualItems().filter(({ end }) => end <= bottom);
    const last = above.map(({ index }) => entryAt(rows.current, index)).findLast(row => row !== undefined);
    if (last) {
      const below = rows.current.filter(row => row.kind === 'entry').slice(last.index + 1);
      for (const { index, end } of above) {
        const row = end > top + dayHeight ? entryAt(rows.current, index) : undefined;
        if (row && lastOf(row.entry).at > seen.current) seen.current = lastOf(row.entry).at;
      }
      if (keep) {
        markRead(contact, last.entry.occurredAt);
        const read = readUntil(contact);
        if (!below.some(({ entry }) => isUnread(entry, read))) markRead(contact, seen.current);
      }
      setFresh(known => (known.size ? new Set(below.flatMap(({ key }) => (known.has(key) ? [key] : []))) : known));
    }
    if (keep && anchor.current)
      savePlace(contact, near.current ? null : { id: anchor.current.key, offset: -anchor.current.top });
  }, [contact, keep, scroller, virtual, rows]);

  return { day, atEnd, fresh, setFresh, near, anchor, note, settle };
};
