/** The time on a line as the phone shows it; the zone is not in the export. */
export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

export interface Header {
  /** how its date and time are written; the same in all of an export */
  form: string;
  /** as on iOS */
  isBracketed: boolean;
  /** iOS puts a mark before the line of an attachment, whether it came along or was left out, and before no other */
  isMarked: boolean;
  /** its time has seconds */
  isExact: boolean;
  /** null: it looks like the beginning of a message, but there is no such date or time */
  time: LocalTime | null;
  /** what comes after the time, marks and all */
  rest: string;
}

// 12.3.2024 · 12. 3. 2024 · 3/12/24 · 2024-03-12, then 10:15 · 10.15.42 · 10:15 AM · 10:15 a. m. · 10:15 vorm.
const DATE = String.raw`(?<a>\d{1,4})(?<sep>[./-]\s?)(?<b>\d{1,2})\k<sep>(?<c>\d{1,4})\.?`;
const BETWEEN = String.raw`,?\s(?:(?:klo|um|at|kl\.?|às|à)\s)?`;
const TIME = String.raw`(?<hour>\d{1,2})(?<colon>[:.])(?<minute>\d{2})(?:[:.](?<second>\d{2}))?`;
const HALF = String.raw`(?:\s?(?:(?<am>a\.?\s?m\.?|ap\.?|f\.?\s?m\.?|vorm\.?|de\.?)|(?<pm>p\.?\s?m\.?|ip\.?|e\.?\s?m\.?|nachm\.?|du\.?)))?(?:\sUhr)?`;
const AT = `${DATE}${BETWEEN}${TIME}${HALF}`;
/** iOS puts the time in brackets, Android a dash behind it. */
const FORMS = [
  new RegExp(String.raw`^\[${AT}\]\s?(?<rest>.*)$`, 'isu'),
  new RegExp(String.raw`^${AT}\s[-–]\s(?<rest>.*)$`, 'isu'),
];

export type DateOrder = 'dmy' | 'mdy';

/** With dots the day is first everywhere; a year of four digits in front says the rest. */
const inOrder = (a: string, b: string, c: string, separator: string, order: DateOrder): [string, string, string] => {
  if (a.length === 4) return [a, b, c];
  return separator.startsWith('.') || order === 'dmy' ? [c, b, a] : [c, a, b];
};

const yearOf = (text: string): number => (text.length === 2 ? 2000 + Number(text) : Number(text));

const hourOf = (hour: number, isMorning: boolean, isAfternoon: boolean): number => {
  if (!isMorning && !isAfternoon) return hour;
  if (hour < 1 || hour > 12) return Number.NaN;
  return (hour % 12) + (isAfternoon ? 12 : 0);
};

const isReal = ({ year, month, day, hour, minute, second }: LocalTime): boolean => {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isDay = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isDay && year >= 2009 && hour < 24 && minute < 60 && second < 60;
};

/** What a phone's settings decide: all but the digits, and how many of them a year has. */
const formOf = (isBracketed: boolean, group: (name: string) => string): string => {
  const year = group('a').length === 4 ? 'y' : `${group('c').length}`;
  return [isBracketed ? '[' : '-', year, group('sep'), group('colon'), group('second') && 's'].join('');
};

/** The beginning of a message, or null when the line goes on with the one before: also one of another `form` than the file's. */
export const readHeader = (line: string, order: DateOrder, form?: string): Header | null => {
  const plain = line.replace(/^[\u200e\u200f\ufeff]+/, '');
  const isBracketed = plain.startsWith('[');
  const isMarked = isBracketed && /^\ufeff?\u200e/.test(line);
  const groups = FORMS[isBracketed ? 0 : 1]?.exec(plain)?.groups;
  if (!groups) return null;
  const group = (name: string): string => groups[name] ?? '';
  const found = formOf(isBracketed, group);
  if (form !== undefined && found !== form) return null;
  const [year, month, day] = inOrder(group('a'), group('b'), group('c'), group('sep'), order);
  const time = {
    year: yearOf(year),
    month: Number(month),
    day: Number(day),
    hour: hourOf(Number(group('hour')), group('am') !== '', group('pm') !== ''),
    minute: Number(group('minute')),
    second: Number(group('second') || 0),
  };
  const isExact = group('second') !== '';
  return { form: found, isBracketed, isMarked, isExact, time: isReal(time) ? time : null, rest: group('rest') };
};

/** As ISO 8601 without a zone. */
export const isoOf = ({ year, month, day, hour, minute, second }: LocalTime): string => {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
};
