import { expect } from 'chai';
import { csvLine, eighteen, sixteen, twentyOne } from './lines.ts';
import { ASTERISK, callsOf, importText, onlyCall } from './support.ts';

describe('calllog: Asterisk', () => {
  it('reads 16 columns: no id, so each line is a call of its own, also one that comes twice', async () => {
    const line = csvLine(sixteen({}));
    const { items, failed } = await importText(ASTERISK, `${line}\n${line}\n`);
    expect(failed).to.deep.equal([]);
    expect(new Set(items.map(({ sourceKey }) => sourceKey)).size).to.equal(2);
    expect(callsOf(items)).to.have.length(2);
    const again = await importText(ASTERISK, `${line}\n${line}\n${csvLine(sixteen({ from: '0409999999' }))}\n`);
    expect(again.items.map(({ sourceKey }) => sourceKey).slice(0, 2)).to.deep.equal(
      items.map(({ sourceKey }) => sourceKey),
    );
  });

  it('reads 18 columns: from whom, to whom, when, how long, and what came of it', async () => {
    const { items } = await importText(ASTERISK, `${eighteen({}, '1795161600.4')}\n`);
    const { first, details, summary } = onlyCall(items);
    expect(first).to.deep.include({
      channel: 'call',
      direction: 'inbound',
      externalId: '1795161600.4',
      belongsToExternalId: '1795161600.4',
      occurredAt: new Date('2026-11-20T08:00:00Z'),
      parties: [0],
    });
    expect(first.participants).to.deep.equal([
      { role: 'from', identifier: { type: 'phone', value: '+358401234567' }, name: 'Päivi Mäkelä' },
      { role: 'to', identifier: { type: 'phone', value: '+358931570000' } },
    ]);
    expect(details.call).to.deep.include({ durationSeconds: 60, talkSeconds: 55, answered: true });
    expect(summary).to.equal('Answered, 0:55');
    expect(first.raw?.bytes?.toString()).to.equal(eighteen({}, '1795161600.4'));
  });

  it('joins legs by linkedid: from the first start to the last end, talk added up', async () => {
    const consult = { from: '100', clid: '"Agent" <100>', to: '200', channel: 'PJSIP/100-3' };
    const { items } = await importText(
      ASTERISK,
      [
        twentyOne(
          {
            ...consult,
            start: '2026-11-20 10:00:40',
            answer: '2026-11-20 10:00:45',
            end: '2026-11-20 10:01:00',
            duration: 20,
            billsec: 15,
          },
          '1795161640.3',
          '1795161600.1',
          2,
        ),
        twentyOne({}, '1795161600.1', '1795161600.1', 1),
        twentyOne(
          {
            to: '200',
            start: '2026-11-20 10:01:00',
            answer: '2026-11-20 10:01:00',
            end: '2026-11-20 10:03:00',
            duration: 120,
            billsec: 120,
          },
          '1795161600.1',
          '1795161600.1',
          3,
        ),
      ].join('\n'),
    );
    const { first, details, summary } = onlyCall(items);
    expect(details.call).to.deep.include({ durationSeconds: 180, talkSeconds: 190, answered: true });
    expect(details.call.legs.map(({ externalId, leg, direction }) => [externalId, leg, direction])).to.deep.equal([
      ['1795161600.1', '1', 'inbound'],
      ['1795161640.3', '2', 'internal'],
      ['1795161600.1', '3', 'inbound'],
    ]);
    expect(first.direction, 'the leg with somebody outside makes the call').to.equal('inbound');
    expect(first.belongsToExternalId).to.equal('1795161600.1');
    expect(summary).to.equal('Answered, 2:55');
  });

  it('several lines under one uniqueid are legs; a changed line of one is the same leg', async () => {
    const missed = { disposition: 'NO ANSWER', answer: '', billsec: 0 };
    const lines = [
      eighteen({ ...missed, dstchannel: 'PJSIP/100-2' }, '1795161600.1'),
      eighteen({ dstchannel: 'PJSIP/101-3' }, '1795161600.1'),
    ];
    const { items } = await importText(ASTERISK, lines.join('\n'));
    expect(onlyCall(items).details.call.legs).to.have.length(2);
    const changed = await importText(ASTERISK, eighteen({ dstchannel: 'PJSIP/101-3', billsec: 50 }, '1795161600.1'));
    expect(changed.items[0]?.sourceKey).to.equal(items[1]?.sourceKey);
    expect(changed.items[0]?.raw?.sha256).to.not.equal(items[1]?.raw?.sha256);
  });

  it('tells outbound, internal, missed and anonymous calls apart', async () => {
    const { items } = await importText(
      ASTERISK,
      [
        eighteen({ from: '100', clid: '"Agent" <100>', to: '0401234567' }, '1795161600.1'),
        eighteen({ from: '100', clid: '100', to: '200' }, '1795161600.2'),
        eighteen({ disposition: 'NO ANSWER', answer: '', billsec: 0 }, '1795161600.3'),
        eighteen({ from: 'anonymous', clid: '"Anonymous" <anonymous>', to: '0931570000' }, '1795161600.4'),
        eighteen({ from: '', clid: '', to: '100' }, '1795161600.5'),
        eighteen({ from: '+358931570000', clid: '', to: '0401234567' }, '1795161600.6'),
      ].join('\n'),
    );
    const seen = callsOf(items).map(({ first, summary }) => [first.direction, first.parties ?? null, summary]);
    expect(seen).to.deep.equal([
      ['outbound', [1], 'Answered, 0:55'],
      ['internal', null, 'Answered, 0:55'],
      ['inbound', [0], 'Missed'],
      ['inbound', null, 'Answered, 0:55'],
      ['inbound', null, 'Answered, 0:55'],
      ['outbound', [1], 'Answered, 0:55'],
    ]);
    expect(items[3]?.unlinkedReason).to.match(/withheld/);
  });

  it('a line that can not be read is failed by its hash and occurrence, and the rest goes on', async () => {
    const bad = '"","0401234567","unclosed';
    const lines = [
      eighteen({}, '1795161600.1'),
      bad,
      eighteen({}, '1795161600.2'),
      bad,
      'x,y',
      eighteen({ start: 'never' }, '1795161600.9'),
    ];
    const { items, failed } = await importText(ASTERISK, `${lines.join('\r\n')}\r\n`);
    expect(items).to.have.length(2);
    expect(failed).to.have.length(4);
    expect(new Set(failed.map(({ locator }) => locator)).size).to.equal(4);
    expect(failed[0]?.raw?.bytes?.toString()).to.equal(bad);
    expect(failed[0]?.reason).to.match(/^Record 2: .*quotes/);
    expect(failed[2]?.reason).to.match(/2 columns/);
  });

  it('the hour that comes twice and the one that is left out', async () => {
    const at = (start: string, end: string, duration: number, id?: string) =>
      id === undefined
        ? csvLine(sixteen({ start, end, answer: start, duration, billsec: duration }))
        : eighteen({ start, end, answer: start, duration, billsec: duration }, id);
    const autumn = Date.UTC(2026, 9, 25, 0, 30) / 1000;
    const { items } = await importText(
      ASTERISK,
      [
        at('2026-10-25 03:30:00', '2026-10-25 03:40:00', 600, `${autumn}.1`),
        at('2026-10-25 03:30:00', '2026-10-25 03:40:00', 600, `${autumn + 3600}.2`),
        at('2026-10-25 03:50:00', '2026-10-25 03:10:00', 1200, '17.1'),
        at('2026-10-25 02:50:00', '2026-10-25 04:10:00', 8400, '17.2'),
        at('2026-03-29 02:50:00', '2026-03-29 04:10:00', 1200, '17.3'),
        at('2026-03-29 03:30:00', '2026-03-29 03:40:00', 600, '17.4'),
      ].join('\n'),
    );
    expect(items.map(({ occurredAt }) => occurredAt.toISOString())).to.deep.equal([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
      '2026-10-25T00:50:00.000Z',
      '2026-10-24T23:50:00.000Z',
      '2026-03-29T00:50:00.000Z',
      '2026-03-29T01:30:00.000Z',
    ]);
    const durations = callsOf(items).map(({ details }) => details.call.durationSeconds);
    expect(durations).to.deep.equal([600, 600, 1200, 8400, 1200, 600]);
  });

  it('without an id, what came before in the file says which of the two hours it is', async () => {
    const at = (start: string, end: string) =>
      csvLine(sixteen({ start, end, answer: start, duration: 300, billsec: 300 }));
    const { items } = await importText(
      ASTERISK,
      [at('2026-10-25 03:50:00', '2026-10-25 03:55:00'), at('2026-10-25 03:10:00', '2026-10-25 03:15:00')].join('\n'),
    );
    expect(items.map(({ occurredAt }) => occurredAt.toISOString())).to.deep.equal([
      '2026-10-25T00:50:00.000Z',
      '2026-10-25T01:10:00.000Z',
    ]);
  });

  it('goes on behind any batch with the same keys, whatever is counted', async function () {
    this.timeout(30_000);
    const lines = Array.from({ length: 1700 }, (_, n) =>
      n % 7 === 0 ? 'bad,line' : csvLine(sixteen({ from: `04012345${n % 10}${n % 3}` })),
    );
    const content = `${lines.join('\n')}\n`;
    const whole = await importText(ASTERISK, content);
    const keys = (taken: typeof whole) => [
      ...taken.items.map(({ sourceKey }) => sourceKey),
      ...taken.failed.map(({ locator }) => locator),
    ];
    expect(new Set(keys(whole)).size).to.equal(1700);
    for (let most = 1; most < whole.positions.length; most++) {
      const before = await importText(ASTERISK, content, { most });
      const after = await importText(ASTERISK, content, { from: structuredClone(before.positions.at(-1) ?? null) });
      expect(new Set([...keys(before), ...keys(after)])).to.deep.equal(new Set(keys(whole)));
      expect(keys(before).length + keys(after).length, 'nothing comes twice').to.equal(1700);
    }
  });

  it('a last line that was still being written is no call, and is one when the file comes again', async () => {
    const line = (n: number) => twentyOne({}, `1795161600.${n}`, `1795161600.${n}`, n);
    const cut = `${line(1)}\n${line(2).slice(0, line(2).indexOf('"1795161600.2"') + 17)}`;
    const first = await importText(ASTERISK, cut);
    expect(first.items).to.have.length(1);
    expect(first.failed.map(({ reason }) => reason).join()).to.match(/not whole/);
    expect((await importText(ASTERISK, `${line(1)}\n${line(2)}`)).items).to.have.length(2);
  });

  it('a line end within a cell is no end of the line', async () => {
    const note = 'asked for:\n"1", 2, 3\nand 4';
    const lines = [
      twentyOne({ lastdata: 'two\nlines' }, '1795161600.1', '1795161600.1', 1, note),
      twentyOne({}, '1795161600.2', '1795161600.2', 2),
    ];
    const { items, failed } = await importText(ASTERISK, `${lines.join('\n')}\n`);
    expect(failed).to.deep.equal([]);
    expect(items.map(({ externalId }) => externalId)).to.deep.equal(['1795161600.1', '1795161600.2']);
    expect(items[0]?.raw?.bytes?.toString()).to.equal(lines[0]);
  });

  it('who waits in a queue until they hang up was answered by nobody', async () => {
    const queue = { lastapp: 'Queue', lastdata: 'support,t', duration: 300, billsec: 300, end: '2026-11-20 10:05:00' };
    const call = async (over: object) =>
      onlyCall((await importText(ASTERISK, eighteen({ ...queue, ...over }, '1795161600.1'))).items);
    const { details, summary } = await call({ dstchannel: '' });
    expect(summary).to.equal('Missed');
    expect(details.call).to.deep.include({ answered: false, talkSeconds: 0, durationSeconds: 300 });
    expect((await call({})).summary).to.equal('Answered, 5:00');
  });

  it('reads cdr_custom’s sample, which has the caller first', async () => {
    const [account = '', src = '', dst = '', context = '', clid = '', ...rest] = sixteen({});
    const custom = [clid, src, dst, context, ...rest, account, '1795161600.1', 'call.wav'];
    const lines = [
      csvLine([...custom, 7]),
      csvLine([...custom.slice(0, 11), '0', '0', 'NO ANSWER', ...custom.slice(14)]),
      csvLine([...custom.slice(0, 11), '60.123456', '55.5', ...custom.slice(13), 8]),
    ];
    const { items, failed } = await importText(ASTERISK, `${lines.join('\n')}\n`);
    expect(failed).to.deep.equal([]);
    const { first, details } = onlyCall(items);
    expect(first).to.deep.include({ direction: 'inbound', externalId: '1795161600.1', parties: [0] });
    expect(first.participants[0]).to.deep.include({ name: 'Päivi Mäkelä' });
    expect(details.call.legs.map(({ leg, talkSeconds, answered }) => [leg?.length, talkSeconds, answered])).to.eql([
      [1, 55, true],
      [16, 0, false],
      [1, 55.5, true],
    ]);
  });

  it('a number is no name', async () => {
    const { items } = await importText(ASTERISK, eighteen({ clid: '"+358 40 1234567" <0401234567>' }, '1795161600.1'));
    expect(items[0]?.participants[0]).to.not.have.property('name');
  });

  it('another file under the name is read from its beginning', async () => {
    const { positions } = await importText(ASTERISK, `${eighteen({}, '1795161600.1')}\n`);
    const other = await importText(
      ASTERISK,
      `${eighteen({ from: '0407654321' }, '1795161600.2')}\n${eighteen({}, '1795161600.3')}\n`,
      {
        from: positions[0] ?? null,
      },
    );
    expect(other.items).to.have.length(2);
  });

  it('reads windows-1252, a byte order mark and UTF-16', async () => {
    const text = `${eighteen({}, '1795161600.1')}\n`;
    const nameIn = async (bytes: Uint8Array, config: object = {}) =>
      (await importText({ ...ASTERISK, ...config }, bytes)).items[0]?.participants[0]?.name;
    expect(await nameIn(Buffer.from(text, 'latin1'))).to.equal('Päivi Mäkelä');
    expect(await nameIn(Buffer.from(`\uFEFF${text}`))).to.equal('Päivi Mäkelä');
    expect(await nameIn(Buffer.from(`\uFEFF${text}`, 'utf16le'))).to.equal('Päivi Mäkelä');
    expect(await nameIn(Buffer.from(`\uFEFF${text}`, 'utf16le').swap16())).to.equal('Päivi Mäkelä');
    expect(await nameIn(Buffer.from(text, 'latin1'), { encoding: 'iso-8859-1' })).to.equal('Päivi Mäkelä');
  });
});
