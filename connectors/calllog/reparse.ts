import { rawOf } from '../common/raw.ts';
import { type Account, type Captured, ConnectorError, type Raw, type Sighting } from '../contract.ts';
import { keysOf, legItem } from './captured.ts';
import type { ReadingConfig } from './config.ts';
import { type Context, contextOf, type HubDefaults } from './context.ts';
import { csvDialect } from './dialects/index.ts';
import type { CsvDialect, ReadCells } from './dialects/types.ts';
import { type Encoding, encodingOf } from './files/encoding.ts';
import { type Beside, readBeside } from './files/heading.ts';
import { documentItems } from './files/read-documents.ts';
import { LINE_TYPE } from './files/read-log.ts';
import { cellsOfOne } from './files/records.ts';
import { documentOf } from './posted.ts';
import { BadRecord } from './types.ts';

const MOST = 32 * 1024 * 1024;

const inWords = (error: unknown): never => {
  throw error instanceof BadRecord ? new ConnectorError('reject', error.message) : error;
};

/** A reader that was given the header of the line's file. */
const readerFor = (
  dialect: CsvDialect,
  { heading, delimiter }: Beside,
  { decode }: Encoding,
  context: Context,
): ReadCells => {
  const read = dialect.open();
  for (const line of heading) {
    const cells = cellsOfOne(decode(Buffer.from(line, 'base64')), { delimiter, isMultiline: false });
    try {
      if (cells) read(cells, context);
    } catch (error) {
      if (!(error instanceof BadRecord)) throw error; // the header of another dialect: the account's was changed since
    }
  }
  return read;
};

/**
 * Reads a quarantined line. Without what was kept of its file (`given`), it is read with the dialect's defaults where those suffice. Throws BadRecord or
 * ConnectorError.
 */
const readLine = (
  dialect: CsvDialect,
  context: Context,
  raw: { type: string; sha256: string; bytes: Buffer },
  given: unknown,
) => {
  const beside = readBeside(given);
  if (!beside && (context.dialect === 'csv' || context.dialect === 'cucm'))
    throw new ConnectorError('reject', 'A line says nothing without its file’s header: import the file again.');
  const { heading = [], delimiter = dialect.delimiter ?? ',', key = `line/${raw.sha256}/1` } = beside ?? {};
  const known: Beside = { heading, delimiter, key, encoding: beside?.encoding ?? null, after: beside?.after ?? null };
  const encoding = encodingOf(raw.bytes, known.encoding ?? context.config.encoding);
  // a power cut may leave zero bytes before the next line that is written
  const text = encoding.decode(raw.bytes.subarray(encoding.mark)).replace(/^\0+/, '');
  if (text.includes('\0')) throw new BadRecord('There are zero bytes in it.');
  const cells = cellsOfOne(text, { delimiter, isMultiline: false });
  const order = context.config.dateOrder ?? beside?.order ?? context.order;
  const reading = { ...context, order, ...(known.after === null ? {} : { after: known.after }) };
  const cdr = cells && readerFor(dialect, known, encoding, context)(cells, reading);
  if (!cdr) throw new BadRecord(cells ? 'It is a header, and no call.' : 'Its quotes are not in order.');
  return legItem(
    cdr,
    keysOf(cdr, () => key),
    { numbers: context.numbers, raw: rawOf(raw.type, raw.bytes) },
  );
};

/** Reads a quarantined record again, with the account's settings as they are now. Throws ConnectorError when it still can't be read. */
export const makeReparse =
  (defaults: HubDefaults) =>
  async (account: Account<ReadingConfig>, raw: Raw, _?: Sighting, beside?: unknown): Promise<Captured> => {
    if (raw.size > MOST) throw new ConnectorError('reject', 'This is too large for a call record.');
    const bytes = Buffer.concat(await raw.open().toArray());
    const context = contextOf(account.config, defaults);
    const dialect = raw.type === LINE_TYPE ? csvDialect(context.dialect) : null;
    if (!dialect) {
      const encoding = encodingOf(bytes, context.config.encoding);
      const text = encoding.decode(bytes.subarray(encoding.mark));
      const read = await documentItems(context, documentOf(text) ?? text, { strict: true }).catch(inWords);
      const [item] = read?.items ?? [];
      if (!item) throw new ConnectorError('reject', 'It is no call record, in JSON or XML.');
      return item;
    }
    try {
      return readLine(dialect, context, { type: raw.type, sha256: raw.sha256, bytes }, beside);
    } catch (error) {
      return inWords(error);
    }
  };
