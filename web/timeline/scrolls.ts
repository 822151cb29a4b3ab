const written = new WeakMap<Element, number>();

/** Remembers where the page itself has just put `element`, or knows that it stands: a scroll event that tells the same is not the reader's. */
export const wrote = (element: Element): void => void written.set(element, element.scrollTop);

/** Scrolls `element` for the reader. */
export const scrollSelf = (element: Element, top: number): void => {
  element.scrollTop = top;
  wrote(element);
};

/**
 * Whether `element` stands where the page last put it: then a scroll event is not the reader's. It holds for as many events as come of it: a
 * position that is written while an event is handled has one of its own.
 */
export const isOwnScroll = (element: Element): boolean => {
  const top = written.get(element);
  return top !== undefined && Math.abs(element.scrollTop - top) < 1;
};
