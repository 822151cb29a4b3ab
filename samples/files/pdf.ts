import type { Random } from '../random.ts';
import { assemble, noise, padding, type SampleFile } from './file.ts';

const escaped = (text: string): string => text.replace(/[\\()]/g, '\\$&');

/** The page's drawing: a heading and lines of text (Windows Latin-1). */
const pageContent = (lines: readonly string[]): string => {
  const [title = '', ...rest] = lines;
  const shown = rest.map(line => `0 -18 Td (${escaped(line)}) Tj`).join('\n');
  return `BT\n/F1 18 Tf 60 770 Td (${escaped(title)}) Tj\n/F1 11 Tf 0 -14 Td\n${shown}\nET\n`;
};

const privateData = 6;

/** The objects before the private data, which takes the bulk of the file as it does in files from drawing programs. */
const objects = (content: string, filling: number): string[] => [
  '<</Type/Catalog/Pages 2 0 R>>',
  '<</Type/Pages/Kids[3 0 R]/Count 1>>',
  '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R' +
    `/PieceInfo<</Varaamo<</LastModified(D:20240101000000Z)/Private ${privateData} 0 R>>>>>>`,
  '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>',
  `<</Length ${content.length}>>stream\n${content}endstream`,
  `<</Length ${filling}>>stream\n`,
];

/** A PDF of one page that shows `lines`; `size` is about how large it is. Readable by any viewer. */
export const pdfFile = (name: string, lines: readonly string[], size: number, random: Random): SampleFile => {
  const filling = noise(size - 1200, random);
  const offsets: number[] = [];
  let head = '%PDF-1.4\n%\xe2\xe3\xcf\xd3\n';
  objects(pageContent(lines), filling.bytes.length).forEach((object, i) => {
    const number = i + 1;
    const start = `${number} 0 obj${object}`;
    if (number === privateData) {
      const gap = padding(head.length + start.length + 2);
      head += `%${'-'.repeat(gap)}\n`;
      offsets.push(head.length);
      head += start;
      return;
    }
    offsets.push(head.length);
    head += `${start}endobj\n`;
  });
  const end = '\nendstream endobj\n';
  const xref = head.length + filling.bytes.length + end.length;
  const rows = offsets.map(offset => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const tail = `${end}xref\n0 ${privateData + 1}\n0000000000 65535 f \n${rows}trailer<</Size ${privateData + 1}/Root 1 0 R>>\nstartxref\n${xref}\n%%EOF\n`;
  return assemble(name, 'application/pdf', Buffer.from(head, 'latin1'), filling, Buffer.from(tail, 'latin1'));
};
