import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import iconv from 'iconv-lite';
import { toCaptured } from '../../../../connectors/email/parse/captured.ts';
import { parseMail } from '../../../../connectors/email/parse/mail.ts';
import { openPart } from '../../../../connectors/email/parse/part.ts';
import { bytesOf, capturedAt, head, multipart, parse, text } from './mails.ts';
import { winmail } from './tnef-maker.ts';

const rawOf = (bytes: Buffer, size = 50_000) => ({
  open: () =>
    Readable.from(
      Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size)),
    ),
});
const lined = (bytes: Buffer): string => bytes.toString('base64').replace(/.{76}/g, '$&\r\n');
const random = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, i) => (i * 7919 + (i >> 3)) & 255));

const pdf = random(30_001);
const inner = bytesOf(['From: x@y.example', 'Subject: inner', '', 'inner body']);
const packed = winmail('Packed text', [
  { name: 'päivä.txt', bytes: Buffer.from('one') },
  { name: 'kuva.png', cid: 'img@x', bytes: random(500) },
]);
const mail = bytesOf([
  ...head('Content-Type: multipart/mixed; boundary=m'),
  '',
  ...multipart('m', [
    text('body'),
    ['Content-Type: application/pdf; name=a.pdf', 'Content-Transfer-Encoding: base64', '', lined(pdf)],
    ['Content-Type: message/rfc822', 'Content-Transfer-Encoding: base64', '', lined(inner)],
    ['Content-Type: application/ms-tnef; name=winmail.dat', 'Content-Transfer-Encoding: base64', '', lined(packed)],
    [
      'Content-Type: application/octet-stream; name=raw.bin',
      'Content-Transfer-Encoding: binary',
      '',
      Buffer.from([0, 13, 10, 255]),
    ],
    ['Content-Type: text/csv; name=b.csv', 'Content-Transfer-Encoding: quoted-printable', '', 'a;=C3=A4=\r\nb'],
  ]),
]);
const contents = [
  pdf,
  inner,
  packed,
  Buffer.from('one'),
  random(500),
  Buffer.from([0, 13, 10, 255]),
  Buffer.from('a;äb'),
];

describe('parts', () => {
  it('are numbered depth first, with exact sizes; the files of a winmail.dat follow it', () => {
    const { parts, text: shown } = parse(mail);
    expect(shown).to.equal('body');
    expect(parts.map(({ n, name, type }) => [n, name, type])).to.deep.equal([
      [1, 'a.pdf', 'application/pdf'],
      [2, undefined, 'message/rfc822'],
      [3, 'winmail.dat', 'application/ms-tnef'],
      [4, 'päivä.txt', 'text/plain'],
      [5, 'kuva.png', 'image/png'],
      [6, 'raw.bin', 'application/octet-stream'],
      [7, 'b.csv', 'text/csv'],
    ]);
    expect(parts.map(({ size }) => size)).to.deep.equal(contents.map(content => content.length));
  });

  it('open byte for byte, however the original is cut', async () => {
    for (const size of [7, 1000, 1_000_000])
      for (const [i, content] of contents.entries())
        expect((await buffer(await openPart(rawOf(mail, size), i + 1))).equals(content), `part ${i + 1}`).to.equal(
          true,
        );
  });

  it('have names by the charset of the text, where they are raw and say none', () => {
    const named = (name: Buffer, charset = '') => [
      Buffer.concat([Buffer.from(`Content-Type: text/csv${charset}; name="`), name, Buffer.from('"')]),
      'Content-Disposition: attachment',
      '',
      'x',
    ];
    const { parts } = parse([
      ...head('Content-Type: multipart/mixed; boundary=m'),
      '',
      ...multipart('m', [
        text(iconv.encode('合同附件', 'gbk'), 'text/plain; charset=gb2312'),
        named(iconv.encode('合同.csv', 'gbk')),
        named(Buffer.from('päivä.csv')),
        named(Buffer.from('p\xe4iv\xe4.csv', 'latin1'), '; charset=iso-8859-1'),
        named(Buffer.from('=?utf-8?Q?=C3=A4.csv?=')),
        ["Content-Type: text/csv; name*=iso-8859-1''p%E4iv%E4.csv", 'Content-Disposition: attachment', '', 'x'],
        [
          "Content-Type: text/csv; charset=gbk; name*=iso-8859-1''p%E4iv%E4.csv",
          'Content-Disposition: attachment',
          '',
          'x',
        ],
      ]),
    ]);
    expect(parts.map(({ name }) => name)).to.deep.equal([
      '合同.csv',
      'päivä.csv',
      'päivä.csv',
      'ä.csv',
      'päivä.csv',
      'päivä.csv',
    ]);
  });

  it('that there are not', async () => {
    for (const n of [0, 8, -1, 1.5])
      expect(await openPart(rawOf(mail), n).catch(error => error.message)).to.match(/no part/);
  });

  it('of an item open themselves, again and again', async () => {
    const source = { bytes: mail };
    const item = toCaptured(parseMail(source, { capturedAt }), {
      source,
      ours: { addresses: new Set(['tuki@hub.example']), domains: new Set() },
      folderIsSent: false,
    });
    for (let i = 0; i < 2; i++) expect((await buffer(item.parts[0]?.open() as Readable)).equals(pdf)).to.equal(true);
    expect((await buffer(item.raw?.open() as Readable)).equals(mail)).to.equal(true);
    expect(item).to.deep.include({
      channel: 'email',
      kind: 'interaction',
      keyScope: 'author',
      direction: 'inbound',
      parties: [0],
      others: [],
      details: { automated: null, bounceOf: null },
    });
  });

  it('a winmail.dat alone: its text is shown', () => {
    const only = parse([
      ...head('Content-Type: application/ms-tnef; name=winmail.dat', 'Content-Transfer-Encoding: base64'),
      '',
      lined(packed),
    ]);
    expect(only.text).to.equal('Packed text');
    expect(only.notice).to.match(/winmail/);
    expect(only.parts).to.have.length(3);
  });

  it('an object in a winmail.dat is given itself, not the stub beside it', async () => {
    const forwarded = winmail('Inner text', []);
    const outer = winmail('Text', [
      { name: 'Edelleen lähetetty', bytes: Buffer.from('stub'), object: forwarded },
      { name: 'taulukko.bin', bytes: Buffer.from('stub'), object: random(300) },
      { name: 'lasku.pdf', binary: pdf },
    ]);
    const bytes = bytesOf([
      ...head('Content-Type: application/ms-tnef; name=winmail.dat', 'Content-Transfer-Encoding: base64'),
      '',
      lined(outer),
    ]);
    const { parts } = parse(bytes);
    expect(parts.slice(1).map(({ name, type, size }) => [name, type, size])).to.deep.equal([
      ['Edelleen lähetetty', 'application/ms-tnef', forwarded.length],
      ['taulukko.bin', 'application/octet-stream', 300],
      ['lasku.pdf', 'application/pdf', pdf.length],
    ]);
    expect((await buffer(await openPart(rawOf(bytes), 2))).equals(forwarded)).to.equal(true);
    expect((await buffer(await openPart(rawOf(bytes), 4))).equals(pdf)).to.equal(true);
  });

  it('a winmail.dat that is cut off anywhere gives what can be read', () => {
    for (let length = 0; length < packed.length; length += 13) {
      const only = parse([
        ...head('Content-Type: application/ms-tnef', 'Content-Transfer-Encoding: base64'),
        '',
        lined(packed.subarray(0, length)),
      ]);
      expect(only.parts.length).to.be.greaterThan(0);
      expect(only.notice).to.be.a('string');
    }
  });

  describe('of a mail in a file', () => {
    let folder = '';
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'talteen-parts-'));
    });
    after(() => rm(folder, { recursive: true }));

    it('are the same as in memory', async () => {
      const path = join(folder, 'mail');
      await writeFile(path, mail);
      expect(parseMail({ path }, { capturedAt })).to.deep.equal(parse(mail));
    });

    it('of 40 MB are measured and opened in bounded memory', async () => {
      const path = join(folder, 'large');
      const big = lined(random(300_000));
      await writeFile(
        path,
        [
          ...head('Content-Type: multipart/mixed; boundary=m'),
          '',
          '--m',
          '',
          'body',
          '--m',
          'Content-Type: video/mp4',
          'Content-Transfer-Encoding: base64',
          '',
          `${big}\r\n`.repeat(100),
          '--m--',
        ].join('\r\n'),
      );
      const before = process.memoryUsage().rss;
      const parsed = parseMail({ path }, { capturedAt });
      expect(parsed.text).to.equal('body');
      expect(parsed.parts[0]?.size).to.equal(30_000_000);
      let size = 0;
      for await (const chunk of await openPart({ open: () => createReadStream(path) }, 1))
        size += (chunk as Buffer).length;
      expect(size).to.equal(30_000_000);
      expect((process.memoryUsage().rss - before) / 1024 / 1024).to.be.lessThan(150);
    });
  });
});
