import type { ImportFile } from '../../contract.ts';
import type { Context } from '../context.ts';
import { freeswitchCdr } from '../dialects/freeswitch.ts';
import { csvDialect } from '../dialects/index.ts';
import type { CsvDialect } from '../dialects/types.ts';
import { BadRecord, type Cdr } from '../types.ts';
import { documentsIn } from './documents.ts';
import { encodingOf } from './encoding.ts';
import { makeCdrOf, openLines } from './open-lines.ts';
import { beginningOf } from './place.ts';
import { recordsOf } from './records.ts';

/** Nothing for a record that can't be read: it is reported when its log is imported. */
const orNone = (read: () => Cdr | null): Cdr[] => {
  try {
    return [read()].filter(cdr => cdr !== null);
  } catch (error) {
    if (error instanceof BadRecord) return [];
    throw error;
  }
};

async function* ofLines(account: Context, dialect: CsvDialect, file: ImportFile, signal: AbortSignal) {
  const cdrOf = makeCdrOf(dialect.open(), dialect.isInOrder);
  const { whole, context } = await openLines(account, dialect, { file, isWhole: true, signal });
  for await (const records of recordsOf(file.path, whole))
    yield records.flatMap(record => orNone(() => cdrOf(record, context)));
}

async function* ofDocuments(context: Context, { path }: ImportFile, signal: AbortSignal) {
  const { size, bytes } = await beginningOf(path);
  const encoding = encodingOf(bytes, context.config.encoding);
  for await (const { documents } of documentsIn(path, { size, start: encoding.mark, encoding, signal }))
    yield (documents ?? []).flatMap(document => orNone(() => freeswitchCdr(document, context)));
}

/** The readable records of a log, some hundred at a time. Throws errors of the file system. */
export const cdrsIn = (context: Context, file: ImportFile, signal: AbortSignal): AsyncGenerator<Cdr[]> => {
  const dialect = csvDialect(context.dialect);
  return dialect ? ofLines(context, dialect, file, signal) : ofDocuments(context, file, signal);
};
