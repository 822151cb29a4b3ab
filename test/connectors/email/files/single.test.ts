import { constants, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { type Bench, connector, FROM_LINE, mail, makeBench, mbox, sha256, takeAll } from './support.ts';

describe('single files', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await makeBench();
  });
  afterEach(() => bench.remove());

  const take = async (name: string, bytes: string | Uint8Array) => takeAll(bench, await bench.write(name, bytes));

  it('reads .eml byte for byte, at position 0', async () => {
    const { seen, positions } = await take('a.eml', mail(1));
    expect(seen[0]?.raw.toString('latin1')).to.equal(mail(1));
    expect(seen[0]?.item.sighting).to.deep.equal({ folder: 'a.eml', uidValidity: '', uid: 0 });
    expect(positions).to.have.lengthOf(1);
  });

  for (const [what, before] of [
    ['a From_ line', FROM_LINE],
    ['a byte order mark', '\xef\xbb\xbf'],
    ['blank lines', '\r\n\n'],
  ] as const)
    it(`reads .eml that begins with ${what}, whole`, async () => {
      const plain = await take('a.eml', mail(1));
      const { seen } = await take('b.eml', before + mail(1));
      expect(seen).to.have.lengthOf(1);
      expect(seen[0]?.raw.toString('latin1')).to.equal(before + mail(1));
      expect(seen[0]?.item.subject).to.equal('mail 1');
      if (what !== 'blank lines') expect(seen[0]?.item.text).to.equal(plain.items[0]?.text);
    });

  it('dates .eml without Received by its From_ line', async () => {
    const { items } = await take('a.eml', FROM_LINE + mail(1));
    expect(items[0]?.occurredAt.toISOString()).to.equal('2026-11-23T10:00:00.000Z');
  });

  it('splits an mbox that is called .eml', async () => {
    expect((await take('a.eml', mbox([mail(1), mail(2)]))).items).to.have.lengthOf(2);
  });

  it('takes an empty .eml as an empty mail, and one without a header as a mail with a text', async () => {
    const { items, failed } = await take('a.eml', '');
    expect(items).to.have.lengthOf(1);
    expect(items[0]?.raw?.size).to.equal(0);
    expect(items[0]?.notice).to.be.a('string');
    expect(failed).to.deep.equal([]);
    expect((await take('b.eml', 'just some words\n')).items).to.have.lengthOf(1);
  });

  it('reads .emlx up to its length', async () => {
    const { seen } = await take('12.emlx', `${mail(1).length}     \n${mail(1)}<?xml version="1.0"?><plist></plist>\n`);
    expect(seen.map(({ raw }) => raw.toString('latin1'))).to.deep.equal([mail(1)]);
    const cut = await take('13.emlx', `999999\n${mail(1)}`);
    expect(cut.seen[0]?.raw.toString('latin1')).to.equal(mail(1));
  });

  it('knows a mail by its header whatever its name', async () => {
    for (const name of ['mail', 'mail.txt', '00001.7c53336b37003a9286aba55d2945844c'])
      expect((await take(name, mail(1))).items, name).to.have.lengthOf(1);
  });

  it('reads a .eml over 4 MB out of a spool file', async () => {
    const large = mail(1, `${'z'.repeat(70)}\n`.repeat(80_000));
    const { seen } = await take('large.eml', large);
    expect(sha256(seen[0]?.raw ?? Buffer.alloc(0))).to.equal(sha256(Buffer.from(large, 'latin1')));
    expect(seen[0]?.item.raw?.sha256).to.equal(sha256(Buffer.from(large, 'latin1')));
    expect(await bench.left()).to.deep.equal([]);
  });

  it('unpacks gzip', async () => {
    const plain = await take('posti.mbox', mbox([mail(1), mail(2)]));
    const packed = await take('posti.mbox.gz', gzipSync(Buffer.from(mbox([mail(1), mail(2)]), 'latin1')));
    expect(packed.items.map(({ sourceKey }) => sourceKey)).to.deep.equal(plain.items.map(({ sourceKey }) => sourceKey));
    expect((await take('a.eml.gz', gzipSync(Buffer.from(mail(1), 'latin1')))).items).to.have.lengthOf(1);
    expect(await bench.left()).to.deep.equal([]);
  });

  it('reads damaged gzip up to the damage and says so', async () => {
    const lines = Array.from({ length: 3000 }, (_, n) => mail(n, `${Math.sin(n)} ${Math.cos(n)}\n`));
    const whole = gzipSync(Buffer.from(mbox(lines), 'latin1'));
    const cut = whole.subarray(0, whole.length / 2);
    const { items, failed } = await take('posti.mbox.gz', cut);
    expect(items.length).to.be.within(500, 2500);
    expect(failed).to.have.lengthOf(1);
    expect(failed[0]?.reason).to.match(/damaged/);
    expect(failed[0]?.raw?.sha256).to.equal(sha256(cut));
    expect(await bench.left()).to.deep.equal([]);
  });

  /** gzip that breaks off right behind `text` */
  const brokenOff = (text: string): Uint8Array =>
    gzipSync(Buffer.from(text, 'latin1'), { finishFlush: constants.Z_SYNC_FLUSH });

  it('takes no half mail out of damaged gzip, so that the whole file adds only what is missing', async () => {
    const box = mbox([1, 2, 3].map(n => mail(n, 'Ensin tämä.\n\nSitten tämä.\n')));
    const keys = (await take('posti.mbox', box)).items.map(({ sourceKey }) => sourceKey);
    for (const cut of ['ten tämä', 'Sitten', 'Ensin', 'Subject', 'From: ']) {
      const { items, failed } = await take('posti.mbox.gz', brokenOff(box.slice(0, box.lastIndexOf(cut))));
      expect(
        items.map(({ sourceKey }) => sourceKey),
        cut,
      ).to.deep.equal(keys.slice(0, 2));
      expect(failed, cut).to.have.lengthOf(1);
    }
    const one = await take('a.eml.gz', brokenOff(mail(1)));
    expect(one.items).to.deep.equal([]);
    expect(one.failed[0]?.reason).to.match(/damaged/);
    expect(await bench.left()).to.deep.equal([]);
  });

  const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(300)]);
  const tar = Buffer.alloc(1024);
  tar.write('posti/1.eml', 0, 'latin1');
  tar.write('ustar', 257, 'latin1');
  const FOREIGN: [string, Uint8Array, RegExp][] = [
    ['a.zip', Buffer.from('PK\x03\x04rest', 'latin1'), /ZIP.*unpack/],
    ['a.eml', png, /image/],
    ['a.pdf', Buffer.from('%PDF-1.7\n'), /PDF/],
    ['a.exe', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]), /program/],
    ['a.msg', Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1', 'latin1'), /Outlook.*\.eml/],
    ['a.pst', Buffer.from('!BDN1234'), /Outlook data file.*mbox/],
    ['a.tar.gz', gzipSync(tar), /tar archive/],
    ['a.gz.gz', gzipSync(gzipSync(Buffer.from(mail(1)))), /twice/],
    ['a.bz2', Buffer.from('BZh91AY'), /bzip2/],
    ['muistio.txt', Buffer.from('Ostettavaa: maitoa\nja leipää\n'), /neither.*nor/],
    ['posti.mbox', Buffer.from('no From_ line here\n\nFrom the start\n'), /neither.*nor/],
    ['tyhjä.mbox', Buffer.alloc(0), /empty/],
    ['nolla', Buffer.alloc(4000), /binary/],
    ['tyhjä.gz', gzipSync(Buffer.alloc(0)), /empty/],
  ];
  for (const [name, bytes, reason] of FOREIGN)
    it(`hands ${name} to quarantine with its bytes: ${reason.source}`, async () => {
      const { items, failed } = await take(name, bytes);
      expect(items).to.deep.equal([]);
      expect(failed).to.have.lengthOf(1);
      expect(failed[0]?.reason).to.match(reason);
      expect(failed[0]?.locator).to.include(name);
      expect(failed[0]?.size).to.equal(bytes.length);
      expect(failed[0]?.raw?.sha256).to.equal(sha256(bytes));
    });

  it('names files apart that have one name and other bytes', async () => {
    const [one, same, other] = [
      await take('a.pdf', '%PDF-1'),
      await take('a.pdf', '%PDF-1'),
      await take('a.pdf', '%PDF-2'),
    ];
    expect(same.failed[0]?.locator).to.equal(one.failed[0]?.locator);
    expect(other.failed[0]?.locator).not.to.equal(one.failed[0]?.locator);
  });

  it('replays no file, and says nothing of what is in it', async () => {
    for (const { failed } of [
      await take('a.pdf', '%PDF-1'),
      await take('a.mbox.gz', brokenOff(mbox([mail(1), mail(2)]))),
    ]) {
      const raw = failed[0]?.raw;
      if (!raw) throw new Error('no bytes were kept');
      const error = await connector.reparse(bench.account, raw).then(
        () => null,
        each => each,
      );
      expect(error).to.have.property('remedy', 'reject');
      expect(error.message).to.match(/hand it in again/);
    }
  });

  it('stops when the file is gone', async () => {
    const error = await takeAll(bench, `${bench.dir}/nothing`).then(
      () => null,
      each => each,
    );
    expect(error).to.have.property('remedy', 'stop');
  });
});
