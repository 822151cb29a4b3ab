import { type RefObject, useCallback, useRef, useState } from 'react';
import { markRead } from '../contacts/read.ts';
import { savePlace } from './position.ts';
import type { Row } from './rows.ts';
import { dayHeight, type Scroller, type Stream } from './virtualizer.ts';

/** How near the end (px) a reader still counts as reading the newest. */
const nearEnd = 80;

/** The entry that is read: where it stands (px below the top), and whether a heading lies above it at the very top. */
export interface Anchor {
  key: string;
  top: number;
  start: number;
  heading: boolean;
}

export const entryAt = (rows: readonly Row[], index: number) => {
  const row = rows[index];
  return row?.kind === 'entry' ? row : undefined;
};

/** What is read now, what is new and was not on the screen yet, and, when the reader rests, that it was read and where. */
export const useReading = (
  contact: string,
  keep: boolean,
  scroller: Scroller,
  virtual: Stream,
  rows: RefObject<readonly Row[]>,
) => {
  const [day, setDay] = useState<string>();
  const [atEnd, setAtEnd] = useState(true);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const near = useRef(true);
  const anchor = useRef<Anchor | null>(null);

  const note = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const top = element.scrollTop;
    near.current = element.scrollHeight - top - element.clientHeight <= nearEnd;
    setAtEnd(near.current);
    const first = virtual
      .getVirtualItems()
      .find(({ index, end }) => end > top + dayHeight && entryAt(rows.current, index));
    if (!first) return;
    const highest = virtual.getVirtualItemForOffset(top);
    const heading = highest !== undefined && !entryAt(rows.current, highest.index);
    anchor.current = { key: String(first.key), top: first.start - top, start: first.start, heading };
    setDay(entryAt(rows.current, first.index)?.entry.occurredAt);
  }, [scroller, virtual, rows]);

  const settle = useCallback(() => {
    const element = scroller.current;
    if (!element?.clientHeight || document.visibilityState !== 'visible') return;
    const bottom = element.scrollTop + element.clientHeight + 8;
    const seen = virtual.getVirtualItems().filter(({ end }) => end <= bottom);
    const last = seen.map(({ index }) => entryAt(rows.current, index)).findLast(row => row !== undefined);
    if (last) {
      if (keep) markRead(contact, last.entry.occurredAt);
      const below = rows.current.flatMap(row => (row.kind === 'entry' && row.index > last.index ? [row.key] : []));
      setFresh(known => (known.size ? new Set(below.filter(key => known.has(key))) : known));
    }
    if (keep && anchor.current)
      savePlace(contact, near.current ? null : { id: anchor.current.key, offset: -anchor.current.top });
  }, [contact, keep, scroller, virtual, rows]);

  return { day, atEnd, fresh, setFresh, near, anchor, note, settle };
};
