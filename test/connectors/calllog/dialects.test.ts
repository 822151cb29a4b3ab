import { expect } from 'chai';
import { callsOf, importText, onlyCall } from './support.ts';

const FI = { defaultCountry: 'FI', timezone: 'Europe/Helsinki', ownNumbers: ['+358931570000'] };

const CUCM_NAMES =
  'cdrRecordType,globalCallID_callManagerId,globalCallID_callId,origLegCallIdentifier,dateTimeOrigination,callingPartyNumber,originalCalledPartyNumber,finalCalledPartyNumber,destLegIdentifier,origCause_value,destCause_value,dateTimeConnect,dateTimeDisconnect,pkid,duration,globalCallId_ClusterID';
const CUCM_TYPES =
  'INTEGER,INTEGER,INTEGER,INTEGER,INTEGER,VARCHAR(50),VARCHAR(50),VARCHAR(50),INTEGER,INTEGER,INTEGER,INTEGER,INTEGER,UNIQUEIDENTIFIER,INTEGER,VARCHAR(50)';
const quoted = (line: string): string => line.replaceAll(/[^,]+/g, '"$&"');
const cucm = (
  callId: number,
  leg: number,
  [from, to, final]: [string, string, string],
  [origin, connect, end]: [number, number, number],
): string =>
  `1,1,${callId},${leg},${origin},"${from}","${to}","${final}",${leg + 1},0,16,${connect},${end},"pkid-${callId}-${leg}",${connect ? end - connect : 0},"StandAloneCluster"`;

describe('calllog: Cisco CUCM', () => {
  const config = { ...FI, dialect: 'cucm' };
  const log = [
    quoted(CUCM_NAMES),
    quoted(CUCM_TYPES),
    cucm(1001, 11, ['0401234567', '0931570000', '2001'], [1795161600, 1795161605, 1795161660]),
    cucm(1001, 13, ['2001', '2002', '2002'], [1795161640, 1795161645, 1795161660]),
    cucm(1002, 21, ['2001', '0407654321', '0407654321'], [1795165200, 0, 1795165230]),
    '1,1,broken',
  ].join('\r\n');

  it('reads both header lines, Unix seconds, and joins legs by the global call id', async () => {
    const { items, failed } = await importText(config, log, { name: 'cdr_StandAloneCluster_01_202611201000_1' });
    expect(failed).to.have.length(1);
    const [first, second, ...more] = callsOf(items);
    expect(more).to.deep.equal([]);
    expect(first?.first).to.deep.include({ direction: 'inbound', belongsToExternalId: 'StandAloneCluster-1-1001' });
    expect(first?.first.occurredAt.toISOString()).to.equal('2026-11-20T08:00:00.000Z');
    expect(first?.details.call).to.deep.include({ durationSeconds: 60, talkSeconds: 70, answered: true });
    expect(first?.details.call.legs.map(({ externalId }) => externalId)).to.deep.equal([
      'pkid-1001-11',
      'pkid-1001-13',
    ]);
    expect(first?.first.participants.at(-1)).to.deep.equal({
      role: 'agent',
      identifier: { type: 'extension', value: '2001' },
    });
    expect(second?.first.direction).to.equal('outbound');
    expect(second?.details.call).to.deep.include({ durationSeconds: 30, talkSeconds: 0, answered: false });
  });

  it('has the header again when it goes on, and knows what is no CDR', async () => {
    const { positions } = await importText(config, `${log}\r\n`);
    const grown = `${log}\r\n${cucm(1003, 31, ['0401234567', '2001', '2001'], [1795168800, 1795168805, 1795168860])}\r\n`;
    const { items } = await importText(config, grown, { from: positions.at(-1) ?? null });
    expect(onlyCall(items).first.belongsToExternalId).to.equal('StandAloneCluster-1-1003');
    const cmr = '"cdrRecordType","globalCallID_callManagerId","globalCallID_callId","nodeId"\n2,1,1001,1\n';
    expect((await importText(config, cmr)).failed[0]?.reason).to.match(/CMR/);
  });
});

describe('calllog: 3CX', () => {
  const config = { ...FI, dialect: '3cx' };
  const call = (history: string, [from, to, dial]: [string, string, string], answered: string): string =>
    `${history},Call 7,00:00:50,2026/11/20 10:00:00,${answered},2026/11/20 10:01:00,TerminatedBySrc,${from},${to},,,${dial},,${to},,,,,,Chain: ${from};${to};,,,,,,,`;

  it('reads its CDR output in its own order', async () => {
    const { items, failed } = await importText(
      config,
      [
        call('00000158A1_1', ['+358401234567', 'Ext.100', '100'], '2026/11/20 10:00:10'),
        call('00000158A1_2', ['Ext.100', '0407654321', '0407654321'], ''),
      ].join('\n'),
      { name: 'cdr.log' },
    );
    expect(failed).to.deep.equal([]);
    const [inbound, outbound] = callsOf(items);
    expect(inbound?.first).to.deep.include({ direction: 'inbound', belongsToExternalId: '00000158A1_1', parties: [0] });
    expect(inbound?.first.participants[1]?.identifier).to.deep.equal({ type: 'extension', value: '100' });
    expect(inbound?.details.call).to.deep.include({ durationSeconds: 60, talkSeconds: 50, answered: true });
    expect(outbound?.first).to.deep.include({ direction: 'outbound', parties: [1] });
    expect(outbound?.details.call).to.deep.include({ talkSeconds: 0, answered: false });
  });

  it('a colleague’s name is not that of whom a call to them was transferred to', async () => {
    const names = ['Extension', 'Extension', 'LineSet', 'Aino', 'Bo', '', ''].join(',');
    const line = `Call 4,0158A1_4,00:00:30,2026/11/20 10:30:00,2026/11/20 10:30:05,2026/11/20 10:30:35,TerminatedByDst,Ext.101,Ext.102,101,102,102,ReplacedDst,0407654321,10001,,,,,Chain: Ext.101;Ext.102;,${names}`;
    const { first } = onlyCall((await importText(config, line, { name: 'cdr.log' })).items);
    expect(first.participants).to.deep.equal([
      { role: 'from', identifier: { type: 'extension', value: '101' }, name: 'Aino' },
      { role: 'to', identifier: { type: 'phone', value: '+358407654321' } },
    ]);
  });

  it('whom a queue gave the call to takes part in it, once', async () => {
    const names = ['Line', 'Queue', 'Extension', 'Päivi', 'Tuki', 'Aino', ''].join(',');
    const line = (id: string, answered: string) =>
      `${id},0158A1_${id},00:00:30,2026/11/20 10:30:00,${answered},2026/11/20 10:30:35,TerminatedBySrc,0401234567,Ext.800,10001,800,800,ReplacedDst,Ext.101,101,,,,,Chain: Ext.800;Ext.101;,${names}`;
    const log = [line('Call 8', '2026/11/20 10:30:05'), line('Call 9', '')].join('\n');
    const { items } = await importText(config, log, { name: 'cdr.log' });
    const [taken, missed] = items.map(({ participants }) => participants);
    expect(taken?.slice(1)).to.deep.equal([
      { role: 'to', identifier: { type: 'extension', value: '800' }, name: 'Tuki' },
      { role: 'agent', identifier: { type: 'extension', value: '101' }, name: 'Aino' },
    ]);
    expect(missed?.map(({ role }) => role)).to.deep.equal(['from', 'to']);
  });

  it('reads fields by a line of their names, and the call log that its page exports', async () => {
    const named =
      'historyid,time-start,time-end,from-no,to-no,callid,time-answered\n9,2026-11-20 10:00:00,2026-11-20 10:00:30,0401234567,Ext.100,C9,2026-11-20 10:00:10\n';
    const { first, details } = onlyCall((await importText(config, named)).items);
    expect(first.belongsToExternalId).to.equal('C9');
    expect(details.call).to.deep.include({ durationSeconds: 30, talkSeconds: 20 });
    const exported =
      'Call Time,Caller ID,Destination,Status,Ringing,Talking,Totals,Cost,Reason\n"20/11/2026 10:00:00","Päivi Mäkelä (0401234567)","Support (800)",answered,00:00:05,00:01:00,00:01:05,,\n';
    const page = onlyCall((await importText(config, exported)).items);
    expect(page.first).to.deep.include({ direction: 'inbound' });
    expect(page.first.participants[0]).to.deep.equal({
      role: 'from',
      identifier: { type: 'phone', value: '+358401234567' },
      name: 'Päivi Mäkelä',
    });
    expect(page.details.call).to.deep.include({ durationSeconds: 65, talkSeconds: 60, answered: true });
  });
});

describe('calllog: any CSV', () => {
  const columns = {
    id: 'Tunnus',
    leg: 'Osa',
    startedAt: 'Alku',
    from: 'Soittaja',
    to: 'Vastaanottaja',
    direction: 'Suunta',
    durationSeconds: 'Kesto',
    talkSeconds: 'Puhe',
    answered: 'Vastattu',
    recording: 'Nauhoite',
  };
  const config = { ...FI, dialect: 'csv', columns };
  const HEADER = Object.values(columns).join(';');

  it('reads columns by their names, a delimiter found, and lines in quotes', async () => {
    const text = [
      HEADER,
      'A1;1;20.11.2026 10.00.00;0401234567;0931570000;saapuva;0:01:00;55;kyllä;a1.wav',
      'A1;2;20.11.2026 10.01.00;0401234567;200;;60;60;kyllä;',
      '"B2";1;"2026-11-20T10:05:00+02:00";"100\n";0407654321;;12;0;ei;',
    ].join('\r\n');
    const { items, failed } = await importText(config, `\uFEFF${text}\r\n`);
    expect(failed).to.deep.equal([]);
    const [first, second, ...more] = callsOf(items);
    expect(more).to.deep.equal([]);
    expect(first?.first).to.deep.include({ direction: 'inbound', belongsToExternalId: 'A1' });
    expect(first?.first.occurredAt.toISOString()).to.equal('2026-11-20T08:00:00.000Z');
    expect(first?.details.call).to.deep.include({ durationSeconds: 120, talkSeconds: 115, answered: true });
    expect(second?.first.direction).to.equal('outbound');
    expect(second?.details.call.answered).to.equal(false);
  });

  it('a column that says the direction counts more than the numbers', async () => {
    const text = `${HEADER}\nA1;;2026-11-20 10:00:00;0409876543;0401234567;outbound;60;55;yes;\n`;
    const { first } = onlyCall((await importText(config, text)).items);
    expect(first).to.deep.include({ direction: 'outbound', parties: [1] });
  });

  it('a quote that is never closed takes no other line with it; a wrong number of columns is failed', async () => {
    const good = (id: string) => `${id};;2026-11-20 10:00:00;0401234567;100;;60;55;1;`;
    const lines = [
      HEADER,
      good('A1'),
      'A2;;"2026-11-20 10:00:00;x',
      good('A3'),
      'A4;;2026-11-20',
      good('A5'),
      'A6;;soon;0401234567;100;;1;1;1;',
      'A7;;2026-11-20 10:00:00;0401234567;100;;long;1;1;',
    ];
    const { items, failed } = await importText(config, lines.join('\n'));
    expect(callsOf(items).map(({ first }) => first.externalId)).to.deep.equal(['A1', 'A3', 'A5']);
    expect(failed).to.have.length(4);
    expect(failed.map(({ raw }) => raw?.bytes?.toString())).to.include(lines[2]);
  });

  it('says so when a named column is not there', async () => {
    const { items, failed } = await importText(config, 'When;Who\n2026-11-20;1\n');
    expect(items).to.deep.equal([]);
    expect(failed[0]?.reason).to.match(/no column "Tunnus"/);
  });

  it('with no columns named it looks for usual names', async () => {
    const text =
      'Call ID,Start Time,Caller,Destination,Duration,Status\n17,2026-11-20 10:00:00,0401234567,100,65,Missed\n';
    const { first, details } = onlyCall((await importText({ ...FI, dialect: 'csv' }, text)).items);
    expect(first.belongsToExternalId).to.equal('17');
    expect(details.call).to.deep.include({ durationSeconds: 65, answered: false });
  });

  it('a log that says nothing of whether calls were answered tells of calls all the same, and of none under way', async () => {
    const said = async (header: string, line: string) =>
      onlyCall((await importText({ ...FI, dialect: 'csv' }, `${header}\n${line}\n`)).items).summary;
    const start = '1,2026-11-20 10:00:00,0401234567,0931570000';
    expect(await said('id,start,from,to,duration', `${start},65`)).to.equal('Call, 1:05');
    expect(await said('id,start,from,to', start)).to.equal('Call');
  });
});

describe('calllog: FreeSWITCH files', () => {
  const config = { ...FI, dialect: 'freeswitch' };
  const A = 'aaaaaaaa-0000-4000-8000-000000000001';
  const B = 'bbbbbbbb-0000-4000-8000-000000000002';
  const leg = (uuid: string, over: object = {}, profile: object = {}) => ({
    variables: {
      uuid,
      start_stamp: '2026-11-20%2010%3A00%3A00',
      duration: '60',
      billsec: '0',
      hangup_cause: 'NO_ANSWER',
      ...over,
    },
    callflow: [
      { caller_profile: { caller_id_number: '0401234567', destination_number: '0931570000', uuid, ...profile } },
    ],
  });

  it('joins legs by the one that called, and reads stamps in the account’s zone', async () => {
    const other = leg(
      B,
      {
        originating_leg_uuid: A,
        start_stamp: '2026-11-20 10:00:10',
        answer_stamp: '2026-11-20 10:00:20',
        billsec: '40',
        duration: '50',
      },
      { destination_number: '100' },
    );
    const { items } = await importText(config, [leg(A), other].map(one => JSON.stringify(one)).join('\n'), {
      name: 'cdr.json',
    });
    const { first, details } = onlyCall(items);
    expect(first.belongsToExternalId).to.equal(A);
    expect(first.occurredAt.toISOString()).to.equal('2026-11-20T08:00:00.000Z');
    expect(details.call).to.deep.include({ durationSeconds: 60, talkSeconds: 40, answered: true });
    expect(details.call.legs.map(({ externalId, state }) => [externalId, state])).to.deep.equal([
      [A, 'no answer'],
      [B, 'no answer'],
    ]);
  });

  it('joins by the bond of a leg that was called, and by the XML’s originator', async () => {
    const bonded = leg(B, { direction: 'outbound', bridge_uuid: A });
    const both = await importText(config, JSON.stringify([leg(A, { direction: 'inbound', bridge_uuid: B }), bonded]), {
      name: 'a.json',
    });
    expect(onlyCall(both.items).first.belongsToExternalId).to.equal(A);
    const xml = `<cdr><variables><uuid>${B}</uuid><start_epoch>1795161600</start_epoch></variables><callflow><caller_profile><caller_id_number>100</caller_id_number><destination_number>0401234567</destination_number><originator><originator_caller_profile><uuid>${A}</uuid></originator_caller_profile></originator></caller_profile></callflow></cdr>`;
    const { first } = onlyCall((await importText(config, xml, { name: 'b.cdr.xml' })).items);
    expect(first).to.deep.include({ belongsToExternalId: A, externalId: B, direction: 'outbound' });
  });

  it('fails what is no record, each by itself', async () => {
    const bad = await importText(config, '{"variables": {"uuid": "x"', { name: 'a.cdr.json' });
    expect(bad.failed.map(({ reason }) => reason)).to.deep.equal([
      'It is no call record of FreeSWITCH, in JSON or XML.',
    ]);
    const list = await importText(config, JSON.stringify([leg(A), { variables: {} }, leg(B, { start_stamp: '' })]), {
      name: 'a.json',
    });
    expect(list.items).to.have.length(1);
    expect(list.failed.map(({ reason }) => reason)).to.deep.equal([
      'variables.uuid: it says no uuid.',
      'variables.start_epoch: it says nothing of when the call began.',
    ]);
    expect((await importText(config, Buffer.from([0, 1, 2, 3]), { name: 'a.xml' })).failed[0]?.reason).to.match(
      /binary/,
    );
  });
});
