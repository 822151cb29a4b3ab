import type { ReadingConfig } from '../config.ts';
import { type Clock, type DateOrder, nearest, parseTime, startOf } from '../time.ts';
import type { Cdr } from '../types.ts';

/** What reading a record depends on. */
export interface Reading {
  clock: Clock;
  order: DateOrder;
  config: ReadingConfig;
  /** when the call of the previous record ended (Unix milliseconds), where a file is written as calls end */
  after?: number;
}

/** Reads the records of one file, in their order; null for a header, which it remembers for those that follow. Throws BadRecord. */
export type ReadCells = (cells: readonly string[], reading: Reading) => Cdr | null;

/** How the lines of one kind of log are read. */
export interface CsvDialect {
  /** a quoted cell may hold line ends */
  isMultiline: boolean;
  /** null: guessed from the file */
  delimiter: string | null;
  /** its records are in the order in which the calls ended */
  isInOrder: boolean;
  /** whether these cells are a header by which records can be read; lines above it are a title */
  isHeader?(cells: readonly string[], config: ReadingConfig): boolean;
  /** a reader for a file, from its first line on */
  open(): ReadCells;
}

/** Times of a call as its record has them. `seconds`: its duration. `about`: when its id was made, Unix milliseconds. */
export interface Times {
  start: string;
  answer?: string | undefined;
  end?: string | undefined;
  seconds?: number | undefined;
  about?: number | undefined;
}

const has = (text: string | undefined): text is string =>
  text !== undefined && text.trim() !== '' && !/^(0|-|0000-00-00.*)$/.test(text.trim());

/** Start, answer and end of a call. A local time in the hour that is repeated when summer time ends is told apart by the other times. Throws BadRecord. */
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

/** '1,234': the comma may separate thousands or decimals. */
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

/** A duration in seconds, from a number, m:ss, h:mm:ss, h.mm.ss, d.hh:mm:ss or figures with units; undefined when it is none of these or ambiguous. */
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
