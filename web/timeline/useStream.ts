import { useVirtualizer, type VirtualItem, type Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { markRead } from '../contacts/read.ts';
import { type Place, savePlace } from './position.ts';
import { estimate, type Row } from './rows.ts';

/** Heights that timeline.css fixes: the line above the stream, and the sticky day. */
export const aboveHeight = 56;
export const dayHeight = 36;
/** How near the end (px) a reader still counts as reading the newest. */
const nearEnd = 80;

type Stream = Virtualizer<HTMLDivElement, HTMLDivElement>;

/**
 * Whether a row that changed its height moves the scroll position, so that what is being read stays where it is: always when it lies
 * above what is read; when it reaches into it, only on its first measuring, or when just its last lines show and nobody works in it.
 */
const holdsReader = (item: VirtualItem, _delta: number, stream: Stream): boolean => {
  const top = (stream.scrollOffset ?? 0) + dayHeight;
  if (item.end <= top) return true;
  if (item.start >= top) return false;
  if (!stream.itemSizeCache.has(item.key)) return true;
  if (stream.elementsCache.get(item.key)?.contains(document.activeElement)) return false;
  return item.end - top < (stream.scrollRect?.height ?? 0) / 4;
};

const useRowVirtualizer = (scroller: RefObject<HTMLDivElement | null>, rows: readonly Row[]): Stream => {
  const virtual = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => estimate(rows[index], scroller.current?.clientWidth ?? 640),
    getItemKey: index => rows[index]?.key ?? index,
    scrollMargin: aboveHeight + dayHeight,
    overscan: 6,
    // Keeps the row at the top in place when rows are put above it. A negative threshold: growing rows never count as "at the end".
    anchorTo: 'end',
    scrollEndThreshold: -1,
  });
  virtual.shouldAdjustScrollPositionOnItemSizeChange = holdsReader;
  return virtual;
};

/** Holds the scroll position to `aim` while rows are still being measured; a gesture of the reader ends it. */
const useHold = (scroller: RefObject<HTMLDivElement | null>) => {
  const token = useRef(0);
  const [holding, setHolding] = useState(false);
  const release = useCallback(() => {
    token.current += 1;
    setHolding(false);
  }, []);
  const hold = useCallback(
    (aim: () => number | undefined, patience = 4) => {
      token.current += 1;
      const mine = token.current;
      setHolding(true);
      let still = 0;
      const step = (left: number) => {
        const element = scroller.current;
        const top = aim();
        if (mine !== token.current || !element || top === undefined) return;
        const goal = Math.max(0, Math.min(top, element.scrollHeight - element.clientHeight));
        if (Math.abs(element.scrollTop - goal) > 0.5) {
          element.scrollTop = goal;
          still = 0;
        } else still += 1;
        if (still < patience && left > 0) requestAnimationFrame(() => step(left - 1));
        else setHolding(false);
      };
      step(120);
    },
    [scroller],
  );
  return { hold, release, holding };
};

export interface StreamOptions {
  contact: string;
  rows: readonly Row[];
  /** where to open: an entry's place, the first unread row, or (null) the newest; undefined: not known yet, keep waiting */
  opening: { key: string; offset: number } | null | undefined;
  /** the first entry that was not read before; it and what follows is announced until it was on the screen */
  firstUnread: string | undefined;
  /** whether this place is remembered (an unfiltered timeline) */
  keep: boolean;
  older: () => void;
}

const entryAt = (rows: readonly Row[], index: number) => {
  const row = rows[index];
  return row?.kind === 'entry' ? row : undefined;
};

/** The virtual stream of a timeline with the contract of UI.md: where it opens, what it follows, and that it never moves what is read. */
export const useStream = ({ contact, rows, opening, firstUnread, keep, older }: StreamOptions) => {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useRowVirtualizer(scroller, rows);
  const { hold, release, holding } = useHold(scroller);
  const [opened, setOpened] = useState(false);
  const [placed, setPlaced] = useState(false);
  const [day, setDay] = useState<string>();
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const [atEnd, setAtEnd] = useState(true);
  const near = useRef(true);
  const anchor = useRef<{ key: string; top: number; start: number } | null>(null);
  const before = useRef<{ rows: readonly Row[]; ids: Set<string>; last: string | undefined }>({
    rows: [],
    ids: new Set(),
    last: undefined,
  });
  const live = useRef({ rows, keep });
  live.current = { rows, keep };

  const endAim = useCallback(() => scroller.current?.scrollHeight, []);
  const toEnd = useCallback(() => {
    near.current = true;
    hold(endAim);
  }, [hold, endAim]);
  const toKey = useCallback(
    (key: string, offset: number) => {
      hold(() => {
        const index = live.current.rows.findIndex(row => row.key === key);
        const item = index < 0 ? undefined : virtual.measurementsCache[index];
        return item && item.start + offset;
      });
    },
    [hold, virtual],
  );

  /** An entry was opened: as it grows, brings it into view, but never its head out of it. */
  const reveal = useCallback(
    (key: string) => {
      hold(() => {
        const element = scroller.current;
        const item = virtual.measurementsCache[live.current.rows.findIndex(row => row.key === key)];
        if (!element || !item) return undefined;
        const hidden = item.end + 8 - (element.scrollTop + element.clientHeight);
        return hidden <= 0
          ? element.scrollTop
          : Math.max(element.scrollTop, Math.min(element.scrollTop + hidden, item.start - dayHeight - 8));
      }, 60);
    },
    [hold, virtual],
  );

  /** Notes what is read now: the day at the top, the entry to hold on to, whether the end is near. */
  const note = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const top = element.scrollTop;
    near.current = element.scrollHeight - top - element.clientHeight <= nearEnd;
    setAtEnd(near.current);
    const items = virtual.getVirtualItems();
    const first = items.find(({ index, end }) => end > top + dayHeight && entryAt(live.current.rows, index));
    if (!first) return;
    anchor.current = { key: String(first.key), top: first.start - top, start: first.start };
    setDay(entryAt(live.current.rows, first.index)?.entry.occurredAt);
  }, [virtual]);

  /** What was on the screen has been read; where the reader is will be found again. */
  const settle = useCallback(() => {
    const element = scroller.current;
    if (!element || document.visibilityState !== 'visible' || !element.clientHeight) return;
    const bottom = element.scrollTop + element.clientHeight + 8;
    const seen = virtual.getVirtualItems().filter(({ end }) => end <= bottom);
    const last = seen.map(({ index }) => entryAt(live.current.rows, index)).findLast(row => row !== undefined);
    if (last) {
      if (live.current.keep) markRead(contact, last.entry.occurredAt);
      const below = new Set(
        live.current.rows.flatMap(row => (row.kind === 'entry' && row.index > last.index ? [row.key] : [])),
      );
      setFresh(known => (known.size ? new Set([...known].filter(id => below.has(id))) : known));
    }
    if (!live.current.keep || !anchor.current) return;
    const place: Place = { id: anchor.current.key, offset: -anchor.current.top };
    savePlace(contact, near.current ? null : place);
  }, [contact, virtual]);

  if (opened && !placed && !holding) setPlaced(true);
  const begin = useCallback(() => {
    const keys = live.current.rows.flatMap(row => (row.kind === 'entry' ? [row.key] : []));
    const at = firstUnread ? keys.indexOf(firstUnread) : -1;
    if (at >= 0) setFresh(new Set(keys.slice(at)));
    setOpened(true);
  }, [firstUnread]);
  useOpening({ opened, opening, rows, hold: toKey, toEnd, begin });
  useNews({ opened, rows, before, near, anchor, scroller, virtual, toEnd, setFresh });
  useGestures({ scroller, opened, note, settle, release, older });

  // biome-ignore lint/correctness/useExhaustiveDependencies: after each change of the rows the day and the anchor are noted anew
  useLayoutEffect(note, [note, rows, opened, virtual.getTotalSize()]);
  return { scroller, virtual, opened, placed, day, atEnd, fresh: fresh.size, toEnd, toKey, reveal };
};

const useOpening = ({
  opened,
  opening,
  rows,
  hold,
  toEnd,
  begin,
}: {
  opened: boolean;
  opening: StreamOptions['opening'];
  rows: readonly Row[];
  hold: (key: string, offset: number) => void;
  toEnd: () => void;
  begin: () => void;
}) =>
  useLayoutEffect(() => {
    if (opened || opening === undefined || rows.length === 0) return;
    if (opening) hold(opening.key, opening.offset);
    else toEnd();
    begin();
  }, [opened, opening, rows, hold, toEnd, begin]);

/** Rows changed: follow when the reader is at the end, else count what came below and keep what is read in its place. */
const useNews = ({
  opened,
  rows,
  before,
  near,
  anchor,
  scroller,
  virtual,
  toEnd,
  setFresh,
}: {
  opened: boolean;
  rows: readonly Row[];
  before: RefObject<{ rows: readonly Row[]; ids: Set<string>; last: string | undefined }>;
  near: RefObject<boolean>;
  anchor: RefObject<{ key: string; top: number; start: number } | null>;
  scroller: RefObject<HTMLDivElement | null>;
  virtual: Stream;
  toEnd: () => void;
  setFresh: (change: (known: ReadonlySet<string>) => ReadonlySet<string>) => void;
}) =>
  useLayoutEffect(() => {
    const was = before.current;
    if (was.rows === rows) return;
    const entries = rows.filter(row => row.kind === 'entry');
    before.current = { rows, ids: new Set(entries.map(({ key }) => key)), last: entries.at(-1)?.key };
    const lastWas = entries.findIndex(({ key }) => key === was.last);
    if (!opened || lastWas < 0) return;
    const came = entries.slice(lastWas + 1).map(({ key }) => key);
    if (came.length && near.current) return toEnd();
    if (came.length) setFresh(known => new Set([...known, ...came]));
    const held = anchor.current;
    const index = held ? rows.findIndex(({ key }) => key === held.key) : -1;
    const start = virtual.measurementsCache[index]?.start;
    const element = scroller.current;
    if (!held || !element || start === undefined || start === held.start) return;
    if (Math.abs(element.scrollTop - (start - held.top)) > 0.5) element.scrollTop = start - held.top;
  }, [opened, rows, before, near, anchor, scroller, virtual, toEnd, setFresh]);

const useGestures = ({
  scroller,
  opened,
  note,
  settle,
  release,
  older,
}: {
  scroller: RefObject<HTMLDivElement | null>;
  opened: boolean;
  note: () => void;
  settle: () => void;
  release: () => void;
  older: () => void;
}) => {
  const ask = useRef(older);
  ask.current = older;
  useEffect(() => {
    const element = scroller.current;
    if (!element || !opened) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = element.scrollTop;
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(settle, 200);
    };
    const scrolled = () => {
      note();
      if (element.scrollTop < last && element.scrollTop < 800) ask.current();
      last = element.scrollTop;
      soon();
    };
    const gestures = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;
    for (const name of gestures) element.addEventListener(name, release, { passive: true });
    element.addEventListener('scroll', scrolled, { passive: true });
    document.addEventListener('visibilitychange', soon);
    addEventListener('pagehide', settle);
    soon();
    return () => {
      settle();
      clearTimeout(timer);
      for (const name of gestures) element.removeEventListener(name, release);
      element.removeEventListener('scroll', scrolled);
      document.removeEventListener('visibilitychange', soon);
      removeEventListener('pagehide', settle);
    };
  }, [scroller, opened, note, settle, release]);
};
