const NAME = 1000;

/** The beginning of a text: `longest` characters, none of them half. */
export const cut = (text: string, longest: number): string =>
  text.length <= longest ? text : text.slice(0, longest).replace(/[\ud800-\udbff]$/, '');

/** A name as it is kept. */
export const cutName = (name: string): string => cut(name, NAME);

/** A text as it is kept beside the original, which has all of it. */
export const cutText = (text: string, longest: number): string =>
  text.length <= longest ? text : `${cut(text, longest)}… (The original has all of it.)`;
