import { type RefObject, useCallback, useRef, useState } from 'react';
import type { Row } from './rows.ts';
import { dayHeight, type Scroller, type Stream } from './virtualizer.ts';

/** At most so many frames: two seconds. */
const longest = 120;

/** Holds the scroll position to `aim` until it stood still for `patience` frames (rows are still being measured); a gesture of the reader ends it. */
const useHold = (scroller: Scroller) => {
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
        still = Math.abs(element.scrollTop - goal) > 0.5 ? 0 : still + 1;
        if (still === 0) element.scrollTop = goal;
        if (still < patience && left > 0) requestAnimationFrame(() => step(left - 1));
        else setHolding(false);
      };
      step(longest);
    },
    [scroller],
  );
  return { hold, release, holding };
};

/** Ways to move the stream: to its end, to a row, and so that an entry that was opened can be read. */
export const useMoves = (scroller: Scroller, virtual: Stream, rows: RefObject<readonly Row[]>) => {
  const { hold, release, holding } = useHold(scroller);
  const itemOf = useCallback(
    (key: string) => virtual.measurementsCache[rows.current.findIndex(row => row.key === key)],
    [virtual, rows],
  );
  const toEnd = useCallback(() => hold(() => scroller.current?.scrollHeight), [hold, scroller]);
  const toKey = useCallback(
    (key: string, offset: number) => {
      hold(() => {
        const item = itemOf(key);
        return item && item.start + offset;
      });
    },
    [hold, itemOf],
  );
  /** As the entry grows, brings it into view, but never its head out of it. */
  const reveal = useCallback(
    (key: string) => {
      hold(() => {
        const element = scroller.current;
        const item = itemOf(key);
        if (!element || !item) return undefined;
        const { scrollTop, clientHeight } = element;
        const hidden = item.end + 8 - (scrollTop + clientHeight);
        return hidden <= 0 ? scrollTop : Math.max(scrollTop, Math.min(scrollTop + hidden, item.start - dayHeight - 8));
      }, 60);
    },
    [hold, itemOf, scroller],
  );
  return { toEnd, toKey, reveal, release, holding };
};
