import type { ImportFile } from '../../contract.ts';
import { type Clock, parseTime } from '../time.ts';
import { BadRecord, type Cdr } from '../types.ts';

/** Caller, called and time in the names that 3CX gives recordings: '[Päivi]_0401234567-100_20261120100005(9).wav'. */
const NAME = /_\+?(\d+)-\+?(\d+)_(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\(\d+\)\.\w+$/;
const SLACK_MS = 2000;
const HOUR_MS = 3600_000;
/** Longest call for which recordings are looked for. */
const MOST_HOURS = 24;
const LEAST_FIGURES = 7;

interface Timed {
  file: ImportFile;
  from: string;
  to: string;
  at: number;
}

/** The figures of a number without a prefix (+, 00, 0), which one of two sources may leave out. */
const figures = (text: string): string => text.replace(/\D/g, '').replace(/^0+/, '');

const isSame = (a: string, b: string): boolean => {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short !== '' && (short === long || (short.length >= LEAST_FIGURES && long.endsWith(short)));
};

/** Times that a name may mean: two in the hour that is repeated when summer time ends. */
const timedOf = (file: ImportFile, clock: Clock): Timed[] => {
  const [, from = '', to = '', year, month, day, ...time] = NAME.exec(file.name) ?? [];
  if (year === undefined) return [];
  try {
    const instants = clock.instants(parseTime(`${year}-${month}-${day} ${time.join(':')}`));
    return instants.map(at => ({ file, from: figures(from), to: figures(to), at }));
  } catch (error) {
    if (error instanceof BadRecord) return [];
    throw error;
  }
};

/** Finds recordings of a call by caller, called and time, for files that have no id in their names. */
export const makeTimed = (clock: Clock) => {
  const byHour = new Map<number, Timed[]>();
  const hourOf = (at: number): number => Math.floor(at / HOUR_MS);
  return {
    add: (file: ImportFile): void => {
      for (const timed of timedOf(file, clock))
        byHour.set(hourOf(timed.at), [...(byHour.get(hourOf(timed.at)) ?? []), timed]);
    },
    of: ({ startedAt, endedAt = startedAt, from, to }: Pick<Cdr, 'startedAt' | 'endedAt' | 'from' | 'to'>) => {
      if (byHour.size === 0) return [];
      const [first, last] = [startedAt.getTime() - SLACK_MS, endedAt.getTime() + SLACK_MS];
      const [callers, called] = [from.map(figures), to.map(figures)];
      const found: ImportFile[] = [];
      for (let hour = hourOf(first); hour <= Math.min(hourOf(last), hourOf(first) + MOST_HOURS); hour++)
        for (const { file, at, ...sides } of byHour.get(hour) ?? [])
          if (
            at >= first &&
            at <= last &&
            callers.some(one => isSame(one, sides.from)) &&
            called.some(one => isSame(one, sides.to))
          )
            found.push(file);
      return found;
    },
  };
};
