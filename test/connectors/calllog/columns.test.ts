import { expect } from 'chai';
import type { Position } from '../../../connectors/contract.ts';
import { accountOf, connector, gather, importText, makeFolder, onlyCall, type Taken } from './support.ts';

const CSV = { dialect: 'csv', timezone: 'Europe/Helsinki', defaultCountry: 'FI', ownNumbers: ['+358931570000'] };

/** When calls began, and why lines are none. */
const read = async (text: string, over: object = {}) => {
  const { items, failed } = await importText({ ...CSV, ...over }, text);
  return {
    starts: items.map(({ occurredAt }) => occurredAt.toISOString().slice(0, 19)),
    reasons: failed.map(({ reason }) => reason),
    externalIds: items.map(({ externalId }) => externalId),
  };
};

describe('calllog: when a call of any CSV began', () => {
  for (const [name, header, cells] of [
    ['Date and Time', 'Date,Time,Caller,Destination,Duration', '20.11.2026,10:15:00,0401234567,0931570000,65'],
    ['the time first', 'Time,Caller,Destination,Date', '10:15:00,0401234567,0931570000,2026-11-20'],
    ['in Finnish', 'Pvm;Klo;Soittaja;Vastaanottaja;Kesto', '20.11.2026;10.15.00;0401234567;0931570000;65'],
    ['in German', 'Datum;Uhrzeit;Anrufer;Ziel;Dauer', '20.11.2026;10:15;0401234567;0931570000;65'],
    ['in Swedish', 'Datum;Tid;From;To', '2026-11-20;10.15;0401234567;0931570000'],
    ['a clock of twelve hours', 'Date,Start Time,From,To', '20/11/2026,10:15 AM,0401234567,0931570000'],
    ['clocks with words', 'Pvm;Klo;Soittaja', '20.11.2026;klo 10.15;0401234567'],
    ['halves with points', 'Date,Time,From', '20-Nov-2026,10:15 a.m.,0401234567'],
    ['an offset', 'Date,Time,From,To', '2026-11-20,09:15:00+01:00,0401234567,0931570000'],
    ['both in one, and a date beside it', 'Date,Start,From,To', '20.11.2026,20.11.2026 10:15,0401234567,0931570000'],
  ] as const)
    it(`is read of two columns: ${name}`, async () => {
      const { starts, reasons } = await read(`${header}\n${cells}\n`);
      expect(reasons).to.deep.equal([]);
      expect(starts).to.deep.equal(['2026-11-20T08:15:00']);
    });

  for (const [text, time] of [
    ['20.11.2026 klo 10.15', '08:15'],
    ['20.11.2026 klo10.15', '08:15'],
    ['20. marraskuuta 2026 klo 10.15', '08:15'],
    ['20. marrask. 2026 klo 10.15', '08:15'],
    ['20. marras 2026 10:15', '08:15'],
    ['20 november 2026 kl. 10:15', '08:15'],
    ['20 nov. 2026 kl. 10.15', '08:15'],
    ['20. November 2026 um 10:15', '08:15'],
    ['20.11.2026 10:15 Uhr', '08:15'],
    ['20. November 2026, 10:15 Uhr', '08:15'],
    ['20-Nov-2026 10:15:00', '08:15'],
    ['20 Nov 2026 10:15', '08:15'],
    ['Nov 20, 2026 1:30 PM', '11:30'],
    ['11/20/2026 1:30 p.m.', '11:30'],
    ['20.11.2026 1:30 nachm.', '11:30'],
    ['2026-11-20 1:30 em', '11:30'],
    ['Fri, 20 Nov 2026 10:15:00 +0000', '10:15'],
  ] as const)
    it(`is read with its words: ${text}`, async () => {
      const { starts, reasons } = await read(`Start;From;To\n${text};0401234567;100\n`);
      expect(reasons).to.deep.equal([]);
      expect(starts).to.deep.equal([`2026-11-20T${time}:00`]);
    });

  it('is read with short months: every Finnish one, and those that begin as November does', async () => {
    const finnish = 'tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu'.split(' ');
    const words = [
      ...finnish.flatMap(
        (word, at) =>
          [
            [word, at],
            [`${word}k.`, at],
          ] as const,
      ),
      ['mars', 2],
      ['mar', 2],
    ] as const;
    const lines = words.map(([word]) => `20. ${word} 2026 10.15;0401234567;100`);
    const { starts, reasons } = await read(`Start;From;To\n${lines.join('\n')}\n`);
    expect(reasons).to.deep.equal([]);
    expect(starts.map(start => Number(start.slice(5, 7)) - 1)).to.deep.equal(words.map(([, at]) => at));
  });

  it('the sums at the end of an export are no call', async () => {
    const sums = ['Call Time,Caller ID,Destination,Status,Talking', ',,Total,,0:02:10', ',,,Totals,0:02:10'];
    for (const dialect of ['3cx', 'csv'])
      expect(await importText({ ...CSV, dialect }, `${sums.join('\n')}\n`)).to.deep.include({ items: [], failed: [] });
  });

  it('is read of two columns that the account names', async () => {
    const columns = { startedAt: 'Tag', startedTime: 'Um', from: 'Wer' };
    const text = 'Nr;Tag;Um;Wer\n1;20.11.2026;10:15;0401234567\n';
    expect((await read(text, { columns })).starts).to.deep.equal(['2026-11-20T08:15:00']);
    const { startedTime: _, ...without } = columns;
    const { starts, reasons } = await read(text, { columns: without });
    expect(starts).to.deep.equal([]);
    expect(reasons.join()).to.match(/no time of day.*startedTime/);
  });

  it('two calls of one id and one day are two legs', async () => {
    const text = 'id,date,time,from,to\n1,20.11.2026,10:15,0401234567,100\n1,20.11.2026,11:15,0401234567,100\n';
    const { items } = await importText(CSV, text);
    expect(new Set(items.map(({ sourceKey }) => sourceKey)).size).to.equal(2);
  });

  describe('rows of one call that say the same of who called whom and when', () => {
    const HEADER = 'calldate,src,dst,dstchannel,duration,billsec,disposition,uniqueid';
    const row = (channel: string, duration: number, billsec: number, disposition: string) =>
      `2026-11-24 10:00:00,0401234567,600,SIP/${channel},${duration},${billsec},${disposition},1795507200.5`;
    const RANG = [
      row('100-0002', 65, 60, 'ANSWERED'),
      row('101-0003', 5, 0, 'NO ANSWER'),
      row('102-0004', 5, 0, 'NO ANSWER'),
    ];
    const log = (rows: readonly string[]) => `${[HEADER, ...rows].join('\n')}\n`;
    const keysOf = ({ items }: Taken) => items.map(({ sourceKey }) => sourceKey);

    it('are its legs, in whichever order they come', async () => {
      for (const rows of [RANG, [...RANG].reverse()]) {
        const { details, summary } = onlyCall((await importText(CSV, log(rows))).items);
        expect(details.call).to.deep.include({ answered: true, talkSeconds: 60, durationSeconds: 65 });
        expect(details.call.legs.map(({ state }) => state).sort()).to.deep.equal([
          'ANSWERED',
          'NO ANSWER',
          'NO ANSWER',
        ]);
        expect(summary).to.equal('Answered, 1:00');
      }
    });

    it('have the same keys in every file: the first has that of a row alone, and the same line again is the same leg', async () => {
      const all = keysOf(await importText(CSV, log(RANG)));
      expect(new Set(all).size).to.equal(3);
      for (const one of RANG) expect(keysOf(await importText(CSV, log([one])))).to.deep.equal([all[0]]);
      const [first = '', second = '', third = ''] = RANG;
      const again = await importText(CSV, log([first, second, second, first, third]));
      expect(keysOf(again).sort()).to.deep.equal([all[0], all[0], all[1], all[1], all[2]].sort());
    });

    it('have them also where reading goes on behind the first', async () => {
      const folder = await makeFolder();
      const read = async (name: string, rows: readonly string[], from: Position | null = null) => {
        const file = await folder.put(name, log(rows));
        return gather(connector.importFile?.(accountOf(CSV), file, new AbortController().signal, from));
      };
      const begun = await read('calls.csv', RANG.slice(0, 2));
      const rest = await read('calls.csv', RANG, begun.positions.at(-1));
      await folder.remove();
      expect([...keysOf(begun), ...keysOf(rest)]).to.deep.equal(keysOf(await importText(CSV, log(RANG))));
    });
  });

  it('a date without a clock is no moment: the line is failed, and says why', async () => {
    for (const [header, line] of [
      ['Date,From,To', '2026-11-20,0401234567,100'],
      ['Date,Time,From,To', '20.11.2026,,0401234567,100'],
      ['Date,Time,From,To', ',20.11.2026,0401234567,100'],
    ]) {
      const { starts, reasons } = await read(`${header}\n${line}\n`);
      expect(starts, line).to.deep.equal([]);
      expect(reasons, line).to.have.length(1);
      expect(reasons[0], line).to.match(/no time of day/);
    }
    const { reasons } = await read('Date,Time,From,To\n,10:15,0401234567,100\n');
    expect(reasons).to.have.length(1);
  });

  it('takes a time in proportion to how long a cell is', async function () {
    this.timeout(5000);
    const { reasons } = await read(`Date,Time,From,To\n20.11.2026,10:15${' '.repeat(500_000)}x,0401234567,100\n`);
    expect(reasons).to.have.length(1);
  });

  it('dates with slashes and dashes are read by the country, or as the account says', async () => {
    for (const mark of ['/', '-']) {
      const date = (...parts: string[]): string => parts.join(mark);
      const text = `id,start,from,to\n1,${date('03', '04', '2026')} 10:00,0401234567,100\n2,${date('25', '12', '2026')} 1:30 PM,0401234567,100\n3,${date('03', '29', '2026')} 10:00,0401234567,100\n`;
      const starts = async (over: object) => (await read(text, { timezone: 'UTC', ...over })).starts;
      const [more, last] = ['2026-12-25T13:30:00', '2026-03-29T10:00:00'];
      expect(await starts({ defaultCountry: 'FI' })).to.deep.equal(['2026-04-03T10:00:00', more, last]);
      expect(await starts({ defaultCountry: 'US' })).to.deep.equal(['2026-03-04T10:00:00', more, last]);
      expect(await starts({ dateOrder: 'mdy' })).to.deep.equal(['2026-03-04T10:00:00', more, last]);
    }
  });

  it('or as those of the file must be that can have one order only, where the account says nothing', async () => {
    const text = 'id,start,from,to\n1,11/05/2026 1:30 PM,0401234567,100\n2,11/20/2026 1:30 PM,0401234567,100\n';
    const starts = async (over: object) => (await read(text, { timezone: 'UTC', ...over })).starts;
    expect(await starts({ defaultCountry: 'FI' })).to.deep.equal(['2026-11-05T13:30:00', '2026-11-20T13:30:00']);
    expect(await starts({ dateOrder: 'dmy' })).to.deep.equal(['2026-05-11T13:30:00', '2026-11-20T13:30:00']);
    const day = 'id,start,from,to\n1,05-11-2026 10:00,0401234567,100\n2,20-11-2026 10:00,0401234567,100\n';
    expect((await read(day, { timezone: 'UTC', defaultCountry: 'US' })).starts[0]).to.equal('2026-11-05T10:00:00');
  });

  it('dates with points have the day first everywhere', async () => {
    const text = 'id,start,from,to\n1,03.04.2026 10:00,0401234567,100\n2,03.29.2026 10:00,0401234567,100\n';
    const { starts, reasons } = await read(text, { timezone: 'UTC', dateOrder: 'mdy' });
    expect(starts).to.deep.equal(['2026-04-03T10:00:00']);
    expect(reasons).to.have.length(1);
  });

  it('a file without a line of names has all of its lines failed, the first one too', async () => {
    const line = (n: number) => `20.11.2026 10:1${n},0401234567,0931570000,65`;
    for (const lines of [[line(1), line(2), line(1)], [line(1)]]) {
      const { starts, reasons } = await read(`${lines.join('\n')}\n`);
      expect(starts).to.deep.equal([]);
      expect(reasons).to.have.length(lines.length);
      expect(reasons.join()).to.match(/no line of names/);
    }
    expect((await read('Alku;Kuka;Minne\n')).reasons).to.deep.equal([]);
  });

  it('a call that has no duration took as long as it rang and was talked', async () => {
    const header = 'Call Time,Call ID,From,To,Direction,Status,Ringing,Talking,Cost';
    const line = '"20/11/2026 10:00:00",00001,"Päivi (0401234567)",100,Inbound,Answered,00:00:03,00:00:39,';
    const { items } = await importText({ ...CSV, dialect: '3cx' }, `${header}\n${line}\n`);
    expect(onlyCall(items).details.call).to.deep.include({ durationSeconds: 42, talkSeconds: 39, answered: true });
  });

  it('durations of two figures are minutes and seconds, or hours and minutes where the account says so', async () => {
    const text = `Typ;Datum;Rufnummer;Dauer\n1;20.11.26 10:45;0401234567;1:05\n`;
    const columns = { startedAt: 'Datum', from: 'Rufnummer', direction: 'Typ', durationSeconds: 'Dauer' };
    const seconds = async (over: object) => {
      const { items } = await importText({ ...CSV, columns, directionWords: { inbound: ['1'] }, ...over }, text);
      return onlyCall(items).details.call.durationSeconds;
    };
    expect(await seconds({})).to.equal(65);
    expect(await seconds({ durations: 'm:ss' })).to.equal(65);
    expect(await seconds({ durations: 'h:mm' })).to.equal(3900);
  });
});
