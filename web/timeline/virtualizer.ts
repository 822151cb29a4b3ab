import { elementScroll, useVirtualizer, type VirtualItem, type Virtualizer } from '@tanstack/react-virtual';
import type { RefObject } from 'react';
import { estimate, type Row } from './rows.ts';
import { wrote } from './scrolls.ts';
import { viewOf } from './view.ts';

/** Heights (px) of the line above the timeline and of the sticky day, as in timeline.css. */
export const aboveHeight = 56;
export const dayHeight = 36;

/** The scrolling element. */
export type Scroller = RefObject<HTMLDivElement | null>;
/** The virtualizer of the timeline. */
export type Stream = Virtualizer<HTMLDivElement, HTMLDivElement>;

/**
 * Whether the scroll position is adjusted when a row changes its height, so that what is being read stays in place: always for a row above that; for one that
 * reaches into it only when it is first measured, or when only its last lines are visible and it doesn't have the focus.
 */
const holdsReader = (item: VirtualItem, _delta: number, stream: Stream): boolean => {
  const top = (stream.scrollOffset ?? 0) + dayHeight;
  if (item.end <= top) return true;
  if (item.start >= top) return false;
  if (!stream.itemSizeCache.has(item.key)) return true;
  if (stream.elementsCache.get(item.key)?.contains(document.activeElement)) return false;
  return item.end - top < (stream.scrollRect?.height ?? 0) / 4;
};

/** Whether a row that was measured before is open, so that its growth is the reader's doing. */
const isOpened = ({ key }: VirtualItem, stream: Stream): boolean =>
  stream.itemSizeCache.has(key) && viewOf(String(key)).open;

/** The virtualizer for the rows; heights are estimated until they are measured. `openedGrew` is set when an open row changes its height. */
export const useRowVirtualizer = (scroller: Scroller, rows: readonly Row[], openedGrew: RefObject<boolean>): Stream => {
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
    scrollToFn: (offset, options, stream) => {
      elementScroll(offset, options, stream);
      if (stream.scrollElement) wrote(stream.scrollElement);
    },
  });
  virtual.shouldAdjustScrollPositionOnItemSizeChange = (item, delta, stream) => {
    openedGrew.current ||= isOpened(item, stream);
    return holdsReader(item, delta, stream);
  };
  return virtual;
};
