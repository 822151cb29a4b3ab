/** A header field as it stands: bytes as Latin-1 characters, folding kept. */
export interface Field {
  /** in lower case */
  name: string;
  value: string;
}

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
/** A line that is no field: this many characters after it decide whether fields follow. */
const LOOK_AHEAD = 4096;
const LONGEST_NAME = 200;

const KNOWN =
  /^(?:from|to|cc|bcc|subject|date|message-id|mime-version|content-[a-z-]+|received|return-path|reply-to|sender|references|in-reply-to|delivered-to|x-[\w-]+|list-[a-z]+|dkim-signature|precedence|importance|priority|user-agent|organization|errors-to|status|lines|authentication-results|arc-[a-z-]+|thread-[a-z]+)[ \t]*:/i;

/** Finds line ends of any kind (LF, CRLF, CR CR LF, lone CR) in ascending order, each byte looked at once. */
export interface LineEnds {
  /** [end of the text of the line that starts at `from`, start of the next one]; null when the text ends first */
  next(from: number): [number, number] | null;
}

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

/** A From_ line of an mbox; not the field, which may have blanks before its colon (RFC 5322, 4.5.2). */
const isFromLine = (text: string, at: number, colon: number): boolean =>
  (colon < 0 && text.startsWith('From ', at)) || text.startsWith('>From ', at);

const isBlankLine = (text: string, at: number, end: number): boolean => {
  let i = at;
  while (i < end && (text.charCodeAt(i) === 0x20 || text.charCodeAt(i) === 9)) i++;
  return i === end;
};

/** Where the first known field after a line that is no field begins, before the block's end: such a line belongs to the header. -1 when there is none. */
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

export interface ReadHeaderOptions {
  /** no more text will come */
  final: boolean;
  /** most characters to read */
  limit: number;
  /** line ends of the same text, searched up to `start` at most */
  ends?: LineEnds;
  /** whether a line belongs to what encloses this header (a MIME delimiter) and so ends it */
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
  /** up to here no line ends the header */
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

/** Index after what stands before the first field of a mail though it shouldn't: a byte order mark, empty lines. */
export const skipLeading = (text: string): number => {
  const match = /^(?:\xef\xbb\xbf)?(?:[ \t]{0,100}\r?\n){0,100}/.exec(text);
  const length = match?.[0].length ?? 0;
  return length > 0 && KNOWN.test(text.slice(length, length + LONGEST_NAME)) ? length : 0;
};

/** The value of the first field of a name (in lower case), as it stands. */
export const firstValue = (fields: readonly Field[], name: string): string | undefined =>
  fields.find(field => field.name === name)?.value;

const isBlank = (code: number): boolean => code === 0x20 || code === 9 || code === CR || code === LF;

/** Without spaces and tabs at its end; an expression would look at each run of them from every place in it. */
export const withoutBlanksBehind = (text: string): string => {
  let end = text.length;
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\t')) end--;
  return text.slice(0, end);
};

/** Without white space at both ends. Not String.trim: in bytes read as Latin-1, 0xA0 may be the end of a UTF-8 character. */
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

/** Whether a text starts as a mail does: with a header field, and one that mail has (by its name in lower case) among its first. */
export const looksLikeHeader = (text: string, ofMail = OF_MAIL): boolean => {
  const head = text.slice(0, 64 * 1024);
  const colon = colonOf(head, 0, head.length);
  if (colon < 0 && !isFromLine(head, 0, colon)) return false;
  const block = readHeader(head, 0, { final: true, limit: head.length });
  return block?.fields.slice(0, 50).some(({ name }) => ofMail.test(name)) ?? false;
};
