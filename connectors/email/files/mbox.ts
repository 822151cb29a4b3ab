import { type FileBytes, HEAD } from './bytes.ts';
import {
  type FromLine,
  HEADER_WINDOW,
  headerFollows,
  LONGEST_LINE,
  leadingFromLine,
  readFromLine,
} from './from-line.ts';

/** A mail in an mbox: its bytes are those from `start` up to `end`, unchanged (">From " quoting isn't undone). */
export interface MboxEntry {
  /** byte at which its From_ line begins */
  at: number;
  start: number;
  end: number;
  fromLineDate?: Date;
}

interface FoundLine extends FromLine {
  at: number;
  /** byte at which the mail before it ends: the blank line between them belongs to neither */
  before: number;
  after: number;
}

const NEEDLE = Buffer.from('\nFrom ');
const LF = 10;
const CR = 13;
/** First line of a mail whose From_ line has no blank line before it. */
const FIRST_FIELD =
  /^(?:>From |(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|received|return-path|reply-to|sender|delivered-to|envelope-to|status|x-[\w-]+|list-[a-z]+|dkim-signature|arc-[a-z-]+|authentication-results)[ \t]*:)/i;
const CONTENT_LENGTH = /(?:^|\n)content-length:[ \t]*(\d{1,15})[ \t]*\r?(?:\n|$)/i;

/** Length of the line end right before `at`: 0, 1 or 2. */
const lineEndBefore = (bytes: Buffer, at: number): number => {
  if (at < 1 || bytes[at - 1] !== LF) return 0;
  return bytes[at - 2] === CR ? 2 : 1;
};

/** Length of the blank line right before `at`; 0 when there is none. */
const blankBefore = (bytes: Buffer, at: number): number => {
  const end = lineEndBefore(bytes, at);
  return end > 0 && at > end && bytes[at - end - 1] === LF ? end : 0;
};

/** Whether a mail may begin at a From_ line: after a blank line, or before a field that mails begin with. A bare line needs both. */
const begins = ({ isBare }: FromLine, isApart: boolean, behind: () => string): boolean =>
  isBare ? isApart && headerFollows(behind()) : isApart || FIRST_FIELD.test(behind());

/** The From_ line at `at` (the start of a line); null when it is prose. `isApart`: the mail before it is known to end there, with or without a blank line. */
const fromLineAt = async (file: FileBytes, at: number, isApart = false): Promise<FoundLine | null> => {
  const back = Math.min(3, at);
  const bytes = await file.from(at - back);
  const text = bytes.toString('latin1', back, back + 2 * LONGEST_LINE);
  const lf = text.indexOf('\n');
  const line = text.slice(0, lf < 0 ? text.length : lf);
  const read = line.length < LONGEST_LINE ? readFromLine(line) : null;
  if (!read) return null;
  const blank = blankBefore(bytes, back);
  const after = at + (lf < 0 ? line.length : lf + 1);
  const behind = () => bytes.toString('latin1', back + after - at, back + after - at + HEADER_WINDOW);
  if (at > 0 && !begins(read, isApart || blank > 0, behind)) return null;
  return { ...read, at, before: at - blank, after };
};

const firstLine = async (file: FileBytes): Promise<FoundLine | null> => {
  const line = leadingFromLine((await file.from(0)).toString('latin1', 0, HEAD));
  return line && { ...line, before: line.at, after: Math.min(file.size, line.at + line.length + 1) };
};

const searchLine = async (file: FileBytes, start: number): Promise<FoundLine | null> => {
  for (let at = start; at < file.size; ) {
    const bytes = await file.from(at);
    const hit = bytes.indexOf(NEEDLE);
    const found = hit < 0 ? null : await fromLineAt(file, at + hit + 1);
    if (found) return found;
    if (hit < 0 && at + bytes.length >= file.size) return null;
    at += hit < 0 ? bytes.length - NEEDLE.length + 1 : hit + 1;
  }
  return null;
};

/**
 * The From_ line after a mail, found by its Content-Length (mboxcl2, which doesn't quote). Null: the mail reaches to the end of the file. Undefined: it has no
 * such field, or a wrong one, as in most files.
 */
const lineByLength = async (file: FileBytes, start: number): Promise<FoundLine | null | undefined> => {
  const bytes = (await file.from(start)).subarray(0, HEAD);
  const lf = bytes.indexOf('\n\n');
  const crlf = bytes.subarray(0, lf < 0 ? undefined : lf).indexOf('\n\r\n');
  if (lf < 0 && crlf < 0) return undefined;
  const [end, body] = crlf < 0 ? [lf, lf + 2] : [crlf, crlf + 3];
  const length = CONTENT_LENGTH.exec(bytes.toString('latin1', 0, end))?.[1];
  let at = start + body + Number(length);
  if (length === undefined || at > file.size) return undefined;
  const blanks = /^(?:\r?\n){0,2}/.exec((await file.from(at)).toString('latin1', 0, 4))?.[0].length ?? 0;
  at += blanks;
  if (at >= file.size) return null;
  const before = await file.from(at - 1);
  return before[0] === LF && before.indexOf(NEEDLE) === 0
    ? ((await fromLineAt(file, at, true)) ?? undefined)
    : undefined;
};

/** Byte at which the last mail ends: a blank line after it isn't part of it. */
export const endOf = async (file: FileBytes): Promise<number> => {
  const back = Math.min(3, file.size);
  return file.size - blankBefore(await file.from(file.size - back), back);
};

/**
 * Finds the mails of an mbox (mboxrd, mboxo, mboxcl, mboxcl2) one by one in bounded memory; none when the file doesn't begin with a From_ line. `after`: the
 * `end` of a mail, to go on after it.
 */
export async function* scanMbox(file: FileBytes, after = 0): AsyncGenerator<MboxEntry> {
  let line = after > 0 ? await searchLine(file, after - 1) : await firstLine(file);
  while (line) {
    const { at, after: start, date } = line;
    const byLength = await lineByLength(file, start);
    line = byLength === undefined ? await searchLine(file, start) : byLength;
    const end = Math.max(start, line ? line.before : await endOf(file));
    yield { at, start, end, ...(date && { fromLineDate: date }) };
  }
}
