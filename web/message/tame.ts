/** The Content-ID in a `cid:` URL; as it is when it isn't percent-encoded correctly. */
export const decoded = (cid: string): string => {
  try {
    return decodeURIComponent(cid);
  } catch {
    return cid;
  }
};

/** Height (px) that is used as the window's height in a mail's styles. */
const windowHeight = 600;

/**
 * Replaces lengths in viewport units (vh and others) in a style sheet or attribute by pixels: the frame gets the height of its content, so content that follows
 * the frame's height would grow for ever. Takes linear time: each number is matched as a whole, with or without such a unit.
 */
export const tamed = (css: string): string =>
  css.replace(
    /((?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?)([sld]?v(?:h|b|min|max)\b)?/gi,
    (whole, share: string, unit: string | undefined) => (unit ? `${(Number(share) * windowHeight) / 100}px` : whole),
  );

/** After growing by the same step so often, the content is taken to follow the frame's height. */
const steps = 8;

/** A function that says for each measured height (px) whether to apply it: not when it keeps growing by the same step. */
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
