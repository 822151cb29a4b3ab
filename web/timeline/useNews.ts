import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { Row } from './rows.ts';
import { isOwnScroll, scrollSelf } from './scrolls.ts';
import type { Held } from './useMoves.ts';
import type { Anchor } from './useReading.ts';
import type { Scroller, Stream } from './virtualizer.ts';

/** What `useNews` works with; see `useStream` and `useReading`. */
export interface News {
  opened: boolean;
  rows: readonly Row[];
  near: RefObject<boolean>;
  held: RefObject<Held>;
  anchor: RefObject<Anchor | null>;
  scroller: Scroller;
  virtual: Stream;
  toEnd: () => void;
  setFresh: (change: (known: ReadonlySet<string>) => ReadonlySet<string>) => void;
}

/** Keeps the entry that is being read in its place when rows were inserted between it and the heading above it. */
const holdBelowHeading = ({ rows, anchor, scroller, virtual }: News): void => {
  const held = anchor.current;
  const element = scroller.current;
  if (!held?.heading || !element) return;
  virtual.getTotalSize(); // brings the measurements up to date
  const start = virtual.measurementsCache[rows.findIndex(({ key }) => key === held.key)]?.start;
  if (start === undefined || start === held.start) return;
  if (Math.abs(element.scrollTop - (start - held.top)) > 0.5) scrollSelf(element, start - held.top);
};

/**
 * Reacts to changed rows: scrolls to the end when the reader is there (unless an entry is just being opened), else counts the entries that arrived below. The
 * virtualizer itself keeps the topmost row in place; where that is a heading, after which rows may have been inserted, the entry below it is kept in place
 * here.
 */
export const useNews = (news: News): void => {
  const before = useRef<{ rows: readonly Row[]; keys: ReadonlySet<string> }>({ rows: [], keys: new Set() });
  useLayoutEffect(() => {
    const { opened, rows, near, held, anchor, toEnd, setFresh } = news;
    const was = before.current;
    if (was.rows === rows) return;
    const keys = rows.flatMap(({ kind, key }) => (kind === 'entry' ? [key] : []));
    before.current = { rows, keys: new Set(keys) };
    if (!opened || was.keys.size === 0) return;
    const read = anchor.current ? keys.indexOf(anchor.current.key) : -1;
    const came = keys.slice(read + 1).filter(key => !was.keys.has(key));
    if (came.length && near.current && held.current !== 'opened') return toEnd();
    if (came.length) setFresh(known => new Set([...known, ...came]));
    holdBelowHeading(news);
  });
};

/** Listens to the reader's gestures: calls `note` on each scroll, `settle` when the scrolling rests, `release` on a gesture, and `older` near the top. */
export const useGestures = ({
  scroller,
  opened,
  note,
  settle,
  release,
  resized,
  older,
}: {
  scroller: Scroller;
  opened: boolean;
  resized: () => void;
  note: (byReader: boolean) => void;
  settle: () => void;
  release: () => void;
  older: () => void;
}): void => {
  const ask = useRef(older);
  ask.current = older;
  useEffect(() => {
    const element = scroller.current;
    if (!element || !opened) return;
    const ending = new AbortController();
    const { signal } = ending;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = element.scrollTop;
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(settle, 200);
    };
    const scrolled = () => {
      // only scrolling up leaves the end; rows that grow below don't
      note(element.scrollTop < last - 1 && !isOwnScroll(element));
      if (element.scrollTop < last && element.scrollTop < 800) ask.current();
      last = element.scrollTop;
      soon();
    };
    for (const name of ['wheel', 'touchstart', 'pointerdown', 'keydown'])
      element.addEventListener(name, release, { passive: true, signal });
    element.addEventListener('scroll', scrolled, { passive: true, signal });
    document.addEventListener('visibilitychange', soon, { signal });
    addEventListener('pagehide', settle, { signal });
    const observer = new ResizeObserver(resized);
    observer.observe(element);
    soon();
    return () => {
      observer.disconnect();
      settle();
      clearTimeout(timer);
      ending.abort();
    };
  }, [scroller, opened, note, settle, release, resized]);
};
