import { parse } from 'csv-parse/sync';
import { isMoment } from '../dialects/start-text.ts';
import type { Encoding } from './encoding.ts';
import { type Line, linesOf } from './lines.ts';

/** Most lines that a quoted cell may span: a quote that is still open then was never closed. */
const MOST_SPAN = 50;
const DELIMITERS = [',', ';', '\t', '|'];

/** A record of a CSV file: its bytes without the line's end, and its cells, or null and the `fault` (in words). */
export interface CsvRecord {
  bytes: Buffer;
  /** byte at which the next record begins */
  end: number;
  cells: string[] | null;
  fault?: string;
  /** the file ends before its line does, so it may not be complete */
  isOpen: boolean;
}

/** How cells and records are separated. */
export interface CsvForm {
  delimiter: string;
  /** a quoted cell may hold line ends */
  isMultiline: boolean;
}

/** The delimiter that occurs most often in a line outside quotes; the comma when none does. */
export const delimiterOf = (line: string): string => {
  const bare = line.replace(/"[^"]*"/g, '');
  const count = (mark: string): number => bare.split(mark).length;
  return DELIMITERS.reduce((best, mark) => (count(mark) > count(best) ? mark : best), ',');
};

const options = ({ delimiter }: CsvForm) => ({
  delimiter,
  relax_column_count: true,
  trim: delimiter !== '\t',
  skip_empty_lines: false,
});

const cellsOf = (text: string, form: CsvForm): string[][] => parse(text, options(form)) as string[][];

const onlyOf = (text: string, read: (text: string) => string[][]): string[] | null => {
  try {
    const [cells, ...more] = read(text);
    return cells && more.length === 0 ? cells : null;
  } catch {
    return null;
  }
};

const strictCells = (text: string, form: CsvForm): string[] | null => onlyOf(text, given => cellsOf(given, form));

/** Cells of a line in which some switch wrote a caller unescaped, `"Matti Malli" <100>`: with quotes that are neither doubled nor around the whole cell. */
const looseCells = (text: string, form: CsvForm): string[] | null => {
  const { trim, ...rest } = options(form);
  const read = (given: string) => parse(given, { ...rest, ltrim: trim, relax_quotes: true }) as string[][];
  return onlyOf(text, read)?.map(cell => cell.trim()) ?? null;
};

const isOdd = (text: string): boolean => {
  let odd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
};

/** The cells of a single record; null when its quotes are not in order. */
export const cellsOfOne = (text: string, form: CsvForm): string[] | null =>
  strictCells(text, form) ?? (isOdd(text) ? null : looseCells(text, form));

interface Raw {
  bytes: Buffer;
  text: string;
  end: number;
  fault?: string;
  isOpen: boolean;
}

/** Parses records all at once, which is fast, or one by one when that fails, so that one bad record doesn't spoil the others. */
const parsed = (raws: readonly Raw[], form: CsvForm): CsvRecord[] => {
  const good = raws.filter(({ fault }) => fault === undefined);
  let together: string[][] | null = null;
  try {
    together = cellsOf(good.map(({ text }) => text).join('\n'), form);
  } catch {
    together = null;
  }
  const all = together?.length === good.length ? together : null;
  let at = 0;
  return raws.map(({ text, fault, ...raw }) => {
    if (fault !== undefined) return { ...raw, cells: null, fault };
    const cells = all ? (all[at++] ?? null) : cellsOfOne(text, form);
    return cells ? { ...raw, cells } : { ...raw, cells, fault: 'its quotes are not in order' };
  });
};

const faultOf = (isTooLong: boolean, text: string): { fault?: string } => {
  if (isTooLong) return { fault: 'it is longer than a megabyte' };
  return text.includes('\0')
    ? { fault: 'there are zero bytes in it, as a power cut or a failing disk leaves them' }
    : {};
};

const rawOfLine = ({ bytes, end, isTooLong, isOpen }: Line, text: string): Raw => ({
  bytes,
  text,
  end,
  isOpen,
  ...faultOf(isTooLong, text),
});

/** The part of a line that is still inside a quoted cell from an earlier line: all before the first quote that isn't doubled. */
const insideOf = (text: string): string => /^(?:[^"]|"")*/.exec(text)?.[0] ?? '';

/**
 * Whether a line that would be inside a quoted cell is a record itself, with as many cells and a time among them: then the quote before it was never closed.
 */
const isRecord = (text: string, width: number, { delimiter }: CsvForm): boolean => {
  const cells = insideOf(text).split(delimiter);
  return cells.length >= width && cells.some(cell => isMoment(cell.trim()));
};

/**
 * Joins the lines of a record with a quoted cell over several lines: from `first`, where the quote opens, to where it closes. 'more' when it may close in lines
 * that aren't read yet; null when it never does.
 */
const spanOf = (lines: readonly Line[], first: number, { decode }: Encoding, form: CsvForm): Raw | 'more' | null => {
  const texts: string[] = [];
  for (let at = first; at - first < MOST_SPAN; at++) {
    const line = lines[at];
    if (!line) return 'more';
    texts.push(decode(line.bytes));
    if (at === first || !isOdd(texts.at(-1) ?? '')) continue;
    const text = texts.join('\n');
    const cells = strictCells(text, form);
    if (cells === null || texts.slice(1).some(each => isRecord(each, cells.length, form))) return null;
    return {
      bytes: Buffer.concat(lines.slice(first, at + 1).flatMap(joined)),
      text,
      end: line.end,
      isOpen: line.isOpen,
    };
  }
  return null;
};

const joined = ({ bytes }: Line, index: number): Buffer[] => (index === 0 ? [bytes] : [Buffer.from('\n'), bytes]);

const isBlank = (text: string): boolean => /^[\s\0]*$/.test(text);

/** The records in these lines, and how many lines at their end to keep for the next call, since they may be part of a longer record. */
const recordsIn = (lines: readonly Line[], encoding: Encoding, form: CsvForm, isLast: boolean): [Raw[], number] => {
  const raws: Raw[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as Line;
    const text = encoding.decode(line.bytes);
    if (isBlank(text)) continue;
    const span =
      isOdd(text) && form.isMultiline && !line.isTooLong && !text.includes('\0')
        ? spanOf(lines, at, encoding, form)
        : null;
    if (span === 'more' && !isLast) return [raws, lines.length - at];
    if (span === null || span === 'more') raws.push(rawOfLine(line, text));
    else {
      raws.push(span);
      while ((lines[at + 1]?.end ?? Number.POSITIVE_INFINITY) <= span.end) at++;
    }
  }
  return [raws, 0];
};

/** As LinesFrom, with the form of the records. */
export interface RecordsFrom {
  start: number;
  encoding: Encoding;
  form: CsvForm;
  isWhole: boolean;
  signal?: AbortSignal;
}

/** The records of a CSV file from byte `start` on, in arrays of those in one chunk. One that can't be read has a `fault`; reading goes on at the next line. */
export async function* recordsOf(path: string, { form, ...from }: RecordsFrom): AsyncGenerator<CsvRecord[]> {
  let left: Line[] = [];
  for await (const chunk of linesOf(path, from)) {
    const lines = left.length > 0 ? [...left, ...chunk] : chunk;
    const [raws, open] = recordsIn(lines, from.encoding, form, false);
    left = open > 0 ? lines.slice(-open) : [];
    if (raws.length > 0) yield parsed(raws, form);
  }
  const [raws] = recordsIn(left, from.encoding, form, from.isWhole);
  if (raws.length > 0) yield parsed(raws, form);
}
