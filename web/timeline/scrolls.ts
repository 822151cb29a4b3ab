const written = new WeakMap<Element, number>();

/** Remembers the present scroll position of `element` as set by the page: a scroll event at this position isn't the reader's. */
export const wrote = (element: Element): void => void written.set(element, element.scrollTop);

/** Scrolls `element` on behalf of the page. */
export const scrollSelf = (element: Element, top: number): void => {
  element.scrollTop = top;
  wrote(element);
};

/**
 * Whether `element` is where the page last scrolled it, so that a scroll event isn't the reader's. True for any number of events, since a position that is set
 * while one is handled causes another.
 */
export const isOwnScroll = (element: Element): boolean => {
  const top = written.get(element);
  return top !== undefined && Math.abs(element.scrollTop - top) < 1;
};
