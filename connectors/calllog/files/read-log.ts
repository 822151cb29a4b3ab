import { rawOf, sha256 } from '../../common/raw.ts';
import type { Captured, Failed, ImportFile, Raw } from '../../contract.ts';
import { keysOf, legItem } from '../captured.ts';
import type { Context } from '../context.ts';
import type { CsvDialect, ReadCells } from '../dialects/types.ts';
import { BadRecord, type Cdr } from '../types.ts';
import type { Attach } from './attach.ts';
import { type Piece, withLegsInOrder } from './batch.ts';
import { type Heading, makeHeading } from './heading.ts';
import { makeNumbering, type Numbering } from './numbering.ts';
import { makeCdrOf, openLines } from './open-lines.ts';
import { isStillThere, marksOf, type Place } from './place.ts';
import { type CsvRecord, type RecordsFrom, recordsOf } from './records.ts';

const MOST = 500;
/** Type of the `Raw` of a single line. Those of documents and of whole files have others. */
export const LINE_TYPE = 'text/csv';

/** A log to be read. */
export interface LogFile {
  file: ImportFile;
  /** the place up to which it was read before */
  from: Place | null;
  /** it isn't being written any more: a last line without an end is read, too */
  isWhole: boolean;
  signal: AbortSignal;
  attach: Attach;
}

interface Reader {
  read: ReadCells;
  heading: Heading;
}

/** Gives the reader the header of a file that is resumed after it. */
const readHeader = async (
  path: string,
  from: RecordsFrom,
  { read, heading }: Reader,
  context: Context,
): Promise<void> => {
  for await (const records of recordsOf(path, from)) {
    for (const { cells, bytes } of records) {
      try {
        if (cells && read(cells, context) !== null) return;
        heading.note(bytes);
      } catch (error) {
        if (!(error instanceof BadRecord)) throw error;
        return;
      }
    }
  }
};

/** Whether a record's key depends on how often it came. One with an id and a leg of its own doesn't, and takes no memory. */
const isCounted = (cdr: Cdr | null): boolean => cdr?.id === undefined || cdr.isLegDerived === true;

const orNone = (read: () => Cdr | null): Cdr | null => {
  try {
    return read();
  } catch (error) {
    if (error instanceof BadRecord) return null;
    throw error;
  }
};

/** Counts the lines and legs up to byte `end` again, so that those that follow get the numbers they would have without an interruption. */
const countAgain = async (
  path: string,
  from: RecordsFrom,
  end: number,
  { context, dialect, numbering }: { context: Context; dialect: CsvDialect; numbering: Numbering },
): Promise<void> => {
  const cdrOf = makeCdrOf(dialect.open(), dialect.isInOrder);
  for await (const records of recordsOf(path, from)) {
    for (const record of records) {
      if (record.end > end) return;
      const cdr = orNone(() => cdrOf(record, context));
      if (!isCounted(cdr)) continue;
      const line = sha256(record.bytes);
      const count = numbering.next(line);
      if (cdr) numbering.legOf(cdr, line, count);
    }
  }
};

/**
 * By path: the numberings of files in a watched folder, kept between readings. `tail` identifies the file and how far it was read: another file may be at that
 * path now.
 */
export type Numberings = Map<string, { numbering: Numbering; tail: string }>;

interface Gathered {
  items: Captured[];
  failed: Failed[];
}

const makeTake = (
  context: Context,
  { read, heading }: Reader,
  { isInOrder }: CsvDialect,
  numbering: Numbering,
  attach: Attach,
) => {
  const cdrOf = makeCdrOf(read, isInOrder);

  const failedOf = (raw: Raw, locator: string, place: Place, reason: string): Failed => {
    const beside = heading.beside(locator, place.after);
    return {
      locator,
      reason: `Record ${place.records}: ${reason}`,
      size: raw.size,
      raw,
      ...(beside ? { beside } : {}),
    };
  };

  /** Reads one record: adds its items or its failure to `into`, and moves `place` behind it. */
  return async (record: CsvRecord, place: Place, into: Gathered): Promise<void> => {
    place.records++;
    place.end = record.end;
    const raw = rawOf(LINE_TYPE, Buffer.from(record.bytes));
    const count = (): number => {
      place.anonymous = true;
      return numbering.next(raw.sha256);
    };
    const locatorOf = (nth: number): string => `line/${raw.sha256}/${nth}`;
    try {
      const cdr = cdrOf(record, context, place.after);
      if (cdr === null) return heading.note(record.bytes);
      const nth = isCounted(cdr) ? count() : 1;
      const locator = locatorOf(nth);
      const told = numbering.legOf(cdr, raw.sha256, nth);
      const keys = keysOf(told, () => locator);
      const leg = legItem(told, keys, { numbers: context.numbers, raw, locator });
      into.items.push(leg, ...(await attach(leg, told)));
      if (isInOrder && cdr.endedAt) place.after = cdr.endedAt.getTime();
    } catch (error) {
      if (!(error instanceof BadRecord)) throw error;
      into.failed.push(failedOf(raw, locatorOf(count()), place, error.message));
    }
  };
};

/** Opens a file at the place where it was left, or at its beginning when it is another file now. */
const begin = async (account: Context, dialect: CsvDialect, log: LogFile, numberings: Numberings) => {
  const { file, from } = log;
  const { whole, context } = await openLines(account, dialect, log);
  const { encoding, form } = whole;
  const heading = makeHeading(encoding, form.delimiter, context.order);
  const reader: Reader = { read: dialect.open(), heading };
  const left = from && (await isStillThere(file.path, from)) ? from : null;
  const kept = numberings.get(file.path);
  numberings.delete(file.path); // it is stored again once the file is read to its end; after an interruption its lines are counted anew
  const known = left && kept?.tail === left.tail ? kept?.numbering : undefined;
  const numbering = known ?? makeNumbering();
  if (left) await readHeader(file.path, whole, reader, context);
  if (left?.anonymous && !known) await countAgain(file.path, whole, left.end, { context, dialect, numbering });
  const place: Place = left
    ? { ...left, file: file.name }
    : { file: file.name, end: whole.start, records: 0, head: '' };
  return { context, reader, numbering, place, from: { ...whole, start: place.end } };
};

/** The calls of a log, some hundred at a time, and what of it can't be read. `account`: the account's context. */
export async function* readLog(
  account: Context,
  dialect: CsvDialect,
  log: LogFile,
  numberings: Numberings = new Map(),
): AsyncGenerator<Piece> {
  const { context, reader, numbering, place, from } = await begin(account, dialect, log, numberings);
  const take = makeTake(context, reader, dialect, numbering, log.attach);
  let into: Gathered = { items: [], failed: [] };
  const piece = async (): Promise<Piece> => {
    const { items, failed } = into;
    into = { items: [], failed: [] };
    const marks = await marksOf(log.file.path, place.end);
    return { items: withLegsInOrder(items), failed, place: { ...place, ...marks } };
  };
  for await (const records of recordsOf(log.file.path, from)) {
    for (const record of records) {
      await take(record, place, into);
      if (into.items.length + into.failed.length >= MOST) yield await piece();
    }
    log.signal.throwIfAborted();
  }
  const last = await piece();
  numberings.set(log.file.path, { numbering, tail: last.place.tail ?? '' });
  yield last;
}
