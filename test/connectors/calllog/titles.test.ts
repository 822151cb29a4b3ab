import { expect } from 'chai';
import { importText } from './support.ts';

const CSV = { dialect: 'csv', timezone: 'Europe/Helsinki', defaultCountry: 'FI', ownNumbers: ['+358931570000'] };
const TITLE = 'Puheluraportti, tuki\r\nAikaväli;20.11.2026 00:00;21.11.2026 00:00\r\n\r\n';
const NAMES = 'Alkuaika;Soittaja;Vastaanottaja;Kesto\r\n';
const CALL = '20.11.2026 10:15;0401234567;0931570000;65\r\n';
const LATER = '20.11.2026 11:00;0407654321;0931570000;5\r\n';

describe('calllog: a report with a title above its columns', () => {
  const read = async (text: string, over: object = {}, from?: Parameters<typeof importText>[2]) => {
    const { items, failed, positions } = await importText({ ...CSV, ...over }, text, from);
    return {
      calls: items.map(({ occurredAt, participants }) => [
        occurredAt.toISOString().slice(11, 16),
        participants.find(({ role }) => role === 'from')?.identifier.value,
      ]),
      reasons: failed.map(({ reason }) => reason),
      positions,
    };
  };
  const first = ['08:15', '+358401234567'];

  it('is read from there, by usual names and by those that the account gives', async () => {
    const usual = await read(TITLE + NAMES + CALL);
    expect([usual.calls, usual.reasons]).to.deep.equal([[first], []]);
    const columns = { startedAt: 'Hetki', from: 'A', to: 'B' };
    const named = await read(`${TITLE}Hetki;A;B\r\n${CALL}`, { columns });
    expect([named.calls, named.reasons]).to.deep.equal([[first], []]);
  });

  it('goes on where it was left', async () => {
    const { positions } = await read(TITLE + NAMES + CALL);
    const from = positions.at(-1);
    if (!from) throw new Error('no position');
    const { calls, reasons } = await read(TITLE + NAMES + CALL + LATER, {}, { from });
    expect([calls, reasons]).to.deep.equal([[['09:00', '+358407654321']], []]);
  });

  it('is in quarantine where no line names its columns', async () => {
    const { calls, reasons } = await read(`${TITLE}Mitä;Sitten\r\n${CALL}`);
    expect(calls).to.deep.equal([]);
    expect(reasons.at(-1)).to.include('No column is known to say when a call began');
  });
});
