import { parseTime } from '../time.ts';
import { withoutWords } from '../time-words.ts';
import { BadRecord } from '../types.ts';

const DATE = /^\d{1,4}([-/.])\d{1,2}\1\d{1,4}$/;
const CLOCK = /^\d{1,2}[:.]\d{2}([:.]\d{2}([.,]\d+)?)?\s*([ap]m)?\s*(z|utc|gmt|[+-]\d{2}(:?\d{2})?)?$/i;

/** No date and no time of day is longer. */
const MOST = 40;

const isDate = (text: string): boolean => text.length <= MOST && DATE.test(withoutWords(text));
const isClock = (text: string): boolean => text.length <= MOST && CLOCK.test(withoutWords(text));

/** A date, a time, or both: no name of a column. */
export const isMoment = (text: string): boolean => {
  if (isDate(text)) return true;
  try {
    parseTime(text);
    return true;
  } catch {
    return false;
  }
};

/**
 * When a call began, of what one or two columns say: the one that has both, else the date of the one and the clock of the other, in whichever order
 * they are. Throws BadRecord for a date without a clock, which would be midnight.
 */
export const startText = (first: string, second: string): string => {
  const whole = [first, second].find(text => text !== '' && !isDate(text) && !isClock(text));
  if (whole !== undefined) return whole;
  if (isDate(first) && isClock(second)) return `${first} ${second}`;
  if (isClock(first) && isDate(second)) return `${second} ${first}`;
  if (isDate(first) || isDate(second))
    throw new BadRecord('It has a date and no time of day: say in the settings which column has that (startedTime).');
  return first;
};
