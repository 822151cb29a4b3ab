/** What a `cid:` address names; what isn't percent-encoded as it should be stands as it is. */
export const decoded = (cid: string): string => {
  try {
    return decodeURIComponent(cid);
  } catch {
    return cid;
  }
};

/** Height (px) that a mail's styles take for that of the window. */
const windowHeight = 600;

/**
 * A sheet or style attribute whose lengths don't hang on the height of its window: the frame is made as high as its content, so content
 * that follows the frame's height would grow for ever.
 * Each number is taken whole, with or without such a unit: nothing is looked at twice, however long it is.
 */
export const tamed = (css: string): string =>
  css.replace(
    /((?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?)([sld]?v(?:h|b|min|max)\b)?/gi,
    (whole, share: string, unit: string | undefined) => (unit ? `${(Number(share) * windowHeight) / 100}px` : whole),
  );

/** How often a height may grow by the same step before its content is taken to follow its frame. */
const steps = 8;

/** Tells for each height (px) measured one after the other whether to take it: not where it grows step by step without end. */
export const settling = (): ((height: number) => boolean) => {
  let last = 0;
  let step = 0;
  let times = 0;
  return height => {
    const grown = height - last;
    times = grown > 0 && grown === step ? times + 1 : 0;
    step = grown;
    last = height;
    return times < steps;
  };
};
