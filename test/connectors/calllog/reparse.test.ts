import { Readable } from 'node:stream';
import { expect } from 'chai';
import type { Failed, Raw } from '../../../connectors/contract.ts';
import { ASTERISK, accountOf, connector, importText } from './support.ts';

const CSV = { ...ASTERISK, dialect: 'csv' };
const COLUMNS = { id: 'Tunnus', startedAt: 'Hetki', from: 'Soittaja', to: 'Vastaanottaja', durationSeconds: 'Kesto' };

/** As the hub hands it back: what is kept of it is JSON. */
const again = (config: object, { raw, beside }: Failed) =>
  connector.reparse?.(accountOf(config), raw as Raw, undefined, beside && JSON.parse(JSON.stringify(beside)));
const reasonOf = (work: Promise<unknown> | undefined): Promise<string> =>
  (work ?? Promise.resolve()).then(
    () => 'none',
    (error: Error) => error.message,
  );

describe('calllog: a line is read again without its file', () => {
  const text = ['Tunnus;Alku;Soittaja;Vastaanottaja;Kesto', 'A1;20.11.2026 10.00.00;0401234567;0931570000;60'].join(
    '\r\n',
  );

  it('by the header and delimiter that it had, once the columns are named right', async () => {
    const { items, failed } = await importText({ ...CSV, columns: COLUMNS }, text);
    expect(items).to.deep.equal([]);
    const [line, ...more] = failed as [Failed];
    expect(more).to.deep.equal([]);
    expect(await reasonOf(again({ ...CSV, columns: COLUMNS }, line))).to.match(/no column "Hetki"/);
    const right = { ...CSV, columns: { ...COLUMNS, startedAt: 'Alku' } };
    const call = await again(right, line);
    expect(call?.occurredAt.toISOString()).to.equal('2026-11-20T08:00:00.000Z');
    const [imported] = (await importText(right, text)).items;
    expect([call?.sourceKey, call?.raw?.sha256]).to.deep.equal([imported?.sourceKey, imported?.raw?.sha256]);
  });

  for (const [name, mark, encode] of [
    ['UTF-8 with a mark', '\uFEFF', 'utf8'],
    ['UTF-16', '\uFEFF', 'utf16le'],
    ['no mark', '', 'utf8'],
  ] as const)
    it(`in the encoding that its file had: ${name}`, async () => {
      const umlaut = text.replace('Soittaja', 'Kenenkä');
      const bytes = Buffer.from(`${mark}${umlaut}\r\n`, encode);
      const columns = { ...COLUMNS, from: 'Kenenkä' };
      const { failed } = await importText({ ...CSV, columns }, bytes);
      const call = await again({ ...CSV, columns: { ...columns, startedAt: 'Alku' } }, failed[0] as Failed);
      expect(call?.participants.map(({ identifier }) => identifier.value)).to.include('+358401234567');
    });

  it('in the order that its file’s dates have', async () => {
    const rows = ['11/05/2026 10:00 AM,Rerouted,0401234567', '11/20/2026 10:00 AM,Received,0401234567'];
    const { failed } = await importText(CSV, `Time,Type,Number\n${rows.join('\n')}\n`);
    const call = await again({ ...CSV, directionWords: { inbound: ['Rerouted'] } }, failed[0] as Failed);
    expect(call?.occurredAt.toISOString()).to.equal('2026-11-05T08:00:00.000Z');
  });

  it('as the same of several equal lines that have no id', async () => {
    const line = '20.11.2026 10.00.00;0401234567;0931570000;60';
    const log = ['Alku;Soittaja;Vastaanottaja;Kesto', line, line].join('\n');
    const { id: _, ...wrong } = COLUMNS;
    const right = { ...CSV, columns: { ...wrong, startedAt: 'Alku' } };
    const { failed } = await importText({ ...CSV, columns: wrong }, log);
    const keys = [];
    for (const one of failed) keys.push((await again(right, one))?.sourceKey);
    expect(keys).to.deep.equal((await importText(right, log)).items.map(({ sourceKey }) => sourceKey));
    expect(new Set(keys).size).to.equal(2);
  });

  it('of Cisco’s, also where the file was gone on with', async () => {
    const cucm = { ...ASTERISK, dialect: 'cucm' };
    const names =
      'cdrRecordType,globalCallID_callManagerId,globalCallID_callId,dateTimeOrigination,callingPartyNumber,originalCalledPartyNumber,finalCalledPartyNumber,dateTimeConnect,dateTimeDisconnect,pkid,duration';
    const types =
      'INTEGER,INTEGER,INTEGER,INTEGER,VARCHAR(50),VARCHAR(50),VARCHAR(50),INTEGER,INTEGER,UNIQUEIDENTIFIER,INTEGER';
    const log = `${names}\n${types}\n1,1,1001,1795161600,0401234567,2001,2001,1795161605,1795161660,p1,55\n`;
    const { positions } = await importText(cucm, log);
    const broken = '1,1,1002,?,0401234567,2001,2001,1795161605,1795161660,p2,55';
    const { failed } = await importText(cucm, `${log}${broken}\n`, { from: positions.at(-1) ?? null });
    const [line] = failed as [Failed];
    expect(await reasonOf(again(cucm, line)), 'as it stands').to.match(/dateTimeOrigination is no number/i);
    const bytes = Buffer.from(broken.replace('?', '1795161600'));
    const mended: Raw = { ...(line.raw as Raw), size: bytes.length, bytes, open: () => Readable.from([bytes]) };
    expect((await again(cucm, { ...line, raw: mended }))?.belongsToExternalId).to.match(/1002$/);
  });

  it('says what to do where no header was kept', async () => {
    const { failed } = await importText({ ...CSV, columns: COLUMNS }, text);
    const { beside: _, ...bare } = failed[0] as Failed;
    expect(await reasonOf(again({ ...CSV, columns: { ...COLUMNS, startedAt: 'Alku' } }, bare))).to.match(/header/);
  });
});
