/** The first `longest` UTF-16 units of a text, without half a surrogate pair at the end (it would be stored as U+FFFD). */
export const cut = (text: string, longest: number): string =>
  text.length <= longest ? text : text.slice(0, longest).replace(/[\ud800-\udbff]$/, '');
