import type { FileHandle } from 'node:fs/promises';
import { readHeader } from '../parse/fields.ts';
import { readAt } from './bytes.ts';
import { fromLineDate, startsMessage } from './from-line.ts';

/** One message of an mbox: its bytes as they lie in the file (`>From ` quoting included), without From_ line and separating empty line. */
export interface MboxMessage {
  /** of its From_ line: what it is found again by */
  position: number;
  start: number;
  end: number;
  date?: Date;
}

const WINDOW = 1024 * 1024;
const AROUND = 2048;
const MAX_HEADER = 64 * 1024;
const NEEDLE = '\nFrom ';

const linesOf = (text: string): string[] => text.split(/\r\n|\n|\r/, 3);

/** The line at `at` and where the next one starts. */
const readLine = async (file: FileHandle, at: number): Promise<{ line: string; next: string; start: number }> => {
  const text = (await readAt(file, at, AROUND)).toString('latin1');
  const [line = '', next = ''] = linesOf(text);
  const end = /\r\n|\n|\r/.exec(text);
  return { line, next, start: at + (end ? end.index + end[0].length : text.length) };
};

const isStart = async (file: FileHandle, at: number): Promise<boolean> => {
  const before = (await readAt(file, Math.max(0, at - 4), Math.min(4, at))).toString('latin1');
  const afterEmpty = at === 0 || /(?:\n\r?\n|^\r?\n)$/.test(before);
  const { line, next } = await readLine(file, at);
  return startsMessage({ line, next, afterEmpty });
};

/** Position of the next From_ line at or after `from`, or the file's size. Memory: one window. */
const findStart = async (file: FileHandle, from: number, size: number): Promise<number> => {
  for (let at = Math.max(0, from - 1); at < size; at += WINDOW - NEEDLE.length) {
    const window = await readAt(file, at, WINDOW);
    for (let found = window.indexOf(NEEDLE); found >= 0; found = window.indexOf(NEEDLE, found + 1)) {
      const position = at + found + 1;
      if (position >= from && (await isStart(file, position))) return position;
    }
    if (at + window.length >= size) return size;
  }
  return size;
};

/** mboxcl: where Content-Length says the body ends, when a message starts there or the file ends; such bodies needn't be quoted. */
const endByLength = async (file: FileHandle, start: number, size: number): Promise<number | null> => {
  const text = (await readAt(file, start, MAX_HEADER)).toString('latin1');
  const header = /content-length/i.test(text) ? readHeader(text, 0, { final: true, limit: MAX_HEADER }) : null;
  const value = header?.fields.find(field => field.name === 'content-length')?.value.trim();
  if (!header || !value || !/^\d{1,15}$/.test(value)) return null;
  const end = start + header.body + Number(value);
  if (end > size) return null;
  const tail = (await readAt(file, end, 4)).toString('latin1');
  const gap = /^(?:\r?\n){0,2}/.exec(tail)?.[0].length ?? 0;
  return end + gap >= size || (await isStart(file, end + gap)) ? end + gap : null;
};

/** Without the empty line that parts messages. */
const withoutSeparator = async (file: FileHandle, start: number, end: number): Promise<number> => {
  const tail = (await readAt(file, Math.max(start, end - 4), Math.min(4, end - start))).toString('latin1');
  if (/(?:^|\n)\r\n$/.test(tail)) return end - 2;
  return /(?:^|\n)\n$/.test(tail) ? end - 1 : end;
};

/** The messages of an mbox (mboxo, mboxrd, mboxcl, mboxcl2; LF or CRLF), in order, from `from` on. */
export async function* readMbox(file: FileHandle, size: number, from = 0): AsyncGenerator<MboxMessage> {
  let position = from;
  while (position < size) {
    const { line, start } = await readLine(file, position);
    const next = (await endByLength(file, start, size)) ?? (await findStart(file, start, size));
    const date = fromLineDate(line);
    yield { position, start, end: await withoutSeparator(file, start, next), ...(date && { date }) };
    position = next;
  }
}

/** Where the first From_ line is: after a byte order mark and empty lines, if there are any. */
export const firstFromLine = async (file: FileHandle): Promise<number> => {
  const head = (await readAt(file, 0, 1024)).toString('latin1');
  return /^(?:\xef\xbb\xbf)?[\r\n]*/.exec(head)?.[0].length ?? 0;
};
