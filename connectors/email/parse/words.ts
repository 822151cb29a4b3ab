import { charsetName, decodeText } from './charset.ts';

/** An encoded word (RFC 2047) as senders write them: with spaces inside, a language tag (RFC 2231), or without padding. */
const WORD = /=\?([\w.:;+-]+)(?:\*[\w-]*)?\?([bq])\?([^?]*(?:\?(?!=)[^?]*)*)(?:\?=|$)/gi;
const BETWEEN = /^[ \t\r\n]*$/;
const MAX_JOINED = 10_000;

interface Run {
  charset: string;
  bytes: Buffer[];
}

const fromQ = (text: string): Buffer => {
  const plain = text.replace(/_/g, ' ');
  const decoded = plain.includes('=')
    ? plain.replace(/=([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    : plain;
  return Buffer.from(decoded, 'latin1');
};

/** Bytes of one word. Words that are each padded can only be joined after decoding. */
const bytesOf = (encoding: string, text: string): Buffer =>
  encoding === 'q' || encoding === 'Q' ? fromQ(text) : Buffer.from(text, 'base64');

const finish = (run: Run | null, hint: string | undefined): string =>
  run
    ? decodeText(run.bytes.length === 1 ? (run.bytes[0] as Buffer) : Buffer.concat(run.bytes), run.charset, hint)
    : '';

const notAscii = /[^\p{ASCII}]/u;

/** Decodes raw header text (bytes as Latin-1 characters): as UTF-8 when it is valid, else by `hint` (the body's charset), else windows-1252. */
export const decodeRaw = (text: string, hint?: string): string =>
  !notAscii.test(text) && !text.includes('\x1b') ? text : decodeText(Buffer.from(text, 'latin1'), undefined, hint);

/**
 * Decodes encoded words (RFC 2047) and raw 8-bit text in an unfolded header value (bytes as Latin-1 characters). Adjacent words of one charset are joined as
 * bytes first, since senders split characters between them.
 */
export const decodeWords = (value: string, hint?: string): string => {
  if (!value.includes('=?')) return decodeRaw(value, hint);
  let out = '';
  let last = 0;
  let run: Run | null = null;
  for (const match of value.matchAll(WORD)) {
    const [whole, label = '', encoding = '', text = ''] = match;
    const gap = value.slice(last, match.index);
    const charset = charsetName(label) ?? label;
    const joins: boolean = run !== null && BETWEEN.test(gap);
    if (run && joins && run.charset === charset && run.bytes.length < MAX_JOINED) {
      run.bytes.push(bytesOf(encoding, text));
    } else {
      out += finish(run, hint) + (joins ? '' : decodeRaw(gap, hint));
      run = { charset, bytes: [bytesOf(encoding, text)] };
    }
    last = match.index + whole.length;
  }
  return out + finish(run, hint) + decodeRaw(value.slice(last), hint);
};
