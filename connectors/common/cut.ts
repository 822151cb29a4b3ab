const NAME = 1000;

/** The first `longest` UTF-16 units of a text, without half a surrogate pair at the end. */
export const cut = (text: string, longest: number): string =>
  text.length <= longest ? text : text.slice(0, longest).replace(/[\ud800-\udbff]$/, '');

/** A name, cut to the length that is stored. */
export const cutName = (name: string): string => cut(name, NAME);

/** A text, cut with a remark that the original has all of it. */
export const cutText = (text: string, longest: number): string =>
  text.length <= longest ? text : `${cut(text, longest)}… (The original has all of it.)`;
