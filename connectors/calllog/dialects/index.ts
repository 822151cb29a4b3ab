import type { DialectName } from '../config.ts';
import { asterisk } from './asterisk.ts';
import { columns } from './columns.ts';
import { cucm } from './cucm.ts';
import { threeCx } from './three-cx.ts';
import type { CsvDialect } from './types.ts';

/** Dialects whose logs have a line for each record. FreeSWITCH's have JSON or XML documents. */
const CSV: Readonly<Record<Exclude<DialectName, 'freeswitch'>, CsvDialect>> = {
  asterisk,
  '3cx': threeCx,
  cucm,
  csv: columns,
};

/** The reader of a dialect's lines; null for FreeSWITCH, whose logs are documents. */
export const csvDialect = (name: DialectName): CsvDialect | null => (name === 'freeswitch' ? null : CSV[name]);
