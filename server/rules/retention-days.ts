import { DateTime, Duration } from 'luxon';

const QUARTER = 15 * 60_000;
/** From 1973 on every zone's offset is a multiple of 15 minutes, so all of a quarter of an hour is on the same local day. */
const WHOLE_QUARTERS_SINCE = Date.UTC(1973, 0, 1);
const CACHE = 20_000;

/** Caches the results of `work`: capture needs the same few days over and over, and luxon takes 5 to 20 microseconds for each. */
const remembered = <Key, Value>(work: (key: Key) => Value): ((key: Key) => Value) => {
  const known = new Map<Key, Value>();
  return key => {
    let value = known.get(key);
    if (value === undefined) {
      if (known.size >= CACHE) known.clear();
      value = work(key);
      known.set(key, value);
    }
    return value;
  };
};

const dayOf = (at: DateTime): string => {
  const day = at.toISODate();
  if (day === null) throw new RangeError(`Not a moment in a known zone: ${at.invalidExplanation}`);
  return day;
};

const quartersIn = remembered((zone: string) =>
  remembered((quarter: number) => dayOf(DateTime.fromMillis(quarter * QUARTER, { zone }))),
);

const dayOfInstant = (at: Date, zone: string): string => {
  const ms = at.getTime();
  if (!(ms >= WHOLE_QUARTERS_SINCE)) return dayOf(DateTime.fromMillis(ms, { zone }));
  return quartersIn(zone)(Math.floor(ms / QUARTER));
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}/;

const dayOfText = (text: string, zone: string): string | null => {
  if (DAY.test(text)) return DateTime.fromISO(text, { zone: 'utc' }).isValid ? text : null;
  if (!INSTANT.test(text)) return null;
  return DateTime.fromISO(text.replace(/[t ]/, 'T'), { zone }).toISODate();
};

/**
 * The day (YYYY-MM-DD) of a date or an instant: a date as it is, an instant (ISO 8601; without an offset in the zone's own time) as its day in `zone`. Null for
 * text that is neither, or no day of the calendar.
 */
export function toLocalDay(input: Date, zone: string): string;
export function toLocalDay(input: string | Date, zone: string): string | null;
export function toLocalDay(input: string | Date, zone: string): string | null {
  return input instanceof Date ? dayOfInstant(input, zone) : dayOfText(input.trim(), zone);
}

const added = remembered((dayAndPeriod: string): string => {
  const day = dayAndPeriod.slice(0, 10);
  const period = Duration.fromISO(dayAndPeriod.slice(11));
  if (!period.isValid) throw new RangeError(`Not an ISO 8601 duration: ${dayAndPeriod.slice(11)}`);
  return dayOf(DateTime.fromISO(day, { zone: 'utc' }).plus(period));
});

/** The day that is `period` (ISO 8601 duration) after `day`; 29 February + P5Y is 28 February. Throws RangeError for another period. */
export const dayAfter = (day: string, period: string): string => added(`${day}/${period}`);
