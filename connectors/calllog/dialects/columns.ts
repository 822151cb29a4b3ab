import { hash } from 'node:crypto';
import { present } from '../../common/present.ts';
import { COLUMNS, type Column, type ReadingConfig } from '../config.ts';
import { BadRecord, type Cdr } from '../types.ts';
import { isMoment, startText } from './start-text.ts';
import { type CsvDialect, type ReadCells, type Reading, secondsOf, timesOf } from './types.ts';
import { PERHAPS, RATHER, USUAL } from './usual.ts';
import { answeredOf, directionOf } from './words.ts';

/** A unit behind a column's name: 'Duration (sec)', 'Talk Time (hh:mm:ss)'. It is left out, since the cells show their form themselves. */
const FORM = / *\((in )?(s|secs?|seconds|h{1,2}:mm:ss)\)$/;

const plain = (name: string): string => name.trim().toLowerCase().replace(/[_-]+/g, ' ').replace(FORM, '');

/** Finds, by these names, the columns that `places` hasn't yet, and adds their indexes. */
const addUsual = (
  places: Map<Column, number>,
  names: readonly string[],
  usual: Readonly<Partial<Record<Column, readonly string[]>>>,
): void => {
  const taken = new Set(places.values());
  for (const column of COLUMNS) {
    const known = new Set(usual[column]?.map(plain));
    const at = places.has(column) ? -1 : names.findIndex((name, index) => known.has(name) && !taken.has(index));
    if (at < 0) continue;
    places.set(column, at);
    taken.add(at);
  }
};

/**
 * Index of each column, by the names that the account gives; if it gives none, by usual ones. Throws BadRecord when a column that the account names isn't
 * there.
 */
const placesOf = (
  header: readonly string[],
  said: Partial<Record<Column, string | undefined>>,
): Map<Column, number> => {
  const names = header.map(plain);
  const places = new Map<Column, number>();
  for (const column of COLUMNS) {
    const own = said[column];
    if (own !== undefined && own !== '') {
      const exact = header.findIndex(name => name.trim() === own.trim());
      const at = exact >= 0 ? exact : names.indexOf(plain(own));
      if (at < 0) throw new BadRecord(`The file has no column "${own}".`);
      places.set(column, at);
    }
  }
  if (places.size > 0) return places;
  addUsual(places, names, RATHER);
  addUsual(places, names, USUAL);
  const { direction = [], from = [] } = PERHAPS;
  addUsual(places, names, places.has('to') ? { direction } : { direction, from });
  return places;
};

/** As `placesOf`, for a header that has at least a start and a number. Throws BadRecord otherwise. */
const placesIn = (header: readonly string[], { columns = {} }: ReadingConfig): Map<Column, number> => {
  const places = placesOf(header, columns);
  if (!places.has('startedAt'))
    throw new BadRecord('No column is known to say when a call began: name it in the settings.');
  if (!places.has('from') && !places.has('to'))
    throw new BadRecord('No column is known to say who called, or was called: name it in the settings.');
  return places;
};

const isHeader = (cells: readonly string[], config: ReadingConfig): boolean => {
  try {
    return placesIn(cells, config).size > 0;
  } catch (error) {
    if (error instanceof BadRecord) return false;
    throw error;
  }
};

interface Side {
  number: string;
  name?: string;
}

/** Number and name in one cell: '0401234567', or 'Päivi Mäkelä (0401234567)'. */
const sideOf = (text: string): Side => {
  const given = text.trim();
  const at = Math.max(given.lastIndexOf('('), given.lastIndexOf('<'));
  const number = given.slice(at + 1, -1).trim();
  if (at < 0 || !/[)>]$/.test(given) || !/^[+\d][\d\s-]*$/.test(number)) return { number: text };
  const name = given
    .slice(0, at)
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2')
    .trim();
  return { number, ...(name ? { name } : {}) };
};

/** '3.58401E+11': a spreadsheet took a long number for a quantity and saved it rounded. */
const ROUNDED = /^\d([.,]\d+)?E\+\d+$/i;

/** Seconds, with '1:05' as minutes and seconds, or as hours and minutes where the account says so. */
const secondsBy = (text: string, { durations }: ReadingConfig): number | undefined =>
  secondsOf(durations === 'h:mm' && /^\d{1,3}:\d{2}$/.test(text) ? `${text}:00` : text);

const duration = (text: string, what: string, config: ReadingConfig): number | undefined => {
  const seconds = secondsBy(text, config);
  if (seconds === undefined && text !== '') throw new BadRecord(`Its ${what} is no number of seconds, nor h:mm:ss.`);
  return seconds;
};

const WORDLESS =
  'Its direction is no word that is known, and nothing else tells which way it went: say in the settings what it means (directionWords).';

type Field = (column: Column) => string;

/** Caller and called. A log with a single column of numbers has the other party in it: by the direction, that is the caller or the called. */
const sidesOf = (field: Field, has: (column: Column) => boolean, direction: Cdr['direction']): [string, string] => {
  const [from, to] = [field('from'), field('to')];
  if (has('from') && !has('to') && direction === 'outbound') return [to, from];
  return has('to') && !has('from') && direction === 'inbound' ? [to, from] : [from, to];
};

const cdrOf = (field: Field, has: (column: Column) => boolean, reading: Reading): Cdr => {
  const { config } = reading;
  const talk = duration(field('talkSeconds'), 'talk time', config);
  const ring = secondsBy(field('ringSeconds'), config);
  const whole = duration(field('durationSeconds'), 'duration', config);
  const seconds = whole ?? (ring === undefined ? undefined : ring + (talk ?? 0));
  const said = field('direction');
  const direction = directionOf(said, config);
  if (said !== '' && direction === undefined && has('from') !== has('to')) throw new BadRecord(WORDLESS);
  const [from, to] = sidesOf(field, has, direction).map(sideOf) as [Side, Side];
  if (ROUNDED.test(from.number) || ROUNDED.test(to.number))
    throw new BadRecord('A number in it was rounded by a spreadsheet, and its last figures are lost.');
  const id = field('id') || undefined;
  const start = startText(field('startedAt'), field('startedTime'));
  const apart = [start, field('from'), field('to')].join('\0');
  const recording = field('recording');
  return {
    ...timesOf({ start, seconds }, reading),
    ...present({
      id,
      leg: id === undefined ? undefined : field('leg') || hash('sha256', apart, 'hex').slice(0, 16),
      isLegDerived: id !== undefined && field('leg') === '' ? (true as const) : undefined,
      fromName: from.name,
      toName: to.name,
      direction,
      durationSeconds: seconds,
      talkSeconds: talk,
      answered: answeredOf(field('answered'), talk, said),
      state: field('answered') || undefined,
      recordings: recording === '' ? undefined : [recording],
    }),
    from: [from.number],
    to: [to.number],
  };
};

/** The line `sep=;` that spreadsheets read before a header. */
const isSeparatorLine = (cells: readonly string[]): boolean => /^sep=/i.test(cells[0] ?? '') && cells.length <= 2;

const TOTAL = /^((grand )?totals?|yhteensä|summe|gesamt|summa):?$/i;

/** The line of sums at the end of an export: it has the word "total", and no time (or that word in its place). */
const isTotal = (cells: readonly string[], places: ReadonlyMap<Column, number> | null): boolean =>
  (['startedAt', 'startedTime'] as const)
    .map(column => cells[places?.get(column) ?? -1]?.trim() ?? '')
    .every(time => time === '' || TOTAL.test(time)) && cells.some(cell => TOTAL.test(cell.trim()));

const NAMELESS = 'The file has no line of names: put one before its first call, and import it again.';

/** Reads records of a file by the column names in its header. */
export const readColumns = (): ReadCells => {
  let places: Map<Column, number> | null = null;
  let width = 0;
  let header: string | null = null;
  let fault: BadRecord | null = null;
  const begin = (cells: readonly string[], reading: Reading): null => {
    if (isSeparatorLine(cells)) return null;
    header = cells.join('\0');
    width = cells.length;
    try {
      places = placesIn(cells, reading.config);
    } catch (error) {
      if (!(error instanceof BadRecord)) throw error;
      fault = error;
      if (!cells.some(isMoment)) return null;
      fault = new BadRecord(NAMELESS);
      header = null;
      throw fault;
    }
    return null;
  };
  return (cells, reading) => {
    if (width === 0) return begin(cells, reading);
    if (cells.join('\0') === header || isSeparatorLine(cells)) return null;
    if (fault) throw fault;
    if (cells.length > width + 1 || cells.length < Math.max(2, ...[...(places?.values() ?? [])].map(at => at + 1)))
      throw new BadRecord(`It has ${cells.length} columns, the header ${width}.`);
    if (isTotal(cells, places)) return null;
    const field: Field = column => cells[places?.get(column) ?? -1]?.trim() ?? '';
    return cdrOf(field, column => places?.has(column) === true, reading);
  };
};

/** Any CSV file with a header. */
export const columns: CsvDialect = {
  isMultiline: true,
  delimiter: null,
  isInOrder: false,
  isHeader,
  open: readColumns,
};
