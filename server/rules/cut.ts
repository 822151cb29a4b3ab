/** The beginning of a text: `longest` characters, none of them half (half of a surrogate pair is stored as U+FFFD). */
export const cut = (text: string, longest: number): string =>
  text.length <= longest ? text : text.slice(0, longest).replace(/[\ud800-\udbff]$/, '');
