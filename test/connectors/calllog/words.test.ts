import { expect } from 'chai';
import { callsOf, importText, onlyCall } from './support.ts';

const CSV = { dialect: 'csv', timezone: 'Europe/Helsinki', defaultCountry: 'FI', ownNumbers: ['+358931570000'] };
const START = '2026-11-20 10:00:00';

describe('calllog: words for which way a call went', () => {
  const columns = { startedAt: 'Date', direction: 'Type', from: 'Number' };
  const read = async (words: readonly string[], over: object = {}) => {
    const lines = words.map(word => `${word};0407654321;${START}`);
    const taken = await importText({ ...CSV, columns, ...over }, `Type;Number;Date\n${lines.join('\n')}\n`);
    return { ...taken, directions: taken.items.map(({ direction }) => direction) };
  };

  it('are known in several languages, with or without a noun', async () => {
    const outbound = ['Outgoing Call', 'Dialled call', 'Lähtevä puhelu', 'Soitettu', 'Utgående', 'Utgående samtal'];
    const inbound = ['Inkommande', 'Inkommande samtal', 'Saapunut puhelu', 'Eingehender Anruf', 'Received calls'];
    for (const [words, direction] of [
      [[...outbound, 'Ausgehender Anruf', 'Uppringt'], 'outbound'],
      [[...inbound, 'Ankommend'], 'inbound'],
      [['Internt', 'Internal call'], 'internal'],
    ] as const) {
      const { directions, failed } = await read(words);
      expect(failed).to.deep.equal([]);
      expect(directions).to.deep.equal(words.map(() => direction));
    }
  });

  it('tell of an inbound call that nobody took, too', async () => {
    const words = ['Missed call', 'Vastaamaton puhelu', 'Missat samtal', 'Verpasster Anruf'];
    const { items, directions } = await read(words);
    expect(directions).to.deep.equal(words.map(() => 'inbound'));
    expect(callsOf(items).map(({ summary }) => summary)).to.deep.equal(words.map(() => 'Missed'));
  });

  it('that aren’t known have the line failed where one column of numbers tells nothing, until the account says what they mean', async () => {
    const { items, failed } = await read(['4', 'Sortant', '']);
    expect(items).to.have.length(1);
    expect(failed.map(({ reason }) => reason).join()).to.match(/^Record 2: .*directionWords.*,Record 3: /);
    const directionWords = { inbound: ['1', '2'], outbound: ['3', '4', 'sortant'] };
    const { directions } = await read(['1', '4', 'Sortant', 'Incoming'], { directionWords });
    expect(directions).to.deep.equal(['inbound', 'outbound', 'outbound', 'inbound']);
    const both = { ...columns, to: 'Extension' };
    const text = `Type;Number;Extension;Date\n4;0407654321;11;${START}\n`;
    expect(onlyCall((await importText({ ...CSV, columns: both }, text)).items).first.direction).to.equal('inbound');
  });
});

describe('calllog: words for whether a call was answered', () => {
  const summaries = async (words: readonly string[]) => {
    const lines = words.map((word, minute) => `2026-11-20 10:0${minute}:00;0401234567;0931570000;65;${word}`);
    return callsOf((await importText(CSV, `start;from;to;duration;status\n${lines.join('\n')}\n`)).items).map(
      ({ summary }) => summary,
    );
  };

  it('are known in several languages', async () => {
    const no = ['Obesvarat', 'Missat', 'Ei vastattu', 'Missed call', 'Nicht angenommen', 'Keine Antwort', 'Inget svar'];
    expect(await summaries(no)).to.deep.equal(no.map(() => 'Missed'));
    const clouds = ['Call cancel', 'Call failed'];
    expect(await summaries(clouds)).to.deep.equal(clouds.map(() => 'Missed'));
    const yes = ['Besvarat', 'Besvarad', 'Vastattu', 'Answered call', 'Accepted', 'Call connected'];
    expect(await summaries(yes)).to.deep.equal(yes.map(() => 'Answered, 1:05'));
    expect(await summaries(['Voicemail'])).to.deep.equal(['Call, 1:05']);
  });
});

describe('calllog: usual names of columns', () => {
  it('are known in Swedish', async () => {
    const text = `Starttid;Uppringare;Mottagare;Riktning;Längd;Besvarat\n${START};0401234567;100;Inkommande;65;Ja\n`;
    const { first, summary } = onlyCall((await importText(CSV, text)).items);
    expect([first.direction, summary]).to.deep.equal(['inbound', 'Answered, 1:05']);
    expect(first.participants.map(({ identifier: { value } }) => value)).to.deep.equal(['+358401234567', '100']);
  });
});

describe('calllog: names of columns as telephones in a cloud have them', () => {
  const read = async (header: string, line: string) => {
    const { first, details, summary } = onlyCall((await importText(CSV, `${header}\n${line}\n`)).items);
    const numbers = first.participants.map(({ identifier: { value } }) => value);
    return [numbers.join(' '), details.call.durationSeconds, summary];
  };

  it('are known, also with the form of what is below them', async () => {
    const line = `+358 40 1234567,+358 9 31570000,${START},65,Answered`;
    for (const form of ['', ' (sec)', ' (seconds)', ' (in seconds)', ' (s)'])
      expect(await read(`From Number,To Number,Start Time,Duration${form},Result`, line), form).to.deep.equal([
        ...['+358401234567 +358931570000', 65, 'Answered, 1:05'],
      ]);
    const header = 'Direction,Number,Call Start,Call Duration (hh:mm:ss),Action Result';
    const call = await read(header, `Incoming,0401234567,${START},00:01:05,Accepted`);
    expect(call).to.deep.equal(['+358401234567', 65, 'Answered, 1:05']);
  });

  it('don’t make seconds of minutes', async () => {
    const line = `+358401234567,100,${START},2`;
    expect(await read('From,To,Start,Duration (min)', line)).to.deep.equal(['+358401234567 100', null, 'Call']);
  });
});

describe('calllog: an export of a switch’s own table of calls', () => {
  it('has the legs of one call together, by linkedid where there is one', async () => {
    const header = 'calldate,src,dst,duration,billsec,disposition,uniqueid,linkedid,sequence';
    const rows = [
      `${START},0401234567,600,16,15,NO ANSWER,1795161600.26,1795161600.26,30`,
      `${START},0401234567,101,15,0,NO ANSWER,1795161601.28,1795161600.26,32`,
    ];
    const { items } = await importText(CSV, `${header}\n${rows.join('\n')}\n`);
    const { first, details } = onlyCall(items);
    expect([first.belongsToExternalId, details.call.legs.length]).to.deep.equal(['1795161600.26', 2]);
  });

  it('has its callers read where their quotes are neither doubled nor around the cell', async () => {
    const header = 'calldate,clid,src,dst,lastdata,duration,billsec,disposition';
    const clids = ['"Pekka Malli" <0401234567>', '"Malli, Pekka" <0401234567>', '"" <0401234567>', 'Pekka "P" Malli'];
    const rows = clids.map(clid => `${START},${clid},0401234567,101,"SIP/101,60,r",65,60,ANSWERED`);
    const { items, failed } = await importText(CSV, `${header}\n${rows.join('\n')}\n`);
    expect(failed).to.deep.equal([]);
    expect(callsOf(items).map(({ summary }) => summary)).to.deep.equal(clids.map(() => 'Answered, 1:00'));
    const callers = items.map(({ participants }) => participants[0]?.identifier.value);
    expect(callers).to.deep.equal(clids.map(() => '+358401234567'));
  });

  it('has its durations read where they are said with their units', async () => {
    const read = (said: string) =>
      importText(
        CSV,
        `"Date","Source","Destination","Status","Duration"\n"${START}","0401234567","101","ANSWERED","${said}"\n`,
      );
    const worded = {
      '2m 5s': 125,
      '1 min 5 s': 65,
      '1h': 3600,
      '1 h 2 min': 3720,
      '10 min.': 600,
      '1 hour, 5 sec': 3605,
    };
    for (const [said, seconds] of Object.entries({
      '59s': 59,
      '125s (2m 5s)': 125,
      '3725s (1h 2m 5s)': 3725,
      ...worded,
    }))
      expect(onlyCall((await read(said)).items).details.call.durationSeconds).to.equal(seconds);
    for (const said of ['(2m 5s)', '5s (x)', '5 s 2 min', 'min', '1,5 min'])
      expect((await read(said)).failed, said).to.have.length(1);
  });
});

describe('calllog: a name beside its number', () => {
  it('is without the quotes around it', async () => {
    for (const side of ['"Päivi Mäkelä" <0401234567>', 'Päivi Mäkelä (0401234567)', "'Päivi Mäkelä' <0401234567>"]) {
      const { items } = await importText(CSV, `start;from;to\n${START};"${side.replaceAll('"', '""')}";100\n`);
      const [caller] = onlyCall(items).first.participants;
      expect(caller, side).to.deep.include({
        name: 'Päivi Mäkelä',
        identifier: { type: 'phone', value: '+358401234567' },
      });
    }
  });
});

describe('calllog: columns that say whom a call was with', () => {
  const told = async (text: string) => {
    const { items, failed } = await importText({ ...CSV, ownNumbers: ['+358931570000'] }, text);
    const calls = items.map(({ direction, parties = [], participants }) =>
      [direction, ...parties.map(at => participants[at]?.identifier.value)].join(' '),
    );
    return { calls, reasons: failed.map(({ reason }) => reason) };
  };

  it('without one that is known every line fails, and is nobody’s call', async () => {
    const { calls, reasons } = await told(`Start,Kunde,Duration\n${START},0401234567,65\n${START},0407654321,5\n`);
    expect(calls).to.deep.equal([]);
    expect(reasons).to.have.length(2);
    expect(reasons.join()).to.match(/No column is known to say who called/);
  });

  it('is the one of a telephone’s list, with the kind of call for its direction', async () => {
    const rows = ['Received,Päivi,0401234567', 'Dialed,Aino,0407654321', 'Missed,,0401234567', 'Forwarded,,0401234567'];
    const { calls, reasons } = await told(
      `Type,Name,Number,Time,Duration\n${rows.map(row => `${row},${START},0:05`).join('\n')}\n`,
    );
    expect(calls).to.deep.equal(['inbound +358401234567', 'outbound +358407654321', 'inbound +358401234567']);
    expect(reasons.join()).to.match(/directionWords/);
  });

  it('are the two that there are, and no number of the line', async () => {
    const header = 'Number,Type,Direction,Von,Nach,Datum,Uhrzeit';
    const out = '2,Voice,ausgehend,0931570000,0407654321,20.11.2026,10:10:00';
    const { calls } = await told(`${header}\n1,Voice,eingehend,0401234567,0931570000,20.11.2026,10:00:00\n${out}\n`);
    expect(calls).to.deep.equal(['inbound +358401234567', 'outbound +358407654321']);
    const teams = 'Caller Number,Destination Number,Start Time,Duration Seconds,Call Type';
    expect((await told(`${teams}\n+358931570000,+358407654321,${START},65,ucap_out\n`)).calls).to.deep.equal([
      'outbound +358407654321',
    ]);
  });
});

describe('calllog: what an export of any CSV has besides calls', () => {
  it('a duration of thousands, or of a decimal comma, is neither: the line is failed', async () => {
    const lines = ['"1,234"', '"0,234"', '"65,5"', '"12,345 s"'].map(
      (duration, minute) => `2026-11-20 10:0${minute}:00,0401234567,0931570000,${duration}`,
    );
    const { items, failed } = await importText(CSV, `start,from,to,duration\n${lines.join('\n')}\n`);
    expect(callsOf(items).map(({ details }) => details.call.durationSeconds)).to.deep.equal([0, 66]);
    expect(failed.map(({ reason }) => reason.split(':')[0])).to.deep.equal(['Record 2', 'Record 5']);
  });

  it('a number that is kept from spreadsheets is one; of one that they rounded nobody knows whose it is', async () => {
    const numbers = ["'+358401234567", '"=""0401234567"""', '3.58401E+11', '"3,58E+11"'];
    const rows = numbers.map(number => `${START},${number},100,5`);
    const { items, failed } = await importText(CSV, `start,from,to,duration\n${rows.join('\n')}\n`);
    expect(items.map(({ direction, participants: [from] }) => [direction, from?.identifier.value])).to.deep.equal([
      ['inbound', '+358401234567'],
      ['inbound', '+358401234567'],
    ]);
    expect(failed.map(({ reason }) => reason).join()).to.match(/Record 4: .*rounded.*Record 5: .*rounded/);
  });

  it('a duration is as times are in Finnish, with points', async () => {
    const text = `Alkuaika;Soittaja;Vastaanottaja;Kesto\n${START};0401234567;100;01.02.05\n`;
    expect(onlyCall((await importText(CSV, text)).items).details.call.durationSeconds).to.equal(3725);
  });

  it('sums are no call where the word for them stands for a time, too', async () => {
    const header = 'Call Time,Caller ID,Destination,Status,Talking';
    const text = `${header}\n${START},0401234567,100,Answered,0:01:00\nTotals,,,,0:01:00\n`;
    for (const dialect of ['3cx', 'csv']) {
      const { items, failed } = await importText({ ...CSV, dialect }, text);
      expect([items.length, failed.length]).to.deep.equal([1, 0]);
    }
  });
});
