import { readFile } from 'node:fs/promises';
import { freeswitchDocuments } from '../dialects/freeswitch-documents.ts';
import type { Encoding } from './encoding.ts';
import { type Line, linesOf } from './lines.ts';

/** Up to here a file is read whole; in a larger one no line of a document is longer than a line may be. */
const WHOLE = 32 * 1024 * 1024;

/** A text of a file, and the records it holds; null when it is no document. */
export interface DocumentText {
  documents: unknown[] | null;
  text: string;
  bytes: Buffer;
  /** where the next one begins */
  end: number;
}

/** The line of a file's beginning that says only that XML follows: it is its document's. */
const HEAD = /^\s*<\?xml[^>]*\?>\s*$/;
/** Around a list: it says nothing. */
const IS_BRACKET = /^\s*((<\?xml[^>]*\?>)?\s*<\/?cdrs>)?\s*$/;
/** The switch indents what lies within a document. */
const BEGINS = /^([{[]|<\?xml\s|<cdrs?[\s>]|<\/cdrs>)/;
const ENDS = /(^[}\]]|<\/cdr>)\s*$/;

const feedOf = ({ width, feedAt }: Encoding): Buffer =>
  Buffer.from(Array.from({ length: width }, (_, at) => (at === feedAt ? 0x0a : 0)));

/**
 * Puts lines together to documents: one a line, or one over several, from where it begins to where it ends or the next one begins. So one that is damaged is
 * one that can't be read, with all of its lines.
 */
const makeGather = (encoding: Encoding) => {
  const feed = feedOf(encoding);
  let lines: Buffer[] = [];
  let size = 0;
  let end = 0;
  let isHead = false;

  const textOf = (bytes: Buffer): DocumentText => {
    const text = encoding.decode(bytes);
    return { documents: freeswitchDocuments(text), text, bytes, end };
  };

  const flush = (): DocumentText[] => {
    const bytes = Buffer.concat(lines.flatMap((line, at) => (at === 0 ? [line] : [feed, line])));
    lines = [];
    size = 0;
    return IS_BRACKET.test(encoding.decode(bytes)) ? [] : [textOf(bytes)];
  };

  const add = ({ bytes, end: to, isTooLong }: Line): DocumentText[] => {
    const line = encoding.decode(bytes);
    const isNew = isTooLong || (BEGINS.test(line) && !isHead) || size + bytes.length > WHOLE;
    const before = isNew ? flush() : [];
    const isFirst = lines.length === 0;
    end = to;
    if (isTooLong) return [...before, { documents: null, text: line, bytes, end }];
    const alone = isFirst && /^\s*[{[<]/.test(line) ? textOf(bytes) : null;
    if (alone?.documents) return [...before, alone];
    lines.push(bytes);
    size += bytes.length + feed.length;
    isHead = isFirst ? HEAD.test(line) : isHead && line.trim() === '';
    return ENDS.test(line) ? [...before, ...flush()] : before;
  };

  return { add, flush };
};

/** The documents of a file of FreeSWITCH's: the whole of it, else one after the other from `start` on. Errors of the file system come through. */
export async function* documentsIn(
  path: string,
  { size, start, encoding, signal }: { size: number; start: number; encoding: Encoding; signal: AbortSignal },
): AsyncGenerator<DocumentText> {
  if (start === encoding.mark && size <= WHOLE) {
    const bytes = await readFile(path, { signal });
    const text = encoding.decode(bytes.subarray(encoding.mark));
    const documents = freeswitchDocuments(text);
    if (documents) return yield { documents, text, bytes, end: bytes.length };
  }
  const { add, flush } = makeGather(encoding);
  for await (const lines of linesOf(path, { start, encoding, isWhole: true, signal }))
    for (const line of lines) yield* add(line);
  yield* flush();
}
