import { isoDay, local, offsetHours } from './clock.ts';
import type { Random } from './random.ts';
import { phrases } from './texts/index.ts';
import type { Lang } from './types.ts';

/** The particulars of one matter, ready for the {slots} of a language's texts. */
export type Facts = Readonly<Record<string, string>>;

const DAY = 86_400_000;
const two = (n: number): string => String(n).padStart(2, '0');

const dayText = (at: Date, lang: Lang): string =>
  lang === 'fi'
    ? `${at.getUTCDate()}.${at.getUTCMonth() + 1}.`
    : `${at.getUTCDate()} ${phrases[lang].months[at.getUTCMonth()]}`;

const timeText = (minutes: number, lang: Lang): string => {
  const [hour, minute] = [Math.floor(minutes / 60) % 24, minutes % 60];
  return lang === 'fi' ? `${hour}.${two(minute)}` : `${two(hour)}:${two(minute)}`;
};

const amountText = (cents: number, lang: Lang): string => {
  const text = (cents / 100).toFixed(2);
  return lang === 'en' ? text : text.replace('.', ',');
};

const SITES = ['KL-02', 'Gateway 7', 'RX-114', 'Node 3', 'LP-Länsi', 'Hub 12'];
const ERRORS = ['HTTP 400', 'HTTP 422', 'HTTP 409', 'HTTP 504', 'E-1043', 'E-2210', 'invalid_time'];
const PAGES = ['guide/calendars', 'guide/reports', 'releases', 'status', 'guide/api', 'guide/locks'];

/** Particulars of a matter that comes up at `date`: its bookings lie ahead, or with `past` a few days back. */
export const makeFacts = (lang: Lang, date: Date, zone: number, random: Random, past = false): Facts => {
  const words = phrases[lang];
  const day = new Date(local(date, zone).getTime() + (past ? -random.int(1, 5) : random.int(1, 20)) * DAY);
  const later = new Date(day.getTime() + random.int(3, 14) * DAY);
  const start = 8 * 60 + random.int(0, 44) * 15;
  const length = random.pick([45, 60, 90, 120]);
  const moved = start + random.pick([60, 90, 120]);
  return {
    room: random.pick(words.rooms),
    group: random.pick(words.groups),
    onDay: words.onWeekdays[day.getUTCDay()] ?? '',
    month: words.months[day.getUTCMonth()] ?? '',
    date: dayText(day, lang),
    date2: dayText(later, lang),
    isoDate: isoDay(day),
    iso: `${isoDay(day)}T${two(Math.floor(start / 60))}:${two(start % 60)}:00+${two(offsetHours(day, zone))}:00`,
    time: timeText(start, lang),
    time2: timeText(start + length, lang),
    time3: timeText(moved, lang),
    time4: timeText(moved + length, lang),
    booking: `V${random.int(100000, 999999)}`,
    invoice: `${day.getUTCFullYear()}-${random.int(10000, 99999)}`,
    amount: amountText(random.int(20, 900) * 100 + random.pick([0, 0, 50, 90]), lang),
    code: String(random.int(100000, 999999)),
    n: String(random.int(3, 48)),
    site: random.pick(SITES),
    version: `${random.int(5, 7)}.${random.int(0, 14)}.${random.int(0, 9)}`,
    error: random.pick(ERRORS),
    url: `https://ohje.varaamo.example/${random.pick(PAGES)}`,
  };
};

/** Fills the {slots} of a subject or a file name. */
export const fillIn = (template: string, facts: Facts): string =>
  template.replace(/\{(\w+)\}/g, (slot, name: string) => facts[name] ?? slot);

/** Fills the {slots} of a paragraph; sentences begin with a capital, and a date's full stop ends its sentence. */
export const fillParagraph = (template: string, facts: Facts): string =>
  fillIn(template, facts)
    .replace(/(\d\.)\.(?!\.)/g, '$1')
    .replace(/(^|[!?] |[^\d][.] )(\p{Ll})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());
