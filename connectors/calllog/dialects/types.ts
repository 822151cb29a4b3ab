import type { ReadingConfig } from '../config.ts';
import { type Clock, type DateOrder, nearest, parseTime, startOf } from '../time.ts';
import type { Cdr } from '../types.ts';

/** What a record is read with. */
export interface Reading {
  clock: Clock;
  order: DateOrder;
  config: ReadingConfig;
  /** end of the call before, in milliseconds, where a file is written as calls end */
  after?: number;
}

/** Reads the records of one file in their order: headers are remembered, and are no record (null). Throws BadRecord. */
export type ReadCells = (cells: readonly string[], reading: Reading) => Cdr | null;

export interface CsvDialect {
  isMultiline: boolean;
  /** null: it is found out */
  delimiter: string | null;
  /** its lines are written as calls end */
  isInOrder: boolean;
  /** whether these are names of columns that it can be read by: what stands above them is a title */
  isHeader?(cells: readonly string[], config: ReadingConfig): boolean;
  open(): ReadCells;
}

export interface Times {
  start: string;
  answer?: string | undefined;
  end?: string | undefined;
  seconds?: number | undefined;
  about?: number | undefined;
}

const has = (text: string | undefined): text is string =>
  text !== undefined && text.trim() !== '' && !/^(0|-|0000-00-00.*)$/.test(text.trim());

/** The moments of a call, the hour that comes twice sorted out. Throws BadRecord. */
export const timesOf = (
  { start, answer, end, seconds, about }: Times,
  { clock, order, after }: Reading,
): Pick<Cdr, 'startedAt' | 'answeredAt' | 'endedAt'> => {
  const instants = (text: string): number[] => clock.instants(parseTime(text, order));
  const ends = has(end) ? instants(end) : [];
  const started = startOf(instants(start), {
    ends,
    ...(seconds === undefined ? {} : { seconds }),
    ...(about === undefined ? {} : { about }),
    ...(after === undefined ? {} : { after }),
  });
  const took = seconds === undefined ? undefined : started + seconds * 1000;
  const ended = ends.length > 0 ? nearest(ends, took ?? started) : took;
  const answered = has(answer) ? nearest(instants(answer), started) : undefined;
  return {
    startedAt: new Date(started),
    ...(answered === undefined ? {} : { answeredAt: new Date(answered) }),
    ...(ended === undefined ? {} : { endedAt: new Date(ended) }),
  };
};

/** '1,234': the mark of thousands, or of decimals. */
const IS_EITHER = /^[1-9]\d{0,2},\d{3}(?!\d)/;

/** `125s (2m 5s)`, as Elastix and Issabel export it. */
const SAID_TWICE = /^(\d+s) +\([\dhms ]+\)$/;

/** `1 h 2 min 5 s`, any two of these, or one. */
const WORDED =
  /^(?=\d)(?:(\d{1,4}) ?(?:h|hrs?|hours?|t|std)\.?)?,? ?(?:(\d{1,5}) ?(?:m|mins?|minutes?)\.?)?,? ?(?:(\d{1,7}) ?(?:s|secs?|seconds?|sek)\.?)?$/i;

const worded = (text: string): number | undefined => {
  const found = WORDED.exec(text);
  if (!found) return undefined;
  const [hours, minutes, seconds] = found.slice(1).map(figures => Number(figures ?? 0)) as [number, number, number];
  return hours * 3600 + minutes * 60 + seconds;
};

/** Seconds as a number, m:ss, h:mm:ss, h.mm.ss or with its units; undefined when it is none, or could be two. */
export const secondsOf = (text: string | undefined): number | undefined => {
  const given = (text?.trim() ?? '').replace(SAID_TWICE, '$1');
  const clock = /^(?:(\d+)[.:])?(\d{1,3}):(\d{1,2})(?:[.,]\d+)?$/.exec(given);
  if (clock) return Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
  const pointed = /^(\d{1,3})\.(\d{2})\.(\d{2})$/.exec(given);
  if (pointed) return Number(pointed[1]) * 3600 + Number(pointed[2]) * 60 + Number(pointed[3]);
  const days = /^(\d+)[.](\d{1,2}):(\d{2}):(\d{2})$/.exec(given);
  if (days) return Number(days[1]) * 86_400 + Number(days[2]) * 3600 + Number(days[3]) * 60 + Number(days[4]);
  if (IS_EITHER.test(given) || !/^\d+([.,]\d+)?( ?s(ec(onds)?)?)?$/i.test(given)) return worded(given);
  return Number(given.replace(',', '.').replace(/ ?s.*$/i, ''));
};
