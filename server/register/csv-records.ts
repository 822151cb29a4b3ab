import { parse } from 'csv-parse/sync';
import { CsvRefused, textLines } from './csv-text.ts';

/** One record of a CSV file: its cells, or why it can't be read. `line` is where it begins, from 1. */
export type CsvRecord = { line: number; cells: string[] } | { line: number; fault: string };

/** Most lines that a quoted field may span: a quote that is still open then was never closed. */
const MAX_SPAN = 200;
const delimiters = [',', ';', '\t'];

const faults: Record<string, string> = {
  CSV_INVALID_CLOSING_QUOTE: 'text behind a closing quote',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'text behind a closing quote',
  INVALID_OPENING_QUOTE: 'a quote inside an unquoted field',
  CSV_QUOTE_NOT_CLOSED: 'a quote that is not closed',
};

const cellsOf = (text: string, delimiter: string): string[] =>
  (parse(text, { delimiter, relax_column_count: true, trim: delimiter !== '\t' }) as string[][])[0] ?? [];

const read = (line: number, text: string, delimiter: string): CsvRecord => {
  try {
    return { line, cells: cellsOf(text, delimiter) };
  } catch (error) {
    return { line, fault: faults[(error as { code?: string }).code ?? ''] ?? 'not readable as CSV' };
  }
};

/** Whether a quoted field is open at the end of a line. A quote opens one only at the beginning of a field; inside, two quotes stand for one (RFC 4180). */
const staysOpen = (line: string, delimiter: string, open: boolean): boolean => {
  let inside = open;
  let begins = !open;
  for (let i = 0; i < line.length; i++) {
    const mark = line[i];
    if (inside && mark === '"' && line[i + 1] === '"') i++;
    else if (inside) inside = mark !== '"';
    else {
      inside = begins && mark === '"';
      begins = mark === delimiter || (begins && mark === ' ');
    }
  }
  return inside;
};

/** Joins lines to records. Where a quote is never closed, the line that opens it is a record of its own, and reading goes on at the next line. */
async function* records(lines: AsyncIterator<string>, delimiter: string, firstLine: number): AsyncGenerator<CsvRecord> {
  const ahead: string[] = [];
  let line = firstLine;
  for (;;) {
    const next = ahead.shift() ?? (await lines.next());
    if (typeof next !== 'string' && next.done) return;
    const first = typeof next === 'string' ? next : next.value;
    const span = [first];
    let open = staysOpen(first, delimiter, false);
    for (let at = 0; open && span.length < MAX_SPAN; at++) {
      if (at === ahead.length) {
        const more = await lines.next();
        if (more.done) break;
        ahead.push(more.value);
      }
      const following = ahead[at] ?? '';
      span.push(following);
      open = staysOpen(following, delimiter, true);
    }
    const taken = open ? [first] : span;
    ahead.splice(0, taken.length - 1);
    if (taken.some(text => text.trim() !== '')) yield read(line, taken.join('\n'), delimiter);
    line += taken.length;
  }
}

const named = (header: string): string =>
  header
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');

/** The delimiter with which most of the header's names are known; the comma when none is better. */
const delimiterOf = (header: string, known: readonly string[]): string => {
  const score = (delimiter: string): number => {
    const record = read(1, header, delimiter);
    return 'cells' in record ? record.cells.filter(cell => known.includes(named(cell))).length : 0;
  };
  return delimiters.reduce((best, one) => (score(one) > score(best) ? one : best));
};

/** An open CSV file after its header. */
export interface CsvTable {
  /** names of the columns: lower case, spaces and hyphens as `_` */
  header: string[];
  headerLine: number;
  records: AsyncGenerator<CsvRecord>;
}

const tableOf = async (lines: AsyncIterator<string>, known: readonly string[]): Promise<CsvTable> => {
  for (let line = 1, given: string | undefined; ; line++) {
    const next = await lines.next();
    if (next.done) throw new CsvRefused('The file is empty.');
    const told = /^"?sep=(.)"?$/i.exec(next.value)?.[1];
    if (told) given = told;
    if (told || next.value.trim() === '') continue;
    const delimiter = given ?? delimiterOf(next.value, known);
    const header = read(line, next.value, delimiter);
    if ('fault' in header) throw new CsvRefused(`The header line can't be read: ${header.fault}.`);
    return { header: header.cells.map(named), headerLine: line, records: records(lines, delimiter, line + 1) };
  }
};

/**
 * Opens a CSV file, and closes it after `work`. Lines are joined to records here, and csv-parse only reads the cells of one record: a bad record must not spoil
 * others, and each is reported with its line number. `known`: names by which the delimiter is found. Throws CsvRefused.
 */
export const withCsv = async <T>(
  path: string,
  known: readonly string[],
  work: (table: CsvTable) => Promise<T>,
): Promise<T> => {
  const lines = textLines(path);
  try {
    return await work(await tableOf(lines, known));
  } finally {
    await lines.return(undefined);
  }
};
