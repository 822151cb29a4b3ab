import { createHash, type Hash } from 'node:crypto';
import { type Field, readHeader } from './parse/fields.ts';

/** Fields that the author writes, beside Content-*; the others are added in transport (DESIGN 6). */
const AUTHORED = new Set([
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'date',
  'message-id',
  'in-reply-to',
  'references',
  'subject',
  'mime-version',
]);
/** Longest header (bytes); what follows counts as body, so that memory stays bounded. */
const HEADER_LIMIT = 8 * 1024 * 1024;
const FIRST_TRY = 16 * 1024;
const QUOTED_FROM = /(^|\n)>(>{0,900}From )/g;
const MAYBE_QUOTED = /^>{1,901}(?:F(?:r(?:om?)?)?)?$/;

const isAuthored = (field: Field): boolean => AUTHORED.has(field.name) || field.name.startsWith('content-');

/** Text with LF for CRLF and for a lone CR. Splitting is the fastest way in V8. */
const toLf = (text: string): string => {
  if (!text.includes('\r')) return text;
  const lines = text.split('\r\n').join('\n');
  return lines.includes('\r') ? lines.replaceAll('\r', '\n') : lines;
};

const isBlank = (code: number): boolean => code === 0x20 || code === 9 || code === 10 || code === 13;

const blankTail = (text: string): number => {
  let end = text.length;
  while (end > 0 && isBlank(text.charCodeAt(end - 1))) end--;
  return end;
};

/** Hashes text without trailing white space: a copy of the hash's state is kept from before white space that may be the last. */
const makeTrimmedHash = (hash: Hash) => {
  let beforeBlank: Hash | null = null;
  return {
    update: (text: string): void => {
      const end = blankTail(text);
      if (end > 0) {
        hash.update(end === text.length ? text : text.slice(0, end), 'latin1');
        beforeBlank = null;
      }
      if (end === text.length) return;
      beforeBlank ??= hash.copy();
      hash.update(text.slice(end), 'latin1');
    },
    digest: (): string => (beforeBlank ?? hash).digest('hex'),
  };
};

/** Undoes mbox quoting (">From ") in text that comes in pieces, with LF line ends. The beginning of a line is held back until it is decided. */
const makeUnquoter = (write: (text: string) => void) => {
  let held = '';
  let atLineStart = true;
  const push = (piece: string, final: boolean): void => {
    let text = held + piece;
    held = '';
    if (text === '') return;
    const line = text.lastIndexOf('\n') + 1;
    if (!final && (line > 0 || atLineStart) && MAYBE_QUOTED.test(text.slice(line))) {
      held = text.slice(line);
      text = text.slice(0, line);
      if (text === '') return;
    }
    const starts = atLineStart;
    atLineStart = text.endsWith('\n');
    const plain = text.includes('>From ')
      ? text.replace(QUOTED_FROM, (whole, before, rest, at) =>
          at > 0 || before !== '' || starts ? before + rest : whole,
        )
      : text;
    write(plain);
  };
  return { push };
};

/** Converts pieces to LF line ends. A CR at the end of a piece is held back until the next. */
const makeLineEnds = (write: (text: string, final: boolean) => void) => {
  let held = '';
  return (piece: string, final: boolean): void => {
    let text = held + piece;
    held = '';
    if (!final && text.endsWith('\r')) {
      held = '\r';
      text = text.slice(0, -1);
    }
    write(toLf(text), final);
  };
};

type Sink = (piece: string, final: boolean) => void;

/**
 * Begins the hash once the header is known: of the authored fields and the body, or, for a mail without From, of all bytes. Null while the header isn't
 * complete.
 */
const begin = (hash: Hash, text: string, final: boolean): { push: Sink; digest: () => string } | null => {
  const block = readHeader(text, 0, { final, limit: HEADER_LIMIT });
  if (!block) return null;
  if (!block.fields.some(field => field.name === 'from')) {
    const push = makeLineEnds(piece => hash.update(piece, 'latin1'));
    push(text, final);
    return { push, digest: () => hash.digest('hex') };
  }
  const lines = block.fields.filter(isAuthored).map(field => `${field.name}:${toLf(field.value)}`);
  hash.update(`${lines.join('\n')}\n\n`, 'latin1');
  const body = makeTrimmedHash(hash);
  const push = makeLineEnds(makeUnquoter(body.update).push);
  push(text.slice(block.body), final);
  return { push, digest: body.digest };
};

/** Computes the key of a mail from chunks. */
export interface MailKeyHasher {
  write(chunk: Uint8Array): void;
  /** the key in hex; nothing may be written after it */
  digest(): string;
}

/** The e-mail key (DESIGN 6) of a mail that comes in chunks; it doesn't depend on how the mail is cut. */
export const makeMailKey = (): MailKeyHasher => {
  const hash = createHash('sha256');
  let waiting = '';
  let nextTry = FIRST_TRY;
  let body: ReturnType<typeof begin> = null;
  const push = (piece: string, final: boolean): void => {
    if (body) {
      body.push(piece, final);
      return;
    }
    waiting += piece;
    if (!final && waiting.length < nextTry) return;
    nextTry = waiting.length * 2;
    body = begin(hash, waiting, final);
    if (body) waiting = '';
  };
  return {
    write: chunk => push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1'), false),
    digest: () => {
      push('', true);
      return (body as NonNullable<typeof body>).digest();
    },
  };
};

/** The e-mail key of a mail in memory, given as Latin-1 characters. */
export const mailKeyOfText = (text: string): string => {
  const whole = begin(createHash('sha256'), text, true);
  return (whole as NonNullable<typeof whole>).digest();
};

/** The e-mail key of a mail in memory: hex SHA-256 of what its author wrote. */
export const mailKey = (bytes: Uint8Array): string =>
  mailKeyOfText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'));
