import type { Column } from '../config.ts';

const CLOCKS = [
  'time',
  'start time',
  'starttime',
  'call time',
  'calltime',
  'start',
  'alkuaika',
  'alkoi',
  'aika',
  'kellonaika',
  'kello',
  'klo',
  'beginn',
  'uhrzeit',
  'starttid',
  'tid',
];
const DATES = ['date', 'call date', 'calldate', 'start date', 'päivämäärä', 'päivä', 'pvm', 'datum'];

/** Headers that columns usually have, in lower case without marks; what the account says goes first. */
export const USUAL: Readonly<Record<Column, readonly string[]>> = {
  id: ['id', 'callid', 'uniqueid', 'call_id', 'unique id', 'call id', 'uuid'],
  leg: ['leg', 'legid', 'sequence', 'seq'],
  startedAt: ['startedat', 'start stamp', 'datetime', 'date time', 'timestamp', ...CLOCKS, ...DATES],
  startedTime: [...CLOCKS, ...DATES],
  from: [
    'from',
    'caller',
    'callerid',
    'caller id',
    'source',
    'src',
    'caller number',
    'caller id number',
    'calling number',
    'callingnumber',
    'soittaja',
    'mistä',
    'anrufer',
    'von',
    'uppringare',
    'från',
  ],
  to: [
    'to',
    'callee',
    'destination',
    'dst',
    'called number',
    'callednumber',
    'dialed number',
    'dialled number',
    'vastaanottaja',
    'mihin',
    'callee number',
    'destination number',
    'ziel',
    'an',
    'nach',
    'mottagare',
    'till',
  ],
  direction: ['direction', 'call direction', 'suunta', 'richtung', 'riktning'],
  durationSeconds: [
    'durationseconds',
    'duration seconds',
    'duration (seconds)',
    'duration',
    'totals',
    'total duration',
    'kesto',
    'dauer',
    'längd',
    'varaktighet',
  ],
  talkSeconds: ['talkseconds', 'billsec', 'talking', 'talk time', 'talktime', 'talk', 'puheaika', 'samtalstid'],
  ringSeconds: ['ringseconds', 'ringing', 'ring time', 'ringtime', 'ring duration'],
  answered: ['answered', 'status', 'disposition', 'result', 'vastattu', 'tila', 'besvarat'],
  recording: ['recording', 'recordingfile', 'recording file', 'record', 'nauhoite', 'äänite', 'aufnahme', 'inspelning'],
};

/** Headers that say it of the whole call, where others may say it of a leg. */
export const RATHER: Readonly<Partial<Record<Column, readonly string[]>>> = { id: ['linkedid'] };

/** Headers that may be something else as well: for columns that no other header is for. */
export const PERHAPS: Readonly<Partial<Record<Column, readonly string[]>>> = {
  direction: ['type', 'call type', 'typ', 'tyyppi'],
  from: ['number', 'phone number', 'numero', 'puhelinnumero', 'nummer', 'rufnummer', 'telefonnummer'],
};
