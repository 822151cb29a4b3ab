import { execFileSync } from 'node:child_process';
import { crc32, inflateRawSync, inflateSync } from 'node:zlib';
import { expect } from 'chai';
import type { Attachment } from 'postal-mime';
import { type Parsed, parseAll } from './parsed.ts';

const bytesOf = ({ content }: Attachment): Buffer =>
  typeof content === 'string' ? Buffer.from(content) : Buffer.from(new Uint8Array(content));

/** Entries of a zip, read by its central directory. */
const unzip = (zip: Buffer): Map<string, Buffer> => {
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const entries = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let i = 0; i < zip.readUInt16LE(end + 10); i++) {
    const local = zip.readUInt32LE(at + 42);
    const name = zip.subarray(at + 46, at + 46 + zip.readUInt16LE(at + 28)).toString();
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(start, start + zip.readUInt32LE(at + 20));
    const data = zip.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed;
    expect(crc32(data), name).to.equal(zip.readUInt32LE(at + 16));
    entries.set(name, data);
    at += 46 + name.length;
  }
  return entries;
};

/** Checks each chunk's sum and returns the unpacked pixels. */
const pixels = (png: Buffer): Buffer => {
  const data: Buffer[] = [];
  let at = 8;
  while (at < png.length) {
    const length = png.readUInt32BE(at);
    expect(crc32(png.subarray(at + 4, at + 8 + length))).to.equal(png.readUInt32BE(at + 8 + length));
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return inflateSync(Buffer.concat(data));
};

describe('samples: files', () => {
  let files: Attachment[];
  before(async () => {
    const all: Parsed[] = await parseAll({ count: 600 });
    files = all.flatMap(({ email }) => email.attachments);
  });
  const ofType = (type: string): Buffer[] => files.filter(({ mimeType }) => mimeType.endsWith(type)).map(bytesOf);

  it('PDFs point at their objects and state their lengths', () => {
    const all = ofType('pdf');
    expect(all.length).to.be.greaterThan(10);
    for (const pdf of all) {
      const text = pdf.toString('latin1');
      const xref = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1]);
      const offsets = [...text.slice(xref).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, offset]) => Number(offset));
      expect(offsets).to.have.length(6);
      offsets.forEach((offset, i) => {
        expect(text.slice(offset, offset + 8)).to.equal(`${i + 1} 0 obj<`);
      });
      const [found, length] = /6 0 obj<<\/Length (\d+)>>stream\n/.exec(text) ?? [];
      const data = text.indexOf(found ?? '') + (found?.length ?? 0);
      expect(text.slice(data + Number(length)).startsWith('\nendstream')).to.equal(true);
    }
  });

  it('workbooks are zips whose sheet holds rows', () => {
    const all = ofType('sheet');
    expect(all.length).to.be.greaterThan(10);
    for (const xlsx of all) {
      const entries = unzip(xlsx);
      expect([...entries.keys()]).to.include.members(['[Content_Types].xml', '_rels/.rels', 'xl/workbook.xml']);
      expect(entries.get('xl/worksheets/sheet1.xml')?.toString().match(/<row>/g)?.length).to.be.greaterThan(8);
    }
  });

  it('pictures unpack to as many pixels as they say', () => {
    const all = ofType('png');
    expect(all.length).to.be.greaterThan(10);
    for (const png of all) expect(pixels(png)).to.have.length(png.readUInt32BE(20) * (1 + png.readUInt32BE(16) * 3));
  });

  it('are not alike, but for the logos in signatures', () => {
    const sent = files
      .filter(({ filename }) => filename && filename !== 'logo.png')
      .map(file => bytesOf(file).toString('base64'));
    expect(new Set(sent)).to.have.property('size', sent.length);
  });

  it('calendars and tables are text of their kind', () => {
    for (const ics of ofType('calendar'))
      expect(ics.toString()).to.match(/^BEGIN:VCALENDAR\r?\n[\s\S]*\nEND:VCALENDAR\r?\n$/);
    for (const csv of ofType('csv')) expect(csv.toString()).to.match(/^\ufeffid;room;group;/);
  });
});

describe('samples: speed', () => {
  it('makes the mails of a benchmark faster than a hub takes them in', function () {
    this.timeout(60_000);
    const code = `import('./samples/index.ts').then(({ generateMails }) => {
      for (const _ of generateMails({ seed: 1, count: 300, now: new Date() }));
      const before = process.cpuUsage();
      for (const _ of generateMails({ seed: 2, count: 6000, now: new Date() }));
      const { user, system } = process.cpuUsage(before);
      console.log(6000 / ((user + system) / 1e6));
    })`;
    const out = execFileSync(process.execPath, ['--import=tsx', '-e', code], { encoding: 'utf8' });
    expect(Number(out)).to.be.greaterThan(1500);
  });
});
