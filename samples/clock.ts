import type { Random } from './random.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The last Sunday of a month, 01:00 UTC: when summer time starts or ends all over Europe. */
const lastSunday = (year: number, month: number): number => {
  const last = new Date(Date.UTC(year, month + 1, 0, 1));
  return last.getTime() - last.getUTCDay() * DAY;
};

const summerTimes = new Map<number, [number, number]>();

/** Hours to add to UTC at `date` in a zone that is `winter` hours ahead in winter and keeps European summer time. */
export const offsetHours = (date: Date, winter: number): number => {
  const year = date.getUTCFullYear();
  let span = summerTimes.get(year);
  if (!span) {
    span = [lastSunday(year, 2), lastSunday(year, 9)];
    summerTimes.set(year, span);
  }
  return date.getTime() >= span[0] && date.getTime() < span[1] ? winter + 1 : winter;
};

/** `date` shifted so that its UTC fields read as the local ones. */
export const local = (date: Date, winter: number): Date => new Date(date.getTime() + offsetHours(date, winter) * HOUR);

const two = (n: number): string => (n < 10 ? `0${n}` : String(n));
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export const clockTime = (at: Date): string => `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;

/** A date-time as RFC 5322 section 3.3 writes it. */
export const mailDate = (date: Date, winter: number): string => {
  const at = local(date, winter);
  const day = `${DAYS[at.getUTCDay()]}, ${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
  return `${day} ${clockTime(at)}:${two(at.getUTCSeconds())} +${two(offsetHours(date, winter))}00`;
};

/** The date of an mbox From_ line (asctime, UTC). */
export const mboxDate = (date: Date): string => {
  const day = `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)}`;
  return `${day} ${clockTime(date)}:${two(date.getUTCSeconds())} ${date.getUTCFullYear()}`;
};

/** YYYY-MM-DD of the UTC fields. */
export const isoDay = (date: Date): string => date.toISOString().slice(0, 10);

/** The same moment or the next one in office hours, a few minutes to hours into the day; some people write at night. */
export const officeTime = (date: Date, winter: number, random: Random): Date => {
  if (random.chance(0.06)) return date;
  const at = local(date, winter);
  const opens = 7.5 * HOUR + random.next() * 2 * HOUR;
  const midnight = at.getTime() - (at.getTime() % DAY);
  let wait = 0;
  if (at.getTime() - midnight > 17 * HOUR) wait = midnight + DAY + opens - at.getTime();
  else if (at.getTime() - midnight < 7.5 * HOUR) wait = midnight + opens - at.getTime();
  const weekday = new Date(at.getTime() + wait).getUTCDay();
  if (weekday === 6) wait += 2 * DAY;
  if (weekday === 0) wait += DAY;
  return new Date(date.getTime() + wait);
};
