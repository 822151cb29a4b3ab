/** Dates, sizes and durations as the agent reads them: in the browser's locale and time zone. */
export const locale = navigator.language;
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const format = (options: Intl.DateTimeFormatOptions, timeZone: string = zone) =>
  new Intl.DateTimeFormat(locale, { timeZone, ...options });
const clock = format({ hour: '2-digit', minute: '2-digit' });
const weekday = format({ weekday: 'short' });
const dayMonth = format({ day: 'numeric', month: 'short' });
const fullDate = format({ day: 'numeric', month: 'short', year: 'numeric' });
const plainDate = format({ day: 'numeric', month: 'short', year: 'numeric' }, 'UTC');
const heading = format({ weekday: 'long', day: 'numeric', month: 'long' });
const headingYear = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const absolute = format({ dateStyle: 'full', timeStyle: 'medium' });
const isoDay = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });

export const time = (at: Date): string => clock.format(at);
/** YYYY-MM-DD of an instant in the agent's zone. */
export const dayKey = (at: Date): string => isoDay.format(at);
/** The instant (ISO 8601) at which a day (YYYY-MM-DD), or one `later` days after it, begins for the agent; what is no day stays as it is. */
export const dayStart = (day: string, later = 0): string => {
  const [year = Number.NaN, month = Number.NaN, date = Number.NaN] = day.split('-').map(Number);
  const start = new Date(year, month - 1, date + later);
  return Number.isNaN(start.getTime()) ? day : start.toISOString();
};
/** With the zone's name, for hovering. */
export const exact = (at: Date): string => `${absolute.format(at)} (${zone})`;
export const date = (at: Date): string => fullDate.format(at);
/** A day without a time (YYYY-MM-DD). */
export const plainDay = (day: string): string => plainDate.format(new Date(`${day.slice(0, 10)}T00:00:00Z`));

export const dayHeading = (at: Date, now: Date): string =>
  (at.getFullYear() === now.getFullYear() ? heading : headingYear).format(at);

/** For lists: the time today, the weekday within six days, else the date. */
export const relative = (at: Date, now: Date = new Date()): string => {
  if (dayKey(at) === dayKey(now)) return clock.format(at);
  const days = (now.getTime() - at.getTime()) / 86_400_000;
  if (days > 0 && days < 6) return weekday.format(at);
  return (at.getFullYear() === now.getFullYear() ? dayMonth : fullDate).format(at);
};

const units = ['B', 'kB', 'MB', 'GB', 'TB'];
export const bytes = (size: number): string => {
  const step = Math.min(units.length - 1, size < 1000 ? 0 : Math.floor(Math.log10(size) / 3));
  const value = size / 1000 ** step;
  return `${value.toLocaleString(locale, { maximumFractionDigits: value < 10 && step > 0 ? 1 : 0 })} ${units[step]}`;
};

export const count = (value: number): string => value.toLocaleString(locale);

/** A place in a recording: 67 → '1:07', 3725 → '1:02:05' */
export const playtime = (seconds: number): string => {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part: number) => String(part).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
};

/** 95 → '1 min 35 s', 7300 → '2 h 1 min' */
export const duration = (seconds: number): string => {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min${whole % 60 ? ` ${whole % 60} s` : ''}`;
  if (whole < 172_800) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86_400)} d`;
};
