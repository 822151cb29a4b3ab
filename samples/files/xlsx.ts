import type { Random } from '../random.ts';
import { assemble, noise, type SampleFile } from './file.ts';
import { type Entry, zipAround } from './zip.ts';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const TYPES = 'http://schemas.openxmlformats.org/package/2006';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const SHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const PRINTER = 'xl/printerSettings/printerSettings1.bin';

const relations = (list: readonly [string, string, string][]): string =>
  `${XML}<Relationships xmlns="${TYPES}/relationships">${list
    .map(([id, type, target]) => `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`)
    .join('')}</Relationships>`;

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

const cell = (value: string | number): string =>
  typeof value === 'number' ? `<c><v>${value}</v></c>` : `<c t="inlineStr"><is><t>${escaped(value)}</t></is></c>`;

const sheet = (rows: readonly (readonly (string | number)[])[]): string =>
  `${XML}<worksheet xmlns="${SHEET}" xmlns:r="${OFFICE}"><sheetData>${rows
    .map(row => `<row>${row.map(cell).join('')}</row>`)
    .join('')}</sheetData><pageSetup paperSize="9" r:id="rId1"/></worksheet>`;

const fixed: readonly Entry[] = (
  [
    [
      '[Content_Types].xml',
      `${XML}<Types xmlns="${TYPES}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
        `<Default Extension="xml" ContentType="application/xml"/><Default Extension="bin" ContentType="${SHEET_TYPE}.printerSettings"/>` +
        `<Override PartName="/xl/workbook.xml" ContentType="${SHEET_TYPE}.sheet.main+xml"/>` +
        `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${SHEET_TYPE}.worksheet+xml"/></Types>`,
    ],
    ['_rels/.rels', relations([['rId1', 'officeDocument', 'xl/workbook.xml']])],
    [
      'xl/workbook.xml',
      `${XML}<workbook xmlns="${SHEET}" xmlns:r="${OFFICE}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ],
    ['xl/_rels/workbook.xml.rels', relations([['rId1', 'worksheet', 'worksheets/sheet1.xml']])],
    [
      'xl/worksheets/_rels/sheet1.xml.rels',
      relations([['rId1', 'printerSettings', '../printerSettings/printerSettings1.bin']]),
    ],
  ] as const
).map(([name, text]) => ({ name, data: Buffer.from(text, 'utf8') }));

/** A workbook of one sheet with `rows`; printer settings, as Excel writes them, make up the rest of `size`. */
export const xlsxFile = (
  name: string,
  rows: readonly (readonly (string | number)[])[],
  size: number,
  random: Random,
): SampleFile => {
  const settings = noise(size - 2600, random);
  const entries = [...fixed, { name: 'xl/worksheets/sheet1.xml', data: Buffer.from(sheet(rows), 'utf8') }];
  const { head, tail } = zipAround(entries, PRINTER, settings);
  return assemble(name, `${SHEET_TYPE}.sheet`, head, settings, tail);
};
