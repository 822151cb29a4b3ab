import { DateTime } from 'luxon';
import { withoutWords } from './time-words.ts';
import { BadRecord } from './types.ts';

const MINUTE = 60_000;
const SLOT = 15 * MINUTE;
const MOST_SLOTS = 20_000;
const LONGEST = 100;

/** A time as written: local (no `offset`), or with its UTC offset in minutes. */
export interface WallTime {
  /** Unix milliseconds of the same date and clock time in UTC */
  wall: number;
  offset?: number;
}

/** Order of day and month in dates with slashes or dashes. */
export type DateOrder = 'dmy' | 'mdy';

const ISO =
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?)?\s*(am|pm)?\s*(z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?$/i;
const LOCAL =
  /^(\d{1,2})([-/.])(\d{1,2})\2(\d{2}|\d{4})(?:[T ,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?)?\s*(am|pm)?\s*(z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?$/i;

const offsetOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const found = /^([+-])(\d{2}):?(\d{2})?$/.exec(text);
  if (!found) return 0;
  return (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3] ?? 0));
};

const hourOf = (hour: number, half: string | undefined): number =>
  half === undefined ? hour : (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);

type Fields = (string | undefined)[];

const wallOf = (year: number, month: number, day: number, [hour, minute, second, fraction, half]: Fields): number => {
  if (hour === undefined) throw new BadRecord('A time in it is a date without a time of day.');
  const clock = [hourOf(Number(hour), half), Number(minute ?? 0), Number(second ?? 0)] as const;
  const wall = Date.UTC(year, month - 1, day, ...clock, Math.floor(Number(`0.${fraction ?? 0}`) * 1000));
  const back = new Date(wall);
  const isReal = back.getUTCMonth() === month - 1 && back.getUTCDate() === day && back.getUTCHours() === clock[0];
  if (!isReal || clock[1] > 59 || clock[2] > 60) throw new BadRecord('A time in it is none.');
  return wall;
};

const localDate = (a: number, mark: string, b: number, order: DateOrder): [day: number, month: number] => {
  if (mark === '.' || a > 12) return [a, b];
  if (b > 12) return [b, a];
  return order === 'dmy' ? [a, b] : [b, a];
};

const fullYear = (text: string): number => (text.length === 2 ? 2000 + Number(text) : Number(text));

/**
 * Reads a time: ISO 8601 and similar, day.month.year, dates with slashes or dashes (by `order`), Unix seconds and milliseconds. Throws BadRecord, also for a
 * date without a time of day.
 */
export const parseTime = (text: string, order: DateOrder = 'dmy'): WallTime => {
  if (text.trim().length > LONGEST) throw new BadRecord('A time in it is too long for one.');
  const given = withoutWords(text.trim());
  const iso = ISO.exec(given);
  if (iso) {
    const offset = offsetOf(iso[9]);
    const wall = wallOf(Number(iso[1]), Number(iso[2]), Number(iso[3]), iso.slice(4, 9));
    return { wall, ...(offset === undefined ? {} : { offset }) };
  }
  const local = LOCAL.exec(given);
  if (local) {
    const [day, month] = localDate(Number(local[1]), local[2] ?? '', Number(local[3]), order);
    const offset = offsetOf(local[10]);
    const wall = wallOf(fullYear(local[4] ?? ''), month, day, local.slice(5, 10));
    return { wall, ...(offset === undefined ? {} : { offset }) };
  }
  if (/^\d{9,10}(\.\d+)?$/.test(given)) return { wall: Math.floor(Number(given) * 1000), offset: 0 };
  if (/^\d{13}$/.test(given)) return { wall: Number(given), offset: 0 };
  throw new BadRecord(given === '' ? 'A time in it is empty.' : 'A time in it is written in a way that is not known.');
};

/** The clock of a time zone. */
export interface Clock {
  /**
   * Unix milliseconds that a local time may mean, earliest first: two in the hour that is repeated when summer time ends. A time that is skipped when it begins
   * is read by the offset before.
   */
  instants(time: WallTime): number[];
}

const offsetsAt = (wall: number, zone: string): number[] => {
  const { year, month, day, hour, minute } = DateTime.fromMillis(wall, { zone: 'utc' });
  const local = DateTime.fromObject({ year, month, day, hour, minute }, { zone });
  const before = DateTime.fromMillis(wall - local.offset * MINUTE - 6 * 60 * MINUTE, { zone }).offset;
  const after = DateTime.fromMillis(wall - local.offset * MINUTE + 6 * 60 * MINUTE, { zone }).offset;
  const isThere = (offset: number) => DateTime.fromMillis(wall - offset * MINUTE, { zone }).offset === offset;
  const found = [...new Set([before, local.offset, after])].filter(isThere);
  // the larger offset gives the earlier moment
  return found.length > 0 ? found.sort((a, b) => b - a) : [before];
};

/** The clock of a time zone (IANA name). Offsets are cached for each quarter of an hour. */
export const makeClock = (zone: string): Clock => {
  const slots = new Map<number, number[]>();
  const offsets = (wall: number): number[] => {
    const slot = Math.floor(wall / SLOT) * SLOT;
    const known = slots.get(slot);
    if (known) return known;
    if (slots.size >= MOST_SLOTS) slots.clear();
    const found = offsetsAt(slot, zone);
    slots.set(slot, found);
    return found;
  };
  return {
    instants: ({ wall, offset }) =>
      offset === undefined ? offsets(wall).map(each => wall - each * MINUTE) : [wall - offset * MINUTE],
  };
};

/** What tells which of two moments a start is; all in Unix milliseconds but `seconds`. */
export interface Hints {
  /** moments that its end may be; `seconds`: its duration */
  ends?: number[];
  seconds?: number;
  /** roughly the start, as the call's unique id contains it */
  about?: number;
  /** end of the previous record's call, in a file that is written as calls end */
  after?: number;
}

const NEAR = 30 * MINUTE;

/**
 * Chooses the start of a call in a repeated hour: by the time in its id, else by its end and duration, else by the record before it in the file, else the
 * first. NaN when there is none.
 */
export const startOf = (starts: readonly number[], { ends = [], seconds = 0, about, after }: Hints): number => {
  const [first = Number.NaN] = starts;
  if (starts.length < 2) return first;
  const near = about === undefined ? undefined : starts.find(start => Math.abs(start - about) <= NEAR);
  if (near !== undefined) return near;
  const off = (start: number): number =>
    ends.length === 0 ? 0 : Math.min(...ends.map(end => Math.abs(end - start - seconds * 1000)));
  const least = Math.min(...starts.map(off));
  const fitting = starts.filter(start => off(start) === least);
  const inOrder = after === undefined ? undefined : fitting.find(start => start + seconds * 1000 >= after - MINUTE);
  return inOrder ?? fitting[0] ?? first;
};

/** The moment nearest to `to`. */
export const nearest = (instants: readonly number[], to: number): number =>
  instants.reduce((best, one) => (Math.abs(one - to) < Math.abs(best - to) ? one : best));
