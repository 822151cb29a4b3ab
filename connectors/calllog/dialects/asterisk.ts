import { hash } from 'node:crypto';
import { present } from '../../common/present.ts';
import { BadRecord, type Cdr } from '../types.ts';
import { type CsvDialect, type Reading, secondsOf, timesOf } from './types.ts';

/** The first sixteen columns of cdr-csv's Master.csv; uniqueid, userfield, peeraccount, linkedid and sequence follow as cdr.conf says. */
const COLUMNS = 16;
const UNIQUE_ID = /^(?:.*-)?(\d{9,11})\.\d+$/;
/** 'PJSIP/100-0000001a': a telephone of ours. Trunks have words for names, or longer numbers. */
const TELEPHONE = /^(?:PJSIP|SIP|IAX2|SCCP|Skinny|Unistim)\/(\d{2,5})-/i;
const IS_FILE = /\.[A-Za-z0-9]{2,5}$/;
/** These answer by themselves: who waited there until they hung up, or left a message, spoke with nobody. */
const ANSWERING = /^(Queue|VoiceMail)$/i;

interface Tail {
  uniqueid?: string;
  userfield?: string;
  linkedid?: string;
  sequence?: string;
}

/** loguniqueid, loguserfield and newcdrcolumns each add theirs. */
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

/** '"Päivi Mäkelä" <0401234567>' */
const callerOf = (clid: string): { name?: string; number?: string } => {
  const given = clid.trim();
  const at = given.lastIndexOf('<');
  const number = given.slice(at + 1, -1);
  if (at < 0 || !given.endsWith('>') || number.includes('>')) return {};
  const name = given.slice(0, at).trim().replace(/^"/, '').replace(/"$/, '');
  return present({ name: name || undefined, number: number || undefined });
};

/** Of several records with one uniqueid and no sequence, what tells them apart and never changes. */
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
 * The same columns in cdr-csv's order. cdr_custom's sample, also named Master.csv, has the caller first and the account code behind, so that the duration is
 * where cdr-csv has the end.
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
  // who places a call for a telephone lets it show whom it is to call
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

/** Asterisk, cdr-csv and the sample of cdr_custom: Master.csv, which has no header. */
export const asterisk: CsvDialect = { isMultiline: true, delimiter: ',', isInOrder: true, open: () => read };
