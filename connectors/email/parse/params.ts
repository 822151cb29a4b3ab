import { decodeText } from './charset.ts';
import { trimBlank, unfold } from './fields.ts';
import { decodeRaw, decodeWords } from './words.ts';

/** A structured field: `value; name=value; …` (RFC 2045), with RFC 2231's continuations and charsets resolved. */
export interface Structured {
  /** in lower case, comments removed */
  value: string;
  /** names in lower case; values as Latin-1 bytes, except those in `texts` */
  params: Map<string, string>;
  /** names of parameters that were percent-encoded, whose values are decoded text */
  texts: Set<string>;
}

interface Segment {
  index: number;
  encoded: boolean;
  text: string;
}

const PARAM = /;?[ \t]*([^\s=;"]+)[ \t]*(?:=[ \t]*("(?:[^"\\]|\\[\s\S])*"?|[^;]*))?[^;]*/y;
const CONTINUED = /^([^*]+)\*(?:(\d{1,4})(\*)?)?$/;
const MAX_PARAMS = 500;

/** Removes comments outside quotes; nested ones too. */
const withoutComments = (text: string): string => {
  if (!text.includes('(')) return text;
  let out = '';
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char === '\\' && depth) i++;
    else if (char === '(') depth++;
    else if (char === ')' && depth) depth--;
    else if (!depth) out += char;
  }
  return depth ? text.slice(0, text.indexOf('(')) : out;
};

/** Only quotes and backslashes are escaped on purpose: a lone backslash is part of a Windows path. */
const unquote = (raw: string): string => {
  if (!raw.startsWith('"')) return trimBlank(raw);
  const closed = raw.length > 1 && raw.endsWith('"') && !/[^\\](?:\\\\)*\\"$/.test(raw);
  return raw.slice(1, closed ? -1 : undefined).replace(/\\(["\\])/g, '$1');
};

const percentDecoded = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Charset and text of `charset'language'text`; senders leave the quotes out now and then. */
const splitCharset = (text: string): { charset: string | undefined; rest: string } => {
  const match = /^([^']*)'[^']*'/.exec(text);
  return match
    ? { charset: match[1] || 'utf-8', rest: text.slice(match[0].length) }
    : { charset: undefined, rest: text };
};

const joined = (segments: Segment[]): string => {
  const ordered = segments.sort((a, b) => a.index - b.index);
  const first = ordered[0] as Segment;
  const { charset, rest } = first.encoded ? splitCharset(first.text) : { charset: undefined, rest: first.text };
  const texts = ordered
    .map((segment, i) => (i === 0 ? rest : segment.text))
    .map((text, i) => (ordered[i]?.encoded ? percentDecoded(text) : text));
  const bytes = texts.join('');
  return first.encoded ? decodeText(Buffer.from(bytes, 'latin1'), charset) : bytes;
};

const matches = function* (text: string): Generator<[string, string]> {
  PARAM.lastIndex = 0;
  for (let count = 0; count < MAX_PARAMS; count++) {
    const at = PARAM.lastIndex;
    const match = PARAM.exec(text);
    if (!match) {
      const next = text.indexOf(';', at + 1);
      if (next < 0) return;
      PARAM.lastIndex = next;
      continue;
    }
    const next = PARAM.lastIndex;
    yield [(match[1] as string).toLowerCase(), match[2] ?? ''];
    PARAM.lastIndex = next;
  }
};

const collect = (text: string): Pick<Structured, 'params' | 'texts'> => {
  const params = new Map<string, string>();
  const texts = new Set<string>();
  const continued = new Map<string, Segment[]>();
  for (const [name, raw] of matches(text)) {
    const star = name.includes('*') ? CONTINUED.exec(name) : null;
    if (star) {
      const segment = {
        index: Number(star[2] ?? 0),
        encoded: star[2] === undefined || star[3] === '*',
        text: unquote(raw),
      };
      continued.set(star[1] as string, [...(continued.get(star[1] as string) ?? []), segment]);
    } else if (!params.has(name)) params.set(name, unquote(raw));
  }
  for (const [name, segments] of continued) {
    params.set(name, joined(segments));
    if (segments[0]?.encoded) texts.add(name);
  }
  return { params, texts };
};

/** Reads a field such as `text/plain; charset=utf-8`. Of a repeated parameter the first counts. */
export const readStructured = (field: string): Structured => {
  const text = unfold(field);
  const semicolon = text.indexOf(';');
  const head = semicolon < 0 ? text : text.slice(0, semicolon);
  const value = trimBlank(withoutComments(head)).toLowerCase();
  return { value, ...collect(semicolon < 0 ? '' : text.slice(semicolon)) };
};

/** First token of a parameter that is one word (charset, format): without comments and stray quotes. */
export const tokenOf = (value: string | undefined): string | undefined => value && /[^\s"'(;,]+/.exec(value)?.[0];

const MAX_NAME = 500;
/** A name, cut in its middle when it is too long for any file system, so that its extension stays. */
const shortened = (name: string): string =>
  name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 21)}…${name.slice(-20)}` : name;

const unprintable = /\p{Cc}+/gu;

/**
 * A file's name for people, without control characters: encoded words (not allowed here, but common) and raw 8-bit text are decoded. `hint`: charset of the
 * latter; `isText`: it is decoded already.
 */
export const readableName = (value: string | undefined, hint?: string, isText = false): string | undefined => {
  if (!value) return undefined;
  const decoded =
    (isText && !value.includes('=?')) || /[\u0100-\uffff]/.test(value)
      ? value
      : value.includes('=?')
        ? decodeWords(value, hint)
        : decodeRaw(value, hint);
  return shortened(decoded.replace(unprintable, ' ').trim()) || undefined;
};
