const written = new WeakMap<Element, number>();

/** Remembers where the page itself has just put `element`, or knows that it stands: a scroll event that tells the same is not the reader's. */
export const wrote = (element: Element): void => void written.set(element, element.scrollTop);

/** Scrolls `element` for the reader. */
export const scrollSelf = (element: Element, top: number): void => {
  element.scrollTop = top;
  wrote(element);
};

/** Whether the scroll event that is handled now came from what the page wrote last; asked once an event. */
export const isOwnScroll = (element: Element): boolean => {
  const top = written.get(element);
  written.delete(element);
  return top !== undefined && Math.abs(element.scrollTop - top) < 1;
};
