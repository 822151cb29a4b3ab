const UNSEEN = /[\s\p{Cf}]/u;

/**
 * A text without white space and invisible characters at both ends: address books and messengers put directional marks (U+202A … U+202C, UAX #9) around numbers
 * and addresses, which are copied along. Scanned from both ends, since a regular expression would take quadratic time on long gaps.
 */
export const withoutMarks = (text: string): string => {
  const isUnseen = (at: number): boolean => UNSEEN.test(text.charAt(at));
  let [start, end] = [0, text.length];
  while (start < end && isUnseen(start)) start++;
  while (end > start && isUnseen(end - 1)) end--;
  return text.slice(start, end);
};
