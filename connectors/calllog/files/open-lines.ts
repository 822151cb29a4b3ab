import type { ImportFile } from '../../contract.ts';
import type { Context } from '../context.ts';
import type { CsvDialect, ReadCells } from '../dialects/types.ts';
import type { DateOrder } from '../time.ts';
import { BadRecord, type Cdr } from '../types.ts';
import { encodingOf } from './encoding.ts';
import { beginningOf } from './place.ts';
import { type CsvForm, type CsvRecord, delimiterOf, type RecordsFrom } from './records.ts';

const formOf = (dialect: CsvDialect, beginning: string): CsvForm => {
  const lines = beginning.split(/\r?\n/);
  const told = /^\uFEFF?"?sep=(.)"?$/i.exec(lines[0] ?? '')?.[1];
  const delimiter = dialect.delimiter ?? told ?? delimiterOf(lines.find(line => line.trim() !== '') ?? '');
  return { delimiter, isMultiline: dialect.isMultiline };
};

const SLASHED = /(?<!\d)(\d{1,2})([-/])(\d{1,2})\2(?:19|20)\d\d(?!\d)/g;

/** The order that dates with slashes or dashes are in, where some can have no other, and all of those agree. */
const dateOrderIn = (text: string): DateOrder | undefined => {
  const found = new Set<DateOrder>();
  for (const [, first, , second] of text.matchAll(SLASHED)) {
    if (Number(first) > 12) found.add('dmy');
    if (Number(second) > 12) found.add('mdy');
  }
  return found.size === 1 ? [...found][0] : undefined;
};

/** How a log is read: its records from its beginning, and what they say. */
export interface OpenedLines {
  whole: RecordsFrom;
  context: Context;
}

/** By the beginning of a log, unless the account says it. Errors of the file system come through. */
export const openLines = async (
  context: Context,
  dialect: CsvDialect,
  { file, isWhole, signal }: { file: ImportFile; isWhole: boolean; signal: AbortSignal },
): Promise<OpenedLines> => {
  const { bytes } = await beginningOf(file.path);
  const encoding = encodingOf(bytes, context.config.encoding);
  const beginning = encoding.decode(bytes.subarray(encoding.mark));
  const order = context.config.dateOrder ?? dateOrderIn(beginning) ?? context.order;
  return {
    whole: { start: encoding.mark, encoding, form: formOf(dialect, beginning), isWhole, signal },
    context: { ...context, order },
  };
};

/** Reads one record after the other of a log; null for a header. Throws BadRecord, also for a last one that was still being written. */
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
