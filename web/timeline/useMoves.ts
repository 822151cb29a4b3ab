import { type RefObject, useCallback, useRef, useState } from 'react';
import type { Row } from './rows.ts';
import { scrollSelf } from './scrolls.ts';
import { dayHeight, type Scroller, type Stream } from './virtualizer.ts';

/** Longest hold, in frames (2 s). */
const longest = 120;

/** What the scroll position is held to: the end, a row that the reader asked for, or an entry that was opened. */
export type Held = 'end' | 'row' | 'opened' | null;

/** Keeps scrolling to `aim` until the position has been stable for `patience` frames, since rows are still being measured. A gesture of the reader ends it. */
const useHold = (scroller: Scroller) => {
  const token = useRef(0);
  const held = useRef<Held>(null);
  const [holding, setHolding] = useState(false);
  const set = useCallback((to: Held) => {
    held.current = to;
    setHolding(to !== null);
  }, []);
  const release = useCallback(() => {
    token.current += 1;
    set(null);
  }, [set]);
  const hold = useCallback(
    (to: Held, aim: () => number | undefined, patience = 4) => {
      token.current += 1;
      const mine = token.current;
      set(to);
      let still = 0;
      const step = (left: number) => {
        const element = scroller.current;
        const top = aim();
        if (mine !== token.current) return;
        if (!element || top === undefined) return set(null); // the row is gone
        const goal = Math.max(0, Math.min(top, element.scrollHeight - element.clientHeight));
        still = Math.abs(element.scrollTop - goal) > 0.5 ? 0 : still + 1;
        if (still === 0) scrollSelf(element, goal);
        if (still < patience && left > 0) requestAnimationFrame(() => step(left - 1));
        else set(null);
      };
      step(longest);
    },
    [scroller, set],
  );
  return { hold, release, holding, held };
};

/** Functions to scroll the timeline: to its end, to a row, and so that an opened entry can be read. */
export const useMoves = (scroller: Scroller, virtual: Stream, rows: RefObject<readonly Row[]>) => {
  const { hold, release, holding, held } = useHold(scroller);
  const itemOf = useCallback(
    (key: string) => virtual.measurementsCache[rows.current.findIndex(row => row.key === key)],
    [virtual, rows],
  );
  const toEnd = useCallback(() => hold('end', () => scroller.current?.scrollHeight), [hold, scroller]);
  const toKey = useCallback(
    (key: string, offset: number) => {
      hold('row', () => {
        const item = itemOf(key);
        return item && item.start + offset;
      });
    },
    [hold, itemOf],
  );
  /** Scrolls an opened entry into view as it grows, but never its heading out of view. */
  const reveal = useCallback(
    (key: string) => {
      hold(
        'opened',
        () => {
          const element = scroller.current;
          const item = itemOf(key);
          if (!element || !item) return undefined;
          const { scrollTop, clientHeight } = element;
          const hidden = item.end + 8 - (scrollTop + clientHeight);
          return hidden <= 0
            ? scrollTop
            : Math.max(scrollTop, Math.min(scrollTop + hidden, item.start - dayHeight - 8));
        },
        60,
      );
    },
    [hold, itemOf, scroller],
  );
  return { toEnd, toKey, reveal, release, holding, held };
};
