import { type RefObject, useEffect } from 'react';

/** Whoever uses `box` keeps it before their eyes while what is around it grows; who has scrolled away from it goes on reading. */
export const useStaysInView = (box: RefObject<HTMLElement | null>): void =>
  useEffect(() => {
    const element = box.current;
    const around = element?.parentElement;
    if (!element || !around) return;
    let seen = false;
    // it tells after what grew was told of: until then `seen` is as it was before
    const sight = new IntersectionObserver(changes => {
      seen = changes.at(-1)?.isIntersecting ?? seen;
    });
    const growth = new ResizeObserver(() => {
      if (seen && element.contains(document.activeElement)) element.scrollIntoView({ block: 'nearest' });
    });
    sight.observe(element);
    growth.observe(around);
    return () => {
      sight.disconnect();
      growth.disconnect();
    };
  }, [box]);
