import { type Field, unfold } from './fields.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** Offsets (minutes east of UTC) of the zone names that mail uses (RFC 5322, 4.3); other names count as UTC, as that section says. */
const ZONES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ut: 0,
    utc: 0,
    gmt: 0,
    z: 0,
    est: -300,
    edt: -240,
    cst: -360,
    cdt: -300,
    mst: -420,
    mdt: -360,
    pst: -480,
    pdt: -420,
    wet: 0,
    west: 60,
    bst: 60,
    cet: 60,
    met: 60,
    mez: 60,
    cest: 120,
    mest: 120,
    mesz: 120,
    eet: 120,
    eest: 180,
    msk: 180,
    jst: 540,
    kst: 540,
  }),
);

/** `Mon, 2 Jan 2006 15:04:05 +0200` (RFC 5322, 3.3), and what senders make of it. */
const MAIL =
  /(?:[a-z]{2,9}\.?,?\s+)?(?<day>\d{1,2})(?:st|nd|rd|th)?[\s.-]+(?<month>[a-z]{3})[a-z]*\.?,?[\s-]+(?<year>\d{2,5})[\s,]+(?<hour>\d{1,2})\s{0,5}[:.]\s{0,5}(?<minute>\d{1,2})(?:\s{0,5}[:.]\s{0,5}(?<second>\d{1,2})(?:[.,]\d+)?)?\s*(?<half>am|pm)?\s*(?:(?:gmt|utc)?(?<offset>[+-]\d{1,2}(?::?\d{2})?)(?!\d)|(?<zone>[a-z]{1,5})\b)?/i;
/** `Mon Jan  2 15:04:05 [zone] 2006 [+0200]`: asctime, as From_ lines and some old mailers have it. */
const ASCTIME =
  /[a-z]{3,9},?\s+(?<month>[a-z]{3})[a-z]*\s+(?<day>\d{1,2}),?\s+(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2}))?\s+(?:(?<zone>[a-z]{1,5}|[+-]\d{4})\s+)?(?<year>\d{4})(?:\s+(?<offset>[+-]\d{4}))?/i;
/** `Monday, January 2, 2006 3:04 PM`: as Americans write it, and GroupWise. */
const AMERICAN =
  /(?:[a-z]{3,9},?\s+)?\b(?<month>[a-z]{3})[a-z]{0,6}\.?\s+(?<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?<year>\d{4}),?\s+(?:at\s+)?(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2}))?\s*(?<half>am|pm)?\s*(?:(?:gmt|utc)?(?<offset>[+-]\d{1,2}(?::?\d{2})?)(?!\d)|(?<zone>[a-z]{1,5})\b)?/i;
/** `2006-01-02 15:04:05.000+02:00` (ISO 8601) */
const ISO =
  /^\s*(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})[T ](?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.\d+)?)?\s*(?<zone>z|[+-]\d{2}:?\d{2})?/i;
/** The forms of dates, in the order in which they are tried; all have the same group names. */
const FORMS = [MAIL, ASCTIME, AMERICAN, ISO];

const EARLIEST = Date.UTC(1900, 0, 1);
const LATEST = Date.UTC(9999, 11, 31);

interface Parts {
  year: number;
  /** from 0 */
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** minutes east of UTC */
  zone: number;
}

/** The year of 2, 3 or 4 digits: two digits below 50 are 20xx, others 19xx; three digits count from 1900 (RFC 5322, 4.3). */
const fullYear = (digits: string): number => {
  const year = Number(digits);
  if (digits.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return digits.length === 3 ? 1900 + year : year;
};

/** Minutes east of UTC of an offset (`+0200`, `+2`) or a zone name; 0 when it isn't known or impossible. */
const zoneOf = (zone: string): number => {
  const match = /^([+-])(\d{1,2}?):?(\d{2})?$/.exec(zone);
  if (!match) return ZONES.get(zone.toLowerCase()) ?? 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return minutes > 24 * 60 ? 0 : match[1] === '-' ? -minutes : minutes;
};

/**
 * The moment of a date; undefined when it doesn't exist (31 February, 25 o'clock). A leap second counts as the second before it. Years below 100 are refused,
 * since Date.UTC takes them for 19xx.
 */
const build = ({ year, month, day, hour, minute, second, zone }: Parts): Date | undefined => {
  if (year < 100 || month < 0 || day < 1 || hour > 23 || minute > 59 || second > 60) return undefined;
  const time = new Date(Date.UTC(year, month, day, hour, minute, Math.min(second, 59)));
  if (time.getUTCMonth() !== month || time.getUTCDate() !== day) return undefined;
  const instant = time.getTime() - zone * 60_000;
  return instant >= EARLIEST && instant <= LATEST ? new Date(instant) : undefined;
};

const hours = (text: string, half: string | undefined): number =>
  half ? (Number(text) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0) : Number(text);

/** Number of a month, from 0; -1 when there is no such month. */
const monthOf = (text: string): number => (/^\d/.test(text) ? Number(text) - 1 : MONTHS.indexOf(text.toLowerCase()));

const read = (form: RegExp, text: string): Date | undefined => {
  const groups = form.exec(text)?.groups;
  if (!groups) return undefined;
  const { year = '', month = '', day, hour = '', minute, second, half, offset, zone } = groups;
  return build({
    year: fullYear(year),
    month: monthOf(month),
    day: Number(day),
    hour: hours(hour, half),
    minute: Number(minute),
    second: Number(second ?? 0),
    zone: zoneOf(offset ?? zone ?? ''),
  });
};

const withoutComments = (text: string): string => (text.includes('(') ? text.replace(/\([^()]*\)/g, ' ') : text);

/** Reads a date of RFC 5322 or of one of its usual misspellings; undefined when there is none or it doesn't exist. */
export const readDate = (value: string | undefined): Date | undefined => {
  if (!value) return undefined;
  const text = withoutComments(unfold(value.slice(0, 400)));
  for (const form of FORMS) {
    const date = read(form, text);
    if (date) return date;
  }
  return undefined;
};

/** The time of the topmost Received field that has one (RFC 5321, 4.4: after the last semicolon). */
export const receivedAt = (fields: readonly Field[]): Date | undefined => {
  for (const { name, value } of fields) {
    if (name !== 'received') continue;
    const time = readDate(value.slice(value.lastIndexOf(';') + 1).slice(0, 200));
    if (time) return time;
  }
  return undefined;
};
