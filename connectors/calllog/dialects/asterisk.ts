import { hash } from 'node:crypto';
import { present } from '../../common/present.ts';
import { BadRecord, type Cdr } from '../types.ts';
import { type CsvDialect, type Reading, secondsOf, timesOf } from './types.ts';

/**
 * Number of columns that each line of cdr-csv's Master.csv has. uniqueid, userfield, peeraccount, linkedid and sequence follow where cdr.conf turns them on.
 */
const COLUMNS = 16;
const UNIQUE_ID = /^(?:.*-)?(\d{9,11})\.\d+$/;
/** Channel of one of our telephones: 'PJSIP/100-0000001a'. Trunks have names, or longer numbers. */
const TELEPHONE = /^(?:PJSIP|SIP|IAX2|SCCP|Skinny|Unistim)\/(\d{2,5})-/i;
const IS_FILE = /\.[A-Za-z0-9]{2,5}$/;
/** Applications that answer a call by themselves: a caller who hangs up while waiting in a queue, or leaves a voicemail, has spoken with nobody. */
const ANSWERING = /^(Queue|VoiceMail)$/i;

interface Tail {
  uniqueid?: string;
  userfield?: string;
  linkedid?: string;
  sequence?: string;
}

/**
 * Columns after the sixteenth, told apart by their number: loguniqueid, loguserfield and newcdrcolumns in cdr.conf each add some. Throws BadRecord for more
 * than 5.
 */
const tailOf = (tail: readonly string[]): Tail => {
  const [a = '', b = '', c = '', d = '', e = ''] = tail;
  if (tail.length === 0) return {};
  if (tail.length === 1) return UNIQUE_ID.test(a) ? { uniqueid: a } : { userfield: a };
  if (tail.length === 2) return { uniqueid: a, userfield: b };
  if (tail.length === 3) return { linkedid: b, sequence: c };
  if (tail.length === 4)
    return UNIQUE_ID.test(a) ? { uniqueid: a, linkedid: c, sequence: d } : { userfield: a, linkedid: c, sequence: d };
  if (tail.length === 5) return { uniqueid: a, userfield: b, linkedid: d, sequence: e };
  throw new BadRecord(`It has ${COLUMNS + tail.length} columns; Asterisk writes 16 to 21.`);
};

/** Splits a caller ID: '"Päivi Mäkelä" <0401234567>'. */
const callerOf = (clid: string): { name?: string; number?: string } => {
  const given = clid.trim();
  const at = given.lastIndexOf('<');
  const number = given.slice(at + 1, -1);
  if (at < 0 || !given.endsWith('>') || number.includes('>')) return {};
  const name = given.slice(0, at).trim().replace(/^"/, '').replace(/"$/, '');
  return present({ name: name || undefined, number: number || undefined });
};

/** Leg id for a record without a sequence: a hash of the columns that tell records of one uniqueid apart and never change. */
const legOf = (cells: readonly string[]): string => hash('sha256', cells.slice(1, 10).join('\0'), 'hex').slice(0, 16);

const recordingsOf = ({ userfield = '' }: Tail, lastapp: string, lastdata: string): string[] | undefined => {
  const named = [userfield.trim(), /^(MixMonitor|Monitor)$/i.test(lastapp) ? (lastdata.split(',')[0] ?? '') : ''];
  const found = named.filter(name => IS_FILE.test(name) || name.includes('/'));
  return found.length > 0 ? found : undefined;
};

const number = (text: string, column: string): number => {
  const seconds = secondsOf(text);
  if (seconds === undefined) throw new BadRecord(`Its ${column} is no number of seconds.`);
  return seconds;
};

const isHeader = (cells: readonly string[]): boolean => cells[0] === 'accountcode' && cells[1] === 'src';

/**
 * The columns in cdr-csv's order. The sample configuration of cdr_custom also writes a Master.csv, but with the caller first and the account code after the
 * disposition: its duration is where cdr-csv has the end.
 */
const inOrder = (cells: readonly string[]): readonly string[] => {
  if (!/^\d+(\.\d+)?$/.test(cells[11] ?? '') || (cells.length !== 18 && cells.length !== 19)) return cells;
  const [clid = '', src = '', dst = '', context = '', ...rest] = cells;
  const [accountcode = '', uniqueid = '', userfield = '', ...sequence] = rest.slice(11);
  const tail = sequence.length === 0 ? [uniqueid, userfield] : [uniqueid, userfield, '', '', ...sequence];
  return [accountcode, src, dst, context, clid, ...rest.slice(0, 11), ...tail];
};

const read = (given: readonly string[], reading: Reading): Cdr | null => {
  if (isHeader(given)) return null;
  const cells = inOrder(given);
  if (cells.length < COLUMNS) throw new BadRecord(`It has ${cells.length} columns; Asterisk writes 16 to 21.`);
  const [, src = '', dst = '', , clid = '', channel = '', dstchannel = '', lastapp = '', lastdata = ''] = cells;
  const [start = '', answer, end] = cells.slice(9);
  const [duration = '', billsec = '', disposition = ''] = cells.slice(12);
  const telephone = TELEPHONE.exec(channel)?.[1] ?? '';
  // when a program places a call for a telephone (click-to-dial), it often sets the caller ID to the number that is to be called
  const isShown = telephone !== '' && src === dst;
  const tail = tailOf(cells.slice(COLUMNS));
  const { name, number: fromClid } = callerOf(clid);
  const seconds = number(duration, 'duration');
  const epoch = UNIQUE_ID.exec(tail.uniqueid ?? '')?.[1];
  const about = epoch === undefined ? undefined : Number(epoch) * 1000;
  const id = tail.uniqueid || undefined;
  const sequence = tail.sequence || undefined;
  const answered = disposition.toUpperCase() === 'ANSWERED' && !(ANSWERING.test(lastapp) && dstchannel === '');
  return {
    ...timesOf({ start, answer, end, seconds, about }, reading),
    ...present({
      id,
      leg: id === undefined ? undefined : (sequence ?? legOf(cells)),
      call: tail.linkedid || undefined,
      fromName: isShown ? undefined : name,
      recordings: recordingsOf(tail, lastapp, lastdata),
    }),
    from: isShown ? [telephone] : [src || fromClid || '', telephone],
    to: [dst],
    durationSeconds: seconds,
    talkSeconds: number(billsec, 'billsec'),
    answered,
    state: disposition.toLowerCase(),
  };
};

/** Asterisk's Master.csv, by cdr-csv or the sample configuration of cdr_custom. It has no header. */
export const asterisk: CsvDialect = { isMultiline: true, delimiter: ',', isInOrder: true, open: () => read };
