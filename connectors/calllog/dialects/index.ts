import type { DialectName } from '../config.ts';
import { asterisk } from './asterisk.ts';
import { columns } from './columns.ts';
import { cucm } from './cucm.ts';
import { threeCx } from './three-cx.ts';
import type { CsvDialect } from './types.ts';

/** Dialects that are lines; FreeSWITCH writes documents. */
const CSV: Readonly<Record<Exclude<DialectName, 'freeswitch'>, CsvDialect>> = {
  asterisk,
  '3cx': threeCx,
  cucm,
  csv: columns,
};

export const csvDialect = (name: DialectName): CsvDialect | null => (name === 'freeswitch' ? null : CSV[name]);
