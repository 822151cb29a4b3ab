/** A header field, undecoded: bytes as Latin-1 characters, with its folding. */
export interface Field {
  /** in lower case */
  name: string;
  value: string;
}

/** A header block that was read. Offsets are indexes in the text. */
export interface HeaderBlock {
  fields: Field[];
  /** where the block ends, its last line end included */
  end: number;
  /** where the body starts: after the empty line, or at `end` when there is none */
  body: number;
  /** the limit was reached before the block ended */
  cut: boolean;
}

const LF = 10;
const CR = 13;
/** After a line that is no field, so many characters decide whether fields follow. */
const LOOK_AHEAD = 4096;
const LONGEST_NAME = 200;

const KNOWN =
  /^(?:from|to|cc|bcc|subject|date|message-id|mime-version|content-[a-z-]+|received|return-path|reply-to|sender|references|in-reply-to|delivered-to|x-[\w-]+|list-[a-z]+|dkim-signature|precedence|importance|priority|user-agent|organization|errors-to|status|lines|authentication-results|arc-[a-z-]+|thread-[a-z]+)[ \t]*:/i;

/** Finds line ends of any kind (LF, CRLF, CR CR LF, lone CR) in ascending order, each byte looked at once. */
export interface LineEnds {
  /** for the line that starts at `from`: [end of its text, start of the next line]; null when the text ends before the line does */
  next(from: number): [number, number] | null;
}

/** The line ends of a text. */
export const makeLineEnds = (text: string): LineEnds => {
  let lf = -2;
  let cr = -2;
  const find = (char: string, from: number): number => {
    const at = text.indexOf(char, from);
    return at < 0 ? Number.POSITIVE_INFINITY : at;
  };
  return {
    next: from => {
      if (lf < from) lf = find('\n', from);
      if (cr < from) cr = find('\r', from);
      if (lf < cr) return [lf, lf + 1];
      if (cr === Number.POSITIVE_INFINITY) return null;
      let after = cr + 1;
      while (text.charCodeAt(after) === CR) after++;
      return text.charCodeAt(after) === LF ? [cr, after + 1] : [cr, cr + 1];
    },
  };
};

/** Index of the colon that ends a field name starting at `from`, or -1. */
const colonOf = (text: string, from: number, end: number): number => {
  const stop = Math.min(end, from + LONGEST_NAME);
  for (let i = from; i < stop; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x3a) return i > from ? i : -1;
    if (code <= 0x20 || code >= 0x7f) return spacesToColon(text, i, stop, from);
  }
  return -1;
};

const spacesToColon = (text: string, at: number, stop: number, from: number): number => {
  let i = at;
  while (i < stop && (text.charCodeAt(i) === 0x20 || text.charCodeAt(i) === 9)) i++;
  return at > from && i < stop && text.charCodeAt(i) === 0x3a ? i : -1;
};

/** Whether this is a From_ line of an mbox, and not a From field with blanks before its colon (RFC 5322, 4.5.2). */
const isFromLine = (text: string, at: number, colon: number): boolean =>
  (colon < 0 && text.startsWith('From ', at)) || text.startsWith('>From ', at);

const isBlankLine = (text: string, at: number, end: number): boolean => {
  let i = at;
  while (i < end && (text.charCodeAt(i) === 0x20 || text.charCodeAt(i) === 9)) i++;
  return i === end;
};

/** Index of the first known field, within the block, after a line that is no field; -1 when there is none. If there is one, the line belongs to the header. */
const knownFieldAfter = (text: string, from: number): number => {
  const ahead = text.slice(from, from + LOOK_AHEAD);
  const ends = makeLineEnds(ahead);
  let at = 0;
  for (let line = ends.next(at); line && !isBlankLine(ahead, at, line[0]); line = ends.next(at)) {
    if (KNOWN.test(ahead.slice(at, line[0]))) return from + at;
    at = line[1];
  }
  return -1;
};

type Line = 'empty' | 'continuation' | 'field' | 'skip' | 'junk';

const kindOf = (text: string, at: number, end: number, colon: number): Line => {
  if (at === end) return 'empty';
  const code = text.charCodeAt(at);
  if (code === 0x20 || code === 9) return 'continuation';
  if (isFromLine(text, at, colon)) return 'skip';
  return colon >= 0 ? 'field' : 'junk';
};

/** How a header block is read. */
export interface ReadHeaderOptions {
  /** no more text will come */
  final: boolean;
  /** most characters to read */
  limit: number;
  /** line ends of the same text, searched up to `start` at most */
  ends?: LineEnds;
  /** whether a line is a MIME delimiter of an enclosing multipart, which ends this header */
  isDelimiter?(at: number, end: number): boolean;
}

/** Collects fields: a field is closed by the start of the next one. */
const makeCollector = (text: string) => {
  const fields: Field[] = [];
  let name: string | null = null;
  let from = 0;
  const close = (end: number): Field[] => {
    if (name !== null) fields.push({ name, value: text.slice(from, end) });
    name = null;
    return fields;
  };
  const open = (at: number, colon: number, previousEnd: number): void => {
    close(previousEnd);
    name = trimBlank(text.slice(at, colon)).toLowerCase();
    from = colon + 1;
  };
  return { open, close };
};

/**
 * Reads the header block that starts at `start`. Lines that are no field end it, unless fields follow them (a field folded
 * without its space) and neither a line of blanks nor the dashes of a MIME delimiter say that the body is reached; mbox From_
 * lines are passed over. Null when the text has to go on before this can be decided.
 */
export const readHeader = (text: string, start: number, options: ReadHeaderOptions): HeaderBlock | null => {
  const { final, limit, isDelimiter } = options;
  const ends = options.ends ?? makeLineEnds(text);
  const fields = makeCollector(text);
  let valueEnd = start;
  let isAfterBlank = false;
  /** up to this index lines that are no field don't end the header */
  let known = start;
  for (let at = start; ; ) {
    const line = ends.next(at);
    const ended = (body: number, cut = false): HeaderBlock => ({ fields: fields.close(valueEnd), end: at, body, cut });
    if ((line?.[1] ?? text.length) - start > limit) return ended(at, true);
    if (!final && (!line || line[1] >= text.length)) return null;
    const [end, next] = line ?? [text.length, text.length];
    const colon = colonOf(text, at, end);
    const kind = kindOf(text, at, end, colon);
    if (kind === 'empty') return ended(next);
    if (isDelimiter?.(at, end)) return ended(at);
    if (kind === 'junk' && at >= known) {
      if (isAfterBlank || text.startsWith('--', at)) return ended(at);
      if (!final && text.length < next + LOOK_AHEAD) return null;
      known = knownFieldAfter(text, next);
      if (known < 0) return ended(at);
    } else if (kind === 'skip') fields.close(valueEnd);
    else if (kind === 'field') fields.open(at, colon, valueEnd);
    isAfterBlank = kind === 'continuation' && isBlankLine(text, at, end);
    valueEnd = end;
    at = next;
  }
};

/** Index of the first field of a mail, after a byte order mark and empty lines that shouldn't be there. */
export const skipLeading = (text: string): number => {
  const match = /^(?:\xef\xbb\xbf)?(?:[ \t]{0,100}\r?\n){0,100}/.exec(text);
  const length = match?.[0].length ?? 0;
  return length > 0 && KNOWN.test(text.slice(length, length + LONGEST_NAME)) ? length : 0;
};

/** The undecoded value of the first field with this name (in lower case). */
export const firstValue = (fields: readonly Field[], name: string): string | undefined =>
  fields.find(field => field.name === name)?.value;

const isBlank = (code: number): boolean => code === 0x20 || code === 9 || code === CR || code === LF;

/** Text without trailing spaces and tabs. A regular expression would take quadratic time on long runs of them. */
export const withoutBlanksBehind = (text: string): string => {
  let end = text.length;
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\t')) end--;
  return text.slice(0, end);
};

/** Text without white space at both ends. Not String.trim: in bytes as Latin-1 characters, 0xA0 may be the last byte of a UTF-8 character. */
export const trimBlank = (text: string): string => {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
};

/** Removes the line ends of folding; the white space after them stays. */
export const unfold = (value: string): string => {
  const folded = value.includes('\n') || value.includes('\r');
  return trimBlank(folded ? value.replace(/[\r\n]+(?=[ \t]|$)/g, '').replace(/[\r\n]+/g, ' ') : value);
};

const OF_MAIL =
  /^(?:from|to|cc|subject|date|message-id|mime-version|received|return-path|reply-to|delivered-to|content-type)$/;

/** Whether a text starts like a mail: with a header field, and with one that matches `ofMail` among the first 50 (names in lower case). */
export const looksLikeHeader = (text: string, ofMail = OF_MAIL): boolean => {
  const head = text.slice(0, 64 * 1024);
  const colon = colonOf(head, 0, head.length);
  if (colon < 0 && !isFromLine(head, 0, colon)) return false;
  const block = readHeader(head, 0, { final: true, limit: head.length });
  return block?.fields.slice(0, 50).some(({ name }) => ofMail.test(name)) ?? false;
};
