import type { ImportFile } from '../../contract.ts';
import type { Context } from '../context.ts';
import type { CsvDialect, ReadCells } from '../dialects/types.ts';
import type { DateOrder } from '../time.ts';
import { BadRecord, type Cdr } from '../types.ts';
import { type Encoding, encodingOf } from './encoding.ts';
import { linesOf } from './lines.ts';
import { beginningOf } from './place.ts';
import { type CsvForm, type CsvRecord, cellsOfOne, delimiterOf, type RecordsFrom } from './records.ts';

const TOLD_DELIMITER = /^\uFEFF?"?sep=(.)"?$/i;
/** Longest title above a header, in lines. */
const MOST_TITLE_LINES = 30;

interface Begins {
  /** byte at which reading begins */
  start: number;
  form: CsvForm;
}

/** Finds the header of a file that has a title above it; without a header, its first line. */
const beginOf = async (
  dialect: CsvDialect,
  { config }: Context,
  path: string,
  from: { encoding: Encoding; beginning: string; signal: AbortSignal },
): Promise<Begins> => {
  const { encoding, beginning, signal } = from;
  const { isMultiline } = dialect;
  const texts = beginning.split(/\r\n?|\n/);
  const told = dialect.delimiter ?? TOLD_DELIMITER.exec(texts[0] ?? '')?.[1];
  const formOf = (text: string): CsvForm => ({ isMultiline, delimiter: told ?? delimiterOf(text) });
  const first = { start: encoding.mark, form: formOf(texts.find(text => text.trim() !== '') ?? '') };
  if (!dialect.isHeader) return first;
  let { start } = first;
  for await (const lines of linesOf(path, { start, encoding, isWhole: true, signal })) {
    for (const { bytes, end } of lines.slice(0, MOST_TITLE_LINES)) {
      const text = encoding.decode(bytes);
      const form = formOf(text);
      if (dialect.isHeader(cellsOfOne(text, form) ?? [], config)) return { start, form };
      start = end;
    }
    break;
  }
  return first;
};

const SLASHED = /(?<!\d)(\d{1,2})([-/])(\d{1,2})\2(?:19|20)\d\d(?!\d)/g;

/**
 * Order of day and month in dates with slashes or dashes: undefined when no date shows it (13/04 can only be day first) or when dates contradict each other.
 */
const dateOrderIn = (text: string): DateOrder | undefined => {
  const found = new Set<DateOrder>();
  for (const [, first, , second] of text.matchAll(SLASHED)) {
    if (Number(first) > 12) found.add('dmy');
    if (Number(second) > 12) found.add('mdy');
  }
  return found.size === 1 ? [...found][0] : undefined;
};

/** What is known of a log before its records are read. */
export interface OpenedLines {
  whole: RecordsFrom;
  context: Context;
}

/** Finds out encoding, delimiter and order of dates from the beginning of a log, where the account doesn't set them. Throws errors of the file system. */
export const openLines = async (
  context: Context,
  dialect: CsvDialect,
  { file, isWhole, signal }: { file: ImportFile; isWhole: boolean; signal: AbortSignal },
): Promise<OpenedLines> => {
  const { bytes } = await beginningOf(file.path);
  const encoding = encodingOf(bytes, context.config.encoding);
  const beginning = encoding.decode(bytes.subarray(encoding.mark));
  const order = context.config.dateOrder ?? dateOrderIn(beginning) ?? context.order;
  const begins = await beginOf(dialect, context, file.path, { encoding, beginning, signal });
  return {
    whole: { ...begins, encoding, isWhole, signal },
    context: { ...context, order },
  };
};

/**
 * A function that reads the records of a log in their order; null for a header. `after`: see `Reading`. It throws BadRecord, also for an incomplete last record
 * of a file that is still being written.
 */
export const makeCdrOf = (read: ReadCells, isInOrder: boolean) => {
  let width: number | null = null;
  return ({ cells, fault, isOpen }: CsvRecord, context: Context, after?: number): Cdr | null => {
    if (cells === null) throw new BadRecord(`It can't be read: ${fault}.`);
    if (isOpen && isInOrder && width !== null && cells.length !== width)
      throw new BadRecord('It is the last of the file, and not whole: the file was still being written.');
    width = cells.length;
    return read(cells, { ...context, ...(after === undefined ? {} : { after }) });
  };
};
