import { readDate } from '../parse/dates.ts';

/** `From sender Mon Nov 23 10:00:00 2026`, the line that starts a message of an mbox (RFC 4155, appendix A). */
const FROM_LINE = /^From (\S.{0,400})$/;
const SENDER_ONLY = /^From \S+\s*$/;

/** Date of a From_ line, as UTC; undefined when it has none. */
export const fromLineDate = (line: string): Date | undefined => {
  const match = FROM_LINE.exec(line.trimEnd());
  return match ? readDate(match[1]) : undefined;
};

/** Whether a line can start a message: its date is what tells it from a sentence that begins with "From". */
export const isFromLine = (line: string): boolean =>
  line.startsWith('From ') && (fromLineDate(line) !== undefined || SENDER_ONLY.test(line));

const FIELD = /^[!-9;-~]{1,100}[ \t]*:/;
const KNOWN =
  /^(?:>From |(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|received|return-path|reply-to|sender|delivered-to|x-[\w-]+|status|references|in-reply-to|envelope-to|delivery-date)[ \t]*:)/i;

export interface Candidate {
  line: string;
  /** the line after it */
  next: string;
  /** an empty line is before it, or the file's start */
  afterEmpty: boolean;
}

/**
 * Whether a line that begins with `From ` in the middle of an mbox starts the next message. Strict, since bodies hold such lines
 * unquoted: it needs a date and a header field after it, and where the date or the empty line before it is missing, a well-known field.
 */
export const startsMessage = ({ line, next, afterEmpty }: Candidate): boolean => {
  if (fromLineDate(line)) return afterEmpty ? FIELD.test(next) || next.startsWith('>From ') : KNOWN.test(next);
  return afterEmpty && SENDER_ONLY.test(line) && KNOWN.test(next);
};
