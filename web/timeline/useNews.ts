import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { Row } from './rows.ts';
import { isOwnScroll, scrollSelf } from './scrolls.ts';
import type { Held } from './useMoves.ts';
import type { Anchor } from './useReading.ts';
import type { Scroller, Stream } from './virtualizer.ts';

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

/** Keeps the entry that is read in its place when something was put between it and the heading above it. */
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
 * Rows changed: follow when the reader is at the end (and doesn't just open an entry), else count what came below what is read. The virtualizer itself keeps the row at the very top in
 * its place; where that is a heading, behind which something may have been put, the entry below it is held here.
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

/** Listens to the reader: what is read is noted at once, kept when the scrolling rests, and the past is asked for on the way up. */
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
      // only upwards one leaves the end: what grows below moves nobody
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
