import { present } from '../../common/present.ts';
import { BadRecord, type Cdr } from '../types.ts';
import type { CsvDialect, ReadCells } from './types.ts';

const TYPES = /^(INTEGER|BIGINT|SMALLINT|VARCHAR|NVARCHAR|UNIQUEIDENTIFIER|CHAR)(\s*\(\d+\))?$/i;
const NEEDED = ['globalcallid_callid', 'datetimeorigination', 'datetimedisconnect'];

type Field = (name: string) => string;

const secondsAt = (field: Field, name: string): number => {
  const text = field(name);
  if (text !== '' && !/^\d+$/.test(text)) throw new BadRecord(`Its ${name} is no number.`);
  return Number(text || 0);
};

const callIdOf = (field: Field): string =>
  [field('globalcallid_clusterid'), field('globalcallid_callmanagerid'), field('globalcallid_callid')]
    .filter(part => part !== '')
    .join('-');

const causeOf = (field: Field): string | undefined => {
  const cause = [field('destcause_value'), field('origcause_value')].find(value => value !== '' && value !== '0');
  return cause === undefined ? undefined : `cause ${cause}`;
};

const cdrOf = (field: Field): Cdr => {
  const origin = secondsAt(field, 'datetimeorigination');
  const connect = secondsAt(field, 'datetimeconnect');
  const disconnect = secondsAt(field, 'datetimedisconnect');
  if (origin === 0) throw new BadRecord('Its dateTimeOrigination is empty.');
  if (field('globalcallid_callid') === '') throw new BadRecord('Its globalCallID_callId is empty.');
  const call = callIdOf(field);
  const legs = [field('origlegcallidentifier'), field('destlegidentifier') || field('destlegcallidentifier')];
  const pkid = field('pkid');
  return {
    id: pkid || call,
    ...present({
      leg: pkid ? undefined : legs.join('-'),
      answeredAt: connect > 0 ? new Date(connect * 1000) : undefined,
      endedAt: disconnect > 0 ? new Date(disconnect * 1000) : undefined,
      durationSeconds: disconnect > 0 ? Math.max(0, disconnect - origin) : undefined,
      state: causeOf(field),
      takenBy: connect > 0 ? { number: field('finalcalledpartynumber') } : undefined,
    }),
    call,
    startedAt: new Date(origin * 1000),
    from: [field('callingpartynumber')],
    // a number dialled with an access code is in the last of these, without that code, as it went out
    to: ['originalcalledpartynumber', 'finalcalledpartynumber', 'outpulsedcalledpartynumber'].map(field),
    talkSeconds: connect > 0 ? secondsAt(field, 'duration') : 0,
    answered: connect > 0,
  };
};

const open = (): ReadCells => {
  let at: Map<string, number> | null = null;
  return cells => {
    const lower = cells.map(cell => cell.toLowerCase());
    if (lower[0] === 'cdrrecordtype') {
      at = new Map(lower.map((name, index) => [name, index]));
      return null;
    }
    if (cells.every(cell => TYPES.test(cell))) return null;
    const header = at;
    if (!header) throw new BadRecord('No line of column names (cdrRecordType, …) comes before it.');
    if (!NEEDED.every(name => header.has(name)))
      throw new BadRecord(
        'The file’s columns are those of no CDR. (CMR files have nothing of a call but its quality.)',
      );
    if (cells.length !== header.size) throw new BadRecord(`It has ${cells.length} columns, the header ${header.size}.`);
    return cdrOf(name => cells[header.get(name) ?? -1]?.trim() ?? '');
  };
};

/** CDR files of Cisco Unified CM: a line of column names, then one of column types; times are Unix seconds. */
export const cucm: CsvDialect = { isMultiline: false, delimiter: ',', isInOrder: false, open };
