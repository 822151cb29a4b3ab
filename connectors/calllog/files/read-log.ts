import { rawOf, sha256 } from '../../common/raw.ts';
import type { Captured, Failed, ImportFile } from '../../contract.ts';
import { keysOf, legItem } from '../captured.ts';
import type { Context } from '../context.ts';
import type { CsvDialect, ReadCells } from '../dialects/types.ts';
import { BadRecord } from '../types.ts';
import type { Attach } from './attach.ts';
import { type Piece, withLegsInOrder } from './batch.ts';
import { type Counter, makeCounter } from './counter.ts';
import { type Heading, makeHeading } from './heading.ts';
import { makeCdrOf, openLines } from './open-lines.ts';
import { isStillThere, marksOf, type Place } from './place.ts';
import { type CsvRecord, type RecordsFrom, recordsOf } from './records.ts';

const MOST = 500;
/** of a line's bytes; documents and whole files have others */
export const LINE_TYPE = 'text/csv';

export interface LogFile {
  file: ImportFile;
  /** how far it was read before */
  from: Place | null;
  /** it isn't written any more: its last line is one without an end, too */
  isWhole: boolean;
  signal: AbortSignal;
  attach: Attach;
}

interface Reader {
  read: ReadCells;
  heading: Heading;
}

/** Reads the header again, without which the rest says nothing. */
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

/** Counts what was read before, so that the next of the same lines has the number that it always has. */
const countAgain = async (path: string, from: RecordsFrom, end: number, counter: Counter): Promise<void> => {
  for await (const records of recordsOf(path, from)) {
    for (const record of records) {
      if (record.end > end) return;
      counter.next(sha256(record.bytes));
    }
  }
};

/** Counters of files that are read again and again, by path, for who watches them. Each is of the file that was read to `tail`: another one may lie there by now. */
export type Counters = Map<string, { counter: Counter; tail: string }>;

interface Gathered {
  items: Captured[];
  failed: Failed[];
}

const makeTake = (
  context: Context,
  { read, heading }: Reader,
  { isInOrder }: CsvDialect,
  counter: Counter,
  attach: Attach,
) => {
  const cdrOf = makeCdrOf(read, isInOrder);

  const lineKey = (bytes: Buffer): string => {
    const hash = sha256(bytes);
    return `line/${hash}/${counter.next(hash)}`;
  };

  const failedOf = ({ bytes }: CsvRecord, place: Place, reason: string): Failed => {
    const locator = lineKey(bytes);
    const beside = heading.beside(locator, place.after);
    return {
      locator,
      reason: `Record ${place.records}: ${reason}`,
      size: bytes.length,
      raw: rawOf(LINE_TYPE, bytes),
      ...(beside ? { beside } : {}),
    };
  };

  /** One record more: what becomes of it is put into `into`, and `place` goes behind it. */
  return async (record: CsvRecord, place: Place, into: Gathered): Promise<void> => {
    place.records++;
    place.end = record.end;
    try {
      const cdr = cdrOf(record, context, place.after);
      if (cdr === null) return heading.note(record.bytes);
      if (cdr.id === undefined) place.anonymous = true;
      const keys = keysOf(cdr, () => lineKey(record.bytes));
      const leg = legItem(cdr, keys, { numbers: context.numbers, type: LINE_TYPE, bytes: Buffer.from(record.bytes) });
      into.items.push(leg, ...(await attach(leg, cdr)));
      if (isInOrder && cdr.endedAt) place.after = cdr.endedAt.getTime();
    } catch (error) {
      if (!(error instanceof BadRecord)) throw error;
      place.anonymous = true;
      into.failed.push(failedOf({ ...record, bytes: Buffer.from(record.bytes) }, place, error.message));
    }
  };
};

/** Opens a file where it was left, or at its beginning when another one lies there now. */
const begin = async (context: Context, dialect: CsvDialect, log: LogFile, counters: Counters) => {
  const { file, from } = log;
  const whole = await openLines(context, dialect, log);
  const { encoding, form } = whole;
  const heading = makeHeading(encoding, form.delimiter);
  const reader: Reader = { read: dialect.open(), heading };
  const left = from && (await isStillThere(file.path, from)) ? from : null;
  const kept = counters.get(file.path);
  counters.delete(file.path); // it is kept again once all of this is read: what is broken off is counted anew
  const known = left && kept?.tail === left.tail ? kept?.counter : undefined;
  const counter = known ?? makeCounter();
  if (left) await readHeader(file.path, whole, reader, context);
  if (left?.anonymous && !known) await countAgain(file.path, whole, left.end, counter);
  const place: Place = left
    ? { ...left, file: file.name }
    : { file: file.name, end: encoding.mark, records: 0, head: '' };
  return { reader, counter, place, from: { ...whole, start: place.end } };
};

/** The calls of a log of lines, some hundred at once, and what of it can't be read. */
export async function* readLog(
  context: Context,
  dialect: CsvDialect,
  log: LogFile,
  counters: Counters = new Map(),
): AsyncGenerator<Piece> {
  const { reader, counter, place, from } = await begin(context, dialect, log, counters);
  const take = makeTake(context, reader, dialect, counter, log.attach);
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
  counters.set(log.file.path, { counter, tail: last.place.tail ?? '' });
  yield last;
}
