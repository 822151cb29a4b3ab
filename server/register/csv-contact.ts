import { FieldErrors } from '../errors.ts';
import type { CsvRecord } from './csv-records.ts';
import { CsvRefused } from './csv-text.ts';
import { RegisterConflict } from './errors.ts';
import type { ContactInput } from './types.ts';

/** Columns of a contacts file. */
export const columns = [
  'external_id',
  'first_name',
  'last_name',
  'organisation',
  'email',
  'phone',
  'username',
  'relationship_start',
  'relationship_end',
] as const;
type Column = (typeof columns)[number];

const identifierColumns = ['email', 'phone', 'username'] as const;

const columnOf: Record<string, Column> = {
  '/name/first': 'first_name',
  '/name/last': 'last_name',
  '/relationship/startedAt': 'relationship_start',
  '/relationship/endedAt': 'relationship_end',
  '/externalId': 'external_id',
};

const quoted = (names: readonly string[]): string => names.map(name => `"${name}"`).join(', ');

/** Checks a header, and answers the columns that aren't known. Throws CsvRefused when external_id is missing or a column comes twice. */
export const checkHeader = (header: readonly string[]): string[] => {
  const twice = header.filter((name, i) => name !== '' && header.indexOf(name) !== i);
  if (!header.includes('external_id'))
    throw new CsvRefused(`The header line has no column "external_id". It names ${quoted(header)}.`);
  if (twice.length) throw new CsvRefused(`The header line has ${quoted([...new Set(twice)])} more than once.`);
  return header.filter(name => name !== '' && !(columns as readonly string[]).includes(name));
};

/** The message about columns that aren't known. */
export const ignoredColumns = (names: readonly string[]): string =>
  `Ignored: ${quoted(names)}. The columns that are read are ${columns.join(', ')}.`;

/** One contact from a record: undefined changes nothing, null clears. */
export interface CsvContact {
  externalId: string;
  input: Omit<ContactInput, 'organisation'> & {
    organisation: { name: string } | null | undefined;
    identifiersOf: Readonly<Record<string, readonly string[]>>;
  };
}

/** Reads a record; answers a string (the reason) when it can't be used. */
export const readContact = (header: readonly string[], record: CsvRecord): CsvContact | string => {
  if ('fault' in record) return record.fault;
  if (record.cells.slice(header.length).some(cell => cell.trim() !== '')) return 'more fields than the header has';
  const cell = (column: Column): string | null | undefined => {
    const text = record.cells[header.indexOf(column)]?.trim() || undefined;
    return text === '-' ? null : text;
  };
  const externalId = cell('external_id');
  if (!externalId) return 'external_id: missing';
  const values = (text: string | null) => (text ?? '').split(';').filter(value => value.trim() !== '');
  const identifiers = identifierColumns.flatMap(column => {
    const text = cell(column);
    return text === undefined ? [] : [[column, values(text)] as const];
  });
  const organisation = cell('organisation');
  return {
    externalId,
    input: {
      name: { first: cell('first_name'), last: cell('last_name') },
      organisation: typeof organisation === 'string' ? { name: organisation } : organisation,
      identifiersOf: Object.fromEntries(identifiers),
      relationship: { startedAt: cell('relationship_start'), endedAt: cell('relationship_end') },
    },
  };
};

const place = (pointer: string): string => {
  const [, type, at] = pointer.split('/');
  return columnOf[pointer] ?? (at && Number(at) > 0 ? `${type} (value ${Number(at) + 1})` : (type ?? ''));
};

/** In words, by column, why a line was refused; undefined for an error that isn't the line's fault. Contains no personal data: the file has it. */
export const refusalOf = (error: unknown): string | undefined => {
  if (error instanceof FieldErrors)
    return error.errors.map(({ pointer, detail }) => `${place(pointer)}: ${detail}`).join('; ');
  if (error instanceof RegisterConflict) return `${place(error.pointer)}: ${error.message}`;
  return undefined;
};
