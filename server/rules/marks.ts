const UNSEEN = /[\s\p{Cf}]/u;

/**
 * Trimmed of white space and of what is not seen: address books and messengers put marks of writing direction (U+202A … U+202C, UAX #9) around
 * numbers and addresses, and whoever copies one copies those too. Looked at from both ends, for an expression tries each gap in a long text anew.
 */
export const withoutMarks = (text: string): string => {
  const isUnseen = (at: number): boolean => UNSEEN.test(text.charAt(at));
  let [start, end] = [0, text.length];
  while (start < end && isUnseen(start)) start++;
  while (end > start && isUnseen(end - 1)) end--;
  return text.slice(start, end);
};
