import type { ImportFile } from '../../contract.ts';
import type { Context } from '../context.ts';
import type { CsvDialect, ReadCells } from '../dialects/types.ts';
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

/** How the records of a log are read from its beginning, by that beginning. Errors of the file system come through. */
export const openLines = async (
  context: Context,
  dialect: CsvDialect,
  { file, isWhole, signal }: { file: ImportFile; isWhole: boolean; signal: AbortSignal },
): Promise<RecordsFrom> => {
  const { bytes } = await beginningOf(file.path);
  const encoding = encodingOf(bytes, context.config.encoding);
  const beginning = encoding.decode(bytes.subarray(encoding.mark, encoding.mark + 16_384));
  return { start: encoding.mark, encoding, form: formOf(dialect, beginning), isWhole, signal };
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
