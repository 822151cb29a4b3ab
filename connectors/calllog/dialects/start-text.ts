import { parseTime } from '../time.ts';
import { withoutWords } from '../time-words.ts';
import { BadRecord } from '../types.ts';

const DATE = /^\d{1,4}([-/.])\d{1,2}\1\d{1,4}$/;
const CLOCK = /^\d{1,2}[:.]\d{2}([:.]\d{2}([.,]\d+)?)?\s*([ap]m)?\s*(z|utc|gmt|[+-]\d{2}(:?\d{2})?)?$/i;

/** Longer text isn't tried: it is neither a date nor a time of day. */
const MOST = 40;

const isDate = (text: string): boolean => text.length <= MOST && DATE.test(withoutWords(text));
const isClock = (text: string): boolean => text.length <= MOST && CLOCK.test(withoutWords(text));

/** Whether a cell holds a date, a time of day or both, and so isn't the name of a column. */
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
 * The start of a call as text for `parseTime`, of one or two cells: the one that has date and time, else the date of the one and the time of day of the other,
 * in either order. Throws BadRecord for a date alone, which would be read as midnight.
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
