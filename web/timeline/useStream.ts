import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Row } from './rows.ts';
import { useMoves } from './useMoves.ts';
import { useGestures, useNews } from './useNews.ts';
import { useReading } from './useReading.ts';
import { useRowVirtualizer } from './virtualizer.ts';

/** What the timeline shows, and where it opens. */
export interface StreamOptions {
  contact: string;
  rows: readonly Row[];
  /** where to open: at a row's key and offset (px), or (null) at the newest; undefined: not known yet */
  opening: { key: string; offset: number } | null | undefined;
  /** id of the first unread entry; it and those after it count as new until they were visible */
  firstUnread: string | undefined;
  /** whether the place is remembered (only of an unfiltered timeline) */
  keep: boolean;
  older: () => void;
}

/** Rows that grow within this time after an arrival are taken for the new entries. */
const settlingMs = 2000;

/**
 * The virtualized list of a timeline. It opens where it was left, else at the first unread entry, else at the newest. It follows new entries only while the
 * reader is near the end, and never moves what is being read, whatever is added above or grows late.
 */
export const useStream = ({ contact, rows, opening, firstUnread, keep, older }: StreamOptions) => {
  const scroller = useRef<HTMLDivElement>(null);
  const current = useRef(rows);
  current.current = rows;
  const openedGrew = useRef(false);
  const virtual = useRowVirtualizer(scroller, rows, openedGrew);
  const { toEnd: moveToEnd, toKey, reveal, release, holding, held } = useMoves(scroller, virtual, current);
  const { day, atEnd, fresh, setFresh, near, anchor, note, settle } = useReading(
    contact,
    keep,
    scroller,
    virtual,
    current,
    held,
  );
  const [opened, setOpened] = useState(false);
  const [placed, setPlaced] = useState(false);

  const toEnd = useCallback(() => {
    near.current = true;
    moveToEnd();
  }, [near, moveToEnd]);

  useLayoutEffect(() => {
    if (opened || opening === undefined || rows.length === 0) return;
    const keys = rows.flatMap(({ kind, key }) => (kind === 'entry' ? [key] : []));
    if (firstUnread) setFresh(new Set(keys.slice(keys.indexOf(firstUnread))));
    if (opening) toKey(opening.key, opening.offset);
    else toEnd();
    setOpened(true);
  }, [opened, opening, rows, firstUnread, setFresh, toKey, toEnd]);
  if (opened && !placed && !holding) setPlaced(true);

  const arrivedAt = useRef(Number.NEGATIVE_INFINITY);
  const follow = useCallback(() => {
    arrivedAt.current = performance.now();
    toEnd();
  }, [toEnd]);
  useNews({ opened, rows, near, held, anchor, scroller, virtual, toEnd: follow, setFresh });
  const resized = useCallback(() => {
    if (near.current) moveToEnd();
  }, [near, moveToEnd]);
  const taken = useCallback(() => {
    arrivedAt.current = Number.NEGATIVE_INFINITY;
    release();
  }, [release]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is on the screen can change without a scroll
  useEffect(() => {
    const timer = opened ? setTimeout(settle, 200) : undefined;
    return () => clearTimeout(timer);
  }, [opened, settle, rows]);
  useGestures({ scroller, opened, note, settle, release: taken, resized, older });
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each change of the rows the day and the anchor are noted anew
  useLayoutEffect(() => {
    const byReader = openedGrew.current;
    openedGrew.current = false;
    note(byReader);
    // new rows are still being measured, on a busy machine for longer than the scroll position was held
    const settles = performance.now() - arrivedAt.current < settlingMs;
    if (settles && !byReader && near.current && held.current === null) moveToEnd();
  }, [note, rows, opened, virtual.getTotalSize()]);
  return { scroller, virtual, opened, placed, day, atEnd, fresh: fresh.size, toEnd, toKey, reveal };
};
