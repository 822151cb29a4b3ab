import { readDate } from '../parse/dates.ts';
import { looksLikeHeader } from '../parse/fields.ts';

/** A longer line isn't a From_ line. */
export const LONGEST_LINE = 1024;

const DAY = '(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},?';
const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\\.?';
const TIME = '\\d{1,2}:\\d{2}(?::\\d{2})?';
const ZONE = '(?:[ \\t]+(?:[a-z]{1,5}|[+-]\\d{4}))';
/** ctime, with a zone where mailers put one: `Tue Nov  3 09:12:00 [EET] 2026 [+0200]`. */
const CTIME = `${DAY}[ \\t]+${MONTH}[ \\t]+\\d{1,2},?[ \\t]+${TIME}${ZONE}{0,2}[ \\t]+\\d{4}${ZONE}{0,2}`;
/** as in a Date field: `Tue, 3 Nov 2026 09:12:00 +0200` */
const RFC = `${DAY}[ \\t]+\\d{1,2}[ \\t-]+${MONTH}[ \\t-]+\\d{2,4}[ \\t]+${TIME}${ZONE}{0,2}`;
const DATED = new RegExp(`^From (.{0,320}?)[ \\t]*\\b(${CTIME}|${RFC})(?:[ \\t]+remote from .+)?[ \\t]*\\r?$`, 'i');

/** An address, `-`, a bare name, a quoted local part, `anna at host` of list archives, `Anna <anna@host>`, or nothing. */
const SENDER = /^(?:\S*|"[^"]*"\S*|\S+ at \S+|.*<\S*>)$/;

/** Without a date: Thunderbird writes `From `, Netscape wrote `From - `; exports of Gmail have been seen with `From 1844347792267117879@xxx`. */
const BARE = /^From [ \t]*(?:(?:-|[^\s@]+@[\w.-]*\w)[ \t]*)?\r?$/;
/** Fields that occur in headers but not in prose; `To:`, `Date:` and `Subject:` also occur in itineraries and orders. */
const OF_HEADER = /^(?:from|message-id|received|return-path|delivered-to|mime-version|x-mozilla-.+|x-gm-.+)$/;
/** Characters after a bare From_ line within which a header must show. */
export const HEADER_WINDOW = 4096;
const HEADER_END = /\n\r?\n|$/;

/** The line that begins a mail in an mbox. */
export interface FromLine {
  date?: Date;
  /** it has no date, so it may be prose: see `headerFollows` */
  isBare?: true;
}

/** Whether a bare From_ line begins a mail, by the text after it. */
export const headerFollows = (behind: string): boolean => {
  const window = behind.slice(0, HEADER_WINDOW);
  return looksLikeHeader(window.slice(0, window.search(HEADER_END)), OF_HEADER);
};

/** Reads the line that begins a mail in an mbox (RFC 4155, appendix A); null for prose that begins with "From ". */
export const readFromLine = (line: string): FromLine | null => {
  if (BARE.test(line)) return { isBare: true };
  const [, sender = '', written] = DATED.exec(line) ?? [];
  if (!written || !SENDER.test(sender.trim())) return null;
  const date = readDate(written);
  return date ? { date } : {};
};

const LEADING = /^(?:\xef\xbb\xbf)?(?:[ \t]*\r?\n){0,100}/;

/** Index at which a file's text begins, after a byte order mark and empty lines. */
export const skipBlank = (head: string): number => LEADING.exec(head)?.[0].length ?? 0;

/** The From_ line with which a file begins, and its index; null when the file is no mbox. */
export const leadingFromLine = (head: string): (FromLine & { at: number; length: number }) | null => {
  const at = skipBlank(head);
  if (!head.startsWith('From ', at)) return null;
  const line = head.slice(at, at + LONGEST_LINE).split('\n', 1)[0] ?? '';
  const read = readFromLine(line);
  if (!read || (read.isBare && !headerFollows(head.slice(at + line.length + 1)))) return null;
  return { ...read, at, length: line.length };
};
