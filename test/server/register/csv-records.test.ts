import { existsSync } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { columns } from '../../../server/register/csv-contact.ts';
import { type CsvRecord, type CsvTable, withCsv } from '../../../server/register/csv-records.ts';
import { CsvRefused } from '../../../server/register/csv-text.ts';
import { csvFile } from './csv-file.ts';
import { failure } from './failure.ts';

const read = async (content: string | Uint8Array) =>
  withCsv((await csvFile(content)).path, columns, async ({ header, records }) => {
    const all: CsvRecord[] = [];
    for await (const record of records) all.push(record);
    return { header, records: all };
  });
const cells = async (content: string | Uint8Array) =>
  (await read(content)).records.map(record => ('cells' in record ? record.cells : record.fault));
const places = async (content: string) =>
  (await read(content)).records.map(record => [record.line, 'cells' in record ? record.cells.length : record.fault]);

describe('register/csv-records', () => {
  it('finds the delimiter, and reads headers in any case', async () => {
    expect((await read('External_ID,First Name\n1,a\n')).header).to.deep.equal(['external_id', 'first_name']);
    expect(await cells('external_id;email;phone\n1;"a@x.example;b@x.example";1\n')).to.deep.equal([
      ['1', 'a@x.example;b@x.example', '1'],
    ]);
    expect(await cells('EXTERNAL-ID\tEMAIL\n1\ta,b;c\n')).to.deep.equal([['1', 'a,b;c']]);
    expect(await cells('sep=;\nexternal_id;email\n1;a,b\n')).to.deep.equal([['1', 'a,b']]);
    expect(await cells('external_id\n1\n2\n')).to.deep.equal([['1'], ['2']]);
    expect(await cells('external_id\temail\n\t a\n')).to.deep.equal([['', ' a']]);
  });

  it('reads UTF-8 with and without byte order mark, windows-1252 and UTF-16', async () => {
    const text = 'external_id,first_name\n1,Päivi Mäkelä €\n';
    for (const bytes of [
      Buffer.from(text),
      Buffer.from(`\ufeff${text}`),
      iconv.encode(text, 'windows-1252'),
      iconv.encode(text, 'utf-16le', { addBOM: true }),
      iconv.encode(text, 'utf-16be', { addBOM: true }),
    ]) {
      const { header, records } = await read(bytes);
      expect(header).to.deep.equal(['external_id', 'first_name']);
      expect(records).to.deep.equal([{ line: 2, cells: ['1', 'Päivi Mäkelä €'] }]);
    }
  });

  it('reads each line for itself: one of another encoding spoils no other', async () => {
    const lines = ['external_id,first_name\n', '1,Äiti\n', iconv.encode('2,Mäkinen €\n', 'windows-1252'), '3,Öhman'];
    const names = [
      ['1', 'Äiti'],
      ['2', 'Mäkinen €'],
      ['3', 'Öhman'],
    ];
    expect(await cells(Buffer.concat(lines.map(line => Buffer.from(line))))).to.deep.equal(names);
  });

  it('knows each record by its line of the file', async () => {
    const text =
      'external_id,first_name\r\n1,"a\r\nb"\r\n\r\n2,x,y\r\n3,un"q\r\n4,"bad" x\r\n5,"ok"\r\n6,"""quoted"", too"\r\n';
    expect(await places(text)).to.deep.equal([
      [2, 2],
      [5, 3],
      [6, 'a quote inside an unquoted field'],
      [7, 'text behind a closing quote'],
      [8, 2],
      [9, 2],
    ]);
    expect(await places('\n\nexternal_id,x\r1,2\r\r3,4')).to.deep.equal([
      [4, 2],
      [6, 2],
    ]);
  });

  it('reports a quote that is never closed by its line, and goes on behind it', async () => {
    const text = [
      'external_id,first_name',
      '1,a',
      '2,"open',
      ...Array.from({ length: 500 }, (_, i) => `n${i},x`),
      '',
    ].join('\n');
    const found = await places(text);
    expect(found.slice(0, 3)).to.deep.equal([
      [2, 2],
      [3, 'a quote that is not closed'],
      [4, 2],
    ]);
    expect(found).to.have.lengthOf(502);
    expect(await places('external_id,x\n1,a\n2,"open')).to.deep.equal([
      [2, 2],
      [3, 'a quote that is not closed'],
    ]);
  });

  it('refuses what is no text, and nothing at all', async () => {
    await failure(read(''), CsvRefused);
    await failure(read('\n \n'), CsvRefused);
    await failure(read(Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 1])), CsvRefused);
    await failure(read(`external_id\n${'x'.repeat(2_000_000)}`), CsvRefused);
  });

  it('leaves no file open, wherever its reader stops', async function () {
    if (!existsSync('/proc/self/fd')) this.skip();
    const { path } = await csvFile(`external_id\n${'x\n'.repeat(500_000)}`);
    const isOpen = async (): Promise<boolean> => {
      const links = (await readdir('/proc/self/fd')).map(name => readlink(`/proc/self/fd/${name}`).catch(() => ''));
      return (await Promise.all(links)).includes(path);
    };
    const refuse = async ({ records }: CsvTable, begun: boolean) => {
      if (begun) await records.next();
      expect(await isOpen()).to.equal(true);
      throw new CsvRefused('no');
    };
    for (const begun of [false, true])
      await failure(
        withCsv(path, columns, table => refuse(table, begun)),
        CsvRefused,
      );
    for (let i = 0; i < 50 && (await isOpen()); i++) await new Promise(resolve => setTimeout(resolve, 20));
    expect(await isOpen()).to.equal(false);
  });

  it('gives back what a spreadsheet wrote', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'ä', '"', ',', ';', '\n', '\r\n', ' ', '€') });
    const quote = (value: string) => `"${value.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }),
        fc.constantFrom(',', ';', '\t'),
        async (rows, delimiter) => {
          const text = [['external_id', 'email'], ...rows].map(row => row.map(quote).join(delimiter)).join('\r\n');
          const lines = (value: string) => value.replaceAll('\r\n', '\n');
          const expected = rows.map(row => row.map(lines)) as string[][];
          expect(await cells(text)).to.deep.equal(expected);
        },
      ),
      { numRuns: 60 },
    );
  });
});
