import { hash } from 'node:crypto';
import { present } from '../../common/present.ts';
import { BadRecord, type Cdr } from '../types.ts';
import { readColumns } from './columns.ts';
import { type CsvDialect, type ReadCells, type Reading, secondsOf, timesOf } from './types.ts';

/** Fields of a 3CX CDR in its default order. A log with other fields has a header. */
const FIELDS = [
  'historyid',
  'callid',
  'duration',
  'time-start',
  'time-answered',
  'time-end',
  'reason-terminated',
  'from-no',
  'to-no',
  'from-dn',
  'to-dn',
  'dial-no',
  'reason-changed',
  'final-number',
  'final-dn',
  'bill-code',
  'bill-rate',
  'bill-cost',
  'bill-name',
  'chain',
  'from-type',
  'to-type',
  'final-type',
  'from-dispname',
  'to-dispname',
  'final-dispname',
  'missed-queue-calls',
];
const LEAST = 9;
const COUNTED = /^call\s*\d+$/i;

/** Values of final-type or to-type that mean a mailbox, which answers by itself. */
const MAILBOX = /^v(oice)?mail$/i;

const named = (cell: string): string =>
  cell
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
const numberOf = (text: string): string => text.trim().replace(/^(ext|extension|line|trunk)\.?\s*(?=[\d+*#])/i, '');

/** The call's id. "Call 7" is a count that begins again at every start of the switch: where one of the two ids is such a count, the other is used. */
const idOf = (callId: string, historyId: string): string | undefined => {
  const own = COUNTED.test(callId) && historyId !== '' ? (COUNTED.test(historyId) ? '' : historyId) : callId;
  return own || historyId || undefined;
};

const cdrOf = (field: (name: string) => string, reading: Reading): Cdr => {
  const times = timesOf(
    { start: field('time-start'), answer: field('time-answered'), end: field('time-end') },
    reading,
  );
  const { startedAt, answeredAt, endedAt } = times;
  const told = secondsOf(field('duration'));
  const between = (from: Date, to: Date | undefined) =>
    to && Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000));
  const answered = answeredAt !== undefined && !MAILBOX.test(field('final-type') || field('to-type'));
  const talk = answeredAt ? (between(answeredAt, endedAt) ?? told) : 0;
  const id = idOf(field('callid'), field('historyid'));
  const told4 = ['time-start', 'from-no', 'to-no', 'dial-no', 'final-number'].map(field);
  return {
    ...times,
    ...present({
      id,
      leg: id === undefined ? undefined : hash('sha256', told4.join('\0'), 'hex').slice(0, 16),
      isLegDerived: id === undefined ? undefined : (true as const),
      fromName: field('from-dispname') || undefined,
      toName: field('to-dispname') || undefined,
      durationSeconds: between(startedAt, endedAt) ?? told,
      talkSeconds: talk,
      takenBy: answered
        ? { number: numberOf(field('final-number')), ...present({ name: field('final-dispname') || undefined }) }
        : undefined,
      state: field('reason-terminated') || undefined,
    }),
    from: [numberOf(field('from-no'))],
    to: ['to-no', 'dial-no', 'final-number'].map(name => numberOf(field(name))).filter(text => text !== ''),
    answered,
  };
};

const open = (): ReadCells => {
  let at = new Map(FIELDS.map((name, index) => [name, index]));
  let least = LEAST;
  let isExport: ReadCells | null = null;
  return (cells, reading) => {
    const names = cells.map(named);
    if (names.includes('time-start') || names.includes('historyid')) {
      at = new Map(names.map((name, index) => [name, index]));
      least = names.length;
      isExport = null;
      return null;
    }
    if (names.includes('call-time') || isExport) {
      isExport ??= readColumns();
      return isExport(cells, reading);
    }
    if (cells.length < least) throw new BadRecord(`It has ${cells.length} fields; a call has at least ${least} here.`);
    return cdrOf(name => cells[at.get(name) ?? -1]?.trim() ?? '', reading);
  };
};

/** Logs of 3CX: its CDR output (cdr.log), with a header or in the default order, and the call log that its web page exports. */
export const threeCx: CsvDialect = { isMultiline: true, delimiter: null, isInOrder: true, open };
