import { expect } from 'chai';
import { makeNumbers } from '../../../connectors/calllog/parties.ts';
import { eighteen } from './lines.ts';
import { ASTERISK, importText, onlyCall } from './support.ts';

const FI = { defaultCountry: 'FI', timezone: 'Europe/Helsinki', ownNumbers: ['+358931570000'] };
const ID = '1795161600.1';

/** Direction of the only call in a log, and of whom it is. */
const told = async (config: object, text: string) => {
  const { first } = onlyCall((await importText(config, text)).items);
  const whose = (first.parties ?? []).map(index => first.participants[index]?.identifier.value);
  return [first.direction, ...whose];
};

const json = (from: string, to: string, direction: string): string =>
  JSON.stringify({
    variables: { uuid: 'aaaaaaaa-0000-4000-8000-000000000001', start_epoch: '1795161600', direction },
    callflow: [{ caller_profile: { caller_id_number: from, destination_number: to } }],
  });

describe('calllog: who is outside', () => {
  const hidden = { from: 'anonymous', clid: '"Anonymous" <anonymous>', to: '0407654321' };

  it('one of us who withholds the number, or has none, calls out', async () => {
    for (const call of [hidden, { from: '', clid: '', to: '0407654321' }])
      expect(await told(ASTERISK, eighteen(call, ID))).to.deep.equal(['outbound', '+358407654321']);
    const fs = { ...FI, dialect: 'freeswitch' };
    for (const ownNumbers of [FI.ownNumbers, []])
      expect(await told({ ...fs, ownNumbers }, json('anonymous', '0407654321', 'outbound'))).to.deep.equal([
        'outbound',
        '+358407654321',
      ]);
  });

  it('without numbers of ours, by the telephone that called; else a withheld caller is outside', async () => {
    const config = { ...ASTERISK, ownNumbers: [] };
    expect(await told(config, eighteen({ ...hidden, channel: 'PJSIP/100-00000001' }, ID))).to.deep.equal([
      'outbound',
      '+358407654321',
    ]);
    expect(await told(config, eighteen(hidden, ID))).to.deep.equal(['inbound']);
    expect(await told({ ...FI, dialect: 'freeswitch', ownNumbers: [] }, json('', '0407654321', 'inbound'))).to.eql([
      'inbound',
    ]);
  });

  it('a telephone of ours that is shown whom it is to call calls them: nobody calls themselves', async () => {
    const shown = { from: '0407654321', clid: '"Web call" <0407654321>', to: '0407654321' };
    expect(await told(ASTERISK, eighteen({ ...shown, channel: 'PJSIP/100-00000001' }, ID))).to.deep.equal([
      'outbound',
      '+358407654321',
    ]);
    expect(await told(ASTERISK, eighteen({ ...shown, channel: 'PJSIP/trunk-00000001' }, ID))).to.deep.equal([
      'inbound',
      '+358407654321',
    ]);
  });

  it('a caller from abroad is one without a + too, where the number is longer than ours are', async () => {
    const from = (number: string) => ({ from: number, clid: `"" <${number}>`, to: '0931570000' });
    for (const number of ['46701234567', '16504222900', '4915112345678'])
      expect(await told(ASTERISK, eighteen(from(number), ID))).to.deep.equal(['inbound', `+${number}`]);
    // no country’s, and whom one of us called, where a figure for calling outside may come first
    for (const number of ['99912345678', '1795161600123', '00000000000'])
      expect((await told(ASTERISK, eighteen(from(number), ID)))[1], number).to.equal(undefined);
    const dialled = { ...from('100'), to: '912025550143', channel: 'PJSIP/100-00000001' };
    expect(await told({ ...ASTERISK, defaultCountry: 'US' }, eighteen(dialled, ID))).to.deep.equal(['internal']);
  });

  it('a row of zeros and words for it are no number', async () => {
    for (const from of ['0000000000', 'No Caller ID', 'Unknown Number', 'Private number', 'Anonymous (anonymous)']) {
      const { items } = await importText(ASTERISK, eighteen({ from, clid: '', to: '0931570000' }, ID));
      expect(items[0], from).to.deep.include({ direction: 'inbound' });
      expect(items[0]?.participants.map(({ role }) => role)).to.deep.equal(['to']);
      expect(items[0]?.unlinkedReason).to.match(/withheld/);
    }
  });

  it('what stands for a withheld number, and words for it in Swedish and German, are no number', async () => {
    for (const from of ['+266696687', '00266696687', 'Dolt nummer', 'Okänt nummer', 'Skyddat nummer', 'Unterdrückt']) {
      const { items } = await importText(ASTERISK, eighteen({ from, clid: '', to: '100' }, ID));
      expect(items[0], from).to.deep.include({ direction: 'inbound' });
      expect(items[0]?.unlinkedReason, from).to.match(/withheld/);
    }
  });

  it('few figures without a prefix are an extension, also where the country has such numbers', async () => {
    const channel = 'PJSIP/21000-00000001';
    const call = (from: string, to: string) => told(ASTERISK, eighteen({ from, clid: '', to, channel }, ID));
    expect(await call('21000', '0401234567')).to.deep.equal(['outbound', '+358401234567']);
    expect(await call('0401234567', '31570')).to.deep.equal(['inbound', '+358401234567']);
    expect(await call('31570', '21000')).to.deep.equal(['internal']);
    for (const [country, extension] of [
      ['DE', '30012'],
      ['AT', '1110'],
      ['DE', '301234'],
      ['LU', '26123'],
    ] as const)
      expect(makeNumbers({ country, own: [] }).publicNumber(extension), `${country} ${extension}`).to.equal(null);
    for (const [country, given, number] of [
      ['LU', '471234', '+352471234'],
      ['FO', '201234', '+298201234'],
      ['NO', '02000', '+4702000'],
      ['DE', '030012', '+4930012'],
      ['FI', '+35831570', '+35831570'],
      ['FI', '401234567', '+358401234567'],
    ] as const)
      expect(makeNumbers({ country, own: [] }).publicNumber(given), `${country} ${given}`).to.equal(number);
  });

  it('numbers are read without what is dialled first to call outside', async () => {
    const out = (to: string) => eighteen({ from: '100', clid: '100', to }, ID);
    expect(await told(ASTERISK, out('00401234567'))).to.deep.equal(['internal']);
    const config = { ...ASTERISK, outsidePrefix: '0' };
    for (const [dialled, number] of [
      ['00401234567', '+358401234567'],
      ['0401234567', '+358401234567'],
      ['00468167063', '+358468167063'],
      ['00046701234567', '+46701234567'],
      ['0046701234567', '+46701234567'],
      ['+46701234567', '+46701234567'],
    ] as const)
      expect(await told(config, out(dialled)), dialled).to.deep.equal(['outbound', number]);
    expect(await told(config, out('0200'))).to.deep.equal(['internal']);
    expect(await told(config, eighteen({ from: '00401234567', clid: '' }, ID))).to.deep.equal([
      'inbound',
      '+358401234567',
    ]);
    expect(await told({ ...config, outsidePrefix: '9' }, out('90401234567'))).to.deep.equal([
      'outbound',
      '+358401234567',
    ]);
  });

  it('Cisco tells the number that went out beside the one that was dialled', async () => {
    const names =
      'cdrRecordType,globalCallID_callManagerId,globalCallID_callId,dateTimeOrigination,callingPartyNumber,originalCalledPartyNumber,finalCalledPartyNumber,dateTimeConnect,dateTimeDisconnect,pkid,duration,outpulsedCalledPartyNumber';
    const line =
      '1,1,7,1795161600,"2001","902920180252","902920180252",1795161605,1795161660,"pkid-7",55,"02920180252"';
    const config = { dialect: 'cucm', defaultCountry: 'GB', ownNumbers: [] };
    expect(await told(config, `${names}\n${line}\n`)).to.deep.equal(['outbound', '+442920180252']);
  });

  describe('where the log says which way calls went', () => {
    const roles = async (config: object, text: string) => {
      const { first } = onlyCall((await importText({ ...FI, dialect: 'csv', ...config }, text)).items);
      const whose = (first.parties ?? []).map(index => first.participants[index]?.identifier.value);
      const sides = first.participants.map(({ role, identifier: { value } }) => `${role} ${value}`);
      return { sides, whose, why: first.unlinkedReason };
    };

    it('one column of numbers is whom the call was with', async () => {
      for (const side of ['from', 'to'])
        for (const [word, role] of [
          ['Incoming', 'from'],
          ['Outgoing', 'to'],
        ])
          for (const ownNumbers of [FI.ownNumbers, []]) {
            const columns = { startedAt: 'Date', direction: 'Type', [side]: 'Number' };
            const text = `Type;Number;Date\n${word};0407654321;2026-11-20 10:00:00\n`;
            expect(await roles({ columns, ownNumbers }, text), `${side} ${word}`).to.deep.include({
              sides: [`${role} +358407654321`],
              whose: ['+358407654321'],
            });
          }
    });

    it('a column of theirs and one of ours are told apart where our numbers are known', async () => {
      const columns = { startedAt: 'Date', direction: 'Type', from: 'Number', to: 'Extension' };
      const log = (...cells: string[]) => `Type;Number;Extension;Date\n${cells.join(';')};2026-11-20 10:00:00\n`;
      expect(await roles({ columns }, log('Out', '0407654321', '11'))).to.deep.include({
        sides: ['from 11', 'to +358407654321'],
        whose: ['+358407654321'],
      });
      const ours = await roles({ columns, ownNumbers: [] }, log('Out', '0931570001', '0407654xxx'));
      expect(ours.whose).to.deep.equal([]);
      expect(ours.why).to.equal('The log has no public number of whom it was with.');
    });

    it('a withheld caller’s call is not that of the number called', async () => {
      const columns = { startedAt: 'Date', direction: 'Type', from: 'From', to: 'To' };
      for (const from of ['', 'anonymous'])
        for (const ownNumbers of [FI.ownNumbers, []]) {
          const text = `Type;From;To;Date\nIn;${from};0931570001;2026-11-20 10:00:00\n`;
          expect((await roles({ columns, ownNumbers }, text)).whose, from).to.deep.equal([]);
        }
    });
  });
});
