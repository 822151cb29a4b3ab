import { expect } from 'chai';
import { sampleOf } from '../../web/connections/sample.ts';

describe('the sample of a call log, before its columns are named', () => {
  const read = async (content: string | Uint8Array<ArrayBuffer>, encoding?: string) => {
    const { header, rows } = await sampleOf(new File([content], 'calls.csv'), encoding);
    return [header, ...rows];
  };
  const HEADER = ['Alku', 'Kuka, kenelle', 'Kesto'];

  it('is read as the hub reads it: behind empty lines, by the mark that its first line names', async () => {
    expect(await read('\r\n\r\nAlku;Kuka, kenelle;Kesto\r\n10:00;1;9\r\n')).to.deep.equal([
      HEADER,
      ['10:00', '1', '9'],
    ]);
    expect(await read('sep=|\r\nAlku|Kuka, kenelle|Kesto\r\n10:00|1,5|9\r\n')).to.deep.equal([
      HEADER,
      ['10:00', '1,5', '9'],
    ]);
    expect(await read('\uFEFF"sep=;"\nAlku;Kuka, kenelle;Kesto\n')).to.deep.equal([HEADER]);
  });

  it('has the lines that can be read when one can not', async () => {
    expect(await read('Alku;Kuka, kenelle;Kesto\n10:00;"Päivi\n11:00;2;9\n12:00;3;9\n')).to.deep.equal([
      HEADER,
      ['11:00', '2', '9'],
      ['12:00', '3', '9'],
    ]);
  });

  it('has the lines that end with a return alone, and cells with quotes of their own', async () => {
    const rows = [HEADER, ['10:00', '"Pekka, P" <100>', '9'], ['11:00', '2', '9']];
    const lines = ['Alku,"Kuka, kenelle",Kesto', '10:00,"Pekka, P" <100>,9', '11:00,2,9'];
    for (const end of ['\r', '\n', '\r\n']) expect(await read(lines.join(end))).to.deep.equal(rows);
    expect(await read('sep=;\rAlku;Kuka, kenelle;Kesto\r')).to.deep.equal([HEADER]);
  });

  it('is in the encoding that the account says, also one that the browser does not know', async () => {
    const bytes = new Uint8Array(Buffer.from('Nimi;N\nP\xb3ivi;1\n', 'latin1'));
    expect((await read(bytes, 'iso-8859-2'))[1]?.[0]).to.equal('Płivi');
    expect((await read(bytes))[1]?.[0]).to.equal('P³ivi');
    expect((await read(bytes, 'cp437-of-ours'))[1]?.[0]).to.equal('P³ivi');
  });

  it('begins at the names of the columns, below a title', async () => {
    const title = 'Puheluraportti, tuki\r\nAikaväli;20.11.2026 00:00\r\n\r\n';
    const padded = 'Puheluraportti;;\nAlku;Kuka, kenelle;Kesto\n10:00;1;9\n';
    const rows = [HEADER, ['10:00', '1', '9']];
    expect(await read(`${title}Alku;Kuka, kenelle;Kesto\r\n10:00;1;9\r\n`)).to.deep.equal(rows);
    expect(await read(padded)).to.deep.equal(rows);
    expect(await read('Alku;Kesto\n10:00;9;\n11:00;8;\n')).to.deep.equal([
      ['Alku', 'Kesto'],
      ['10:00', '9', ''],
      ['11:00', '8', ''],
    ]);
  });
});
