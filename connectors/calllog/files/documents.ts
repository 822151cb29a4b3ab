import { readFile } from 'node:fs/promises';
import { freeswitchDocuments } from '../dialects/freeswitch-documents.ts';
import type { Encoding } from './encoding.ts';
import { type Line, linesOf } from './lines.ts';

/** Up to this size (bytes) a file is read at once. In a larger one no line of a document may be longer than `linesOf` allows. */
const WHOLE = 32 * 1024 * 1024;

/** A piece of a file's text with the records in it; `documents` is null when it is no document. */
export interface DocumentText {
  documents: unknown[] | null;
  text: string;
  bytes: Buffer;
  /** byte at which the next one begins */
  end: number;
}

/** An XML declaration alone in its line: it belongs to the document after it. */
const HEAD = /^\s*<\?xml[^>]*\?>\s*$/;
/** The brackets around a list of records, which hold no record themselves. */
const IS_BRACKET = /^\s*((<\?xml[^>]*\?>)?\s*<\/?cdrs>)?\s*$/;
/** How a document's first line begins. Lines within one are indented. */
const BEGINS = /^([{[]|<\?xml\s|<cdrs?[\s>]|<\/cdrs>)/;
const ENDS = /(^[}\]]|<\/cdr>)\s*$/;

const feedOf = ({ width, feedAt }: Encoding): Buffer =>
  Buffer.from(Array.from({ length: width }, (_, at) => (at === feedAt ? 0x0a : 0)));

/**
 * Joins lines to documents: a document in one line, or in several, from where it begins to where it ends or the next begins. So a damaged document goes to
 * quarantine with all of its lines, and doesn't take the next with it.
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

/** The documents in a file of FreeSWITCH's from byte `start` on. Throws errors of the file system. */
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
