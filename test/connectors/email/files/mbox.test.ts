import { join } from 'node:path';
import { expect } from 'chai';
import { type Bench, FROM_LINE, mail, makeBench, mbox, takeAll } from './support.ts';

const subjects = (items: readonly { subject?: string }[]) => items.map(({ subject }) => subject);

describe('mbox files', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await makeBench();
  });
  afterEach(() => bench.remove());

  const take = async (text: string, name = 'posti.mbox') => takeAll(bench, await bench.write(name, text));
  const raws = ({ seen }: Awaited<ReturnType<typeof take>>) => seen.map(({ raw }) => raw.toString('latin1'));

  it('gives each mail byte for byte, without From_ line and separator, with its position', async () => {
    const mails = [mail(1), mail(2, 'two\n\nparagraphs\n'), mail(3, '')];
    const taken = await take(mbox(mails));
    expect(raws(taken)).to.deep.equal(mails);
    const size = (FROM_LINE + mail(1)).length + 1;
    expect(taken.items.map(({ sighting }) => sighting)).to.deep.equal([
      { folder: 'posti.mbox', uidValidity: '', uid: 0 },
      { folder: 'posti.mbox', uidValidity: '', uid: size },
      { folder: 'posti.mbox', uidValidity: '', uid: size + (FROM_LINE + mails[1]).length + 1 },
    ]);
    expect(taken.failed).to.deep.equal([]);
  });

  it('leaves CRLF and mixed line ends as they are', async () => {
    const crlf = (text: string) => text.replace(/\n/g, '\r\n');
    const mails = [crlf(mail(1, 'one\n\nFrom here on\n')), crlf(mail(2))];
    expect(raws(await take(mails.map(each => `${crlf(FROM_LINE)}${each}\r\n`).join('')))).to.deep.equal(mails);
    expect(raws(await take(mails.map(each => `${FROM_LINE}${each}\n`).join('')))).to.deep.equal(mails);
  });

  it('needs no blank line at the end, and no line end', async () => {
    const last = mail(2).trimEnd();
    expect(raws(await take(`${mbox([mail(1)])}${FROM_LINE}${last}`))).to.deep.equal([mail(1), last]);
  });

  it('begins after a byte order mark and blank lines', async () => {
    const taken = await take(`\xef\xbb\xbf\r\n\n${mbox([mail(1), mail(2)])}`);
    expect(raws(taken)).to.deep.equal([mail(1), mail(2)]);
    expect(taken.items[0]?.sighting?.uid).to.equal(6);
  });

  for (const line of [
    'From anna@asiakas.example Mon Nov 23 10:00:00 2026',
    'From anna@asiakas.example  Mon Nov  2 10:00:00 2026',
    'From anna@asiakas.example Mon Nov 23 10:00 2026',
    'From anna@asiakas.example Mon Nov 23 10:00:00 EET 2026',
    'From anna@asiakas.example Mon Nov 23 10:00:00 2026 +0200',
    'From anna@asiakas.example Mon, 23 Nov 2026 10:00:00 +0200',
    'From - Mon Nov 23 10:00:00 2026',
    'From MAILER-DAEMON Mon Nov 23 10:00:00 2026',
    'From ???@??? Mon Nov 23 10:00:00 2026',
    'From "anna maria"@asiakas.example Mon Nov 23 10:00:00 2026',
    'From anna at asiakas.example  Mon Nov 23 10:00:00 2026',
    'From Anna Virta <anna@asiakas.example> Mon Nov 23 10:00:00 2026',
    'From anna@asiakas.example Mon Nov 23 10:00:00 2026 remote from uucp',
  ])
    it(`knows "${line}"`, async () => {
      const taken = await take(mbox([mail(1), mail(2)], `${line}\n`));
      expect(raws(taken)).to.deep.equal([mail(1), mail(2)]);
    });

  for (const line of ['From ', 'From - ', 'From -', 'From 1844347792267117879@xxx'])
    for (const eol of ['\n', '\r\n'])
      it(`knows "${line}" without a date (${JSON.stringify(eol)}), also among dated ones`, async () => {
        const mails = [1, 2, 3].map(n => mail(n, `Hei ${n}.\n\nFrom \nhere on.\n`).replaceAll('\n', eol));
        const bare = mbox(mails, `${line}\n`).replaceAll(/\r?\n/g, eol);
        expect(raws(await take(bare, 'INBOX'))).to.deep.equal(mails);
        const dated = mbox([mail(0)]).replaceAll('\n', eol);
        expect(raws(await take(dated + bare + dated)).slice(1, -1)).to.deep.equal(mails);
      });

  it('knows a bare line whose mail begins with fields of a mail program, or of transport', async () => {
    const first = ['X-Mozilla-Status: 0001\n', 'X-GM-THRID: 12\n', `DKIM-Signature: b=${'x'.repeat(900)}\n`];
    const mails = first.map((field, n) => field + mail(n));
    expect(raws(await take(mbox(mails, 'From \n')))).to.deep.equal(mails);
  });

  it('is no mbox for a bare line with no header behind it', async () => {
    const { items, failed } = await take('From \nHelsinki\n\nTo \nOulu\n', 'matka.txt');
    expect([items.length, failed.length]).to.deep.equal([0, 1]);
  });

  for (const body of [
    'One.\n\nFrom \nHelsinki\nTo: Oulu\n',
    'One.\n\nFrom \nTo: Oulu\nDate: 3.4.\n',
    'One.\n\nFrom - \nwhat was said\nFrom: Anna\n',
    'One.\n\nFrom \n\nFrom: Anna\n',
    'One.\nFrom \nFrom: Anna\nDate: today\n',
    'One.\n\n>From \nFrom: Anna\nSubject: quoted\n',
    'One.\n\nFrom here\nFrom: Anna\nSubject: x\n',
    'One.\n\nFrom the beginning it was broken.\n',
    'One.\n\nFrom anna@asiakas.example\n',
    'One.\n\nFrom anna@asiakas.example\nTo: Oulu\nDate: 3.4.\n',
    'One.\n\nFrom anna@asiakas.example:\nFrom: Anna\nSubject: x\n',
    'One.\n\nFrom what I saw on Mon Nov 23 10:00:00 2026\n',
    'One.\n\nFrom Monday on: 23 November 2026 10:00\n',
    'One.\nFrom anna@asiakas.example Mon Nov 23 10:00:00 2026\nshe wrote this.\n',
    'One.\n\n>From anna@asiakas.example Mon Nov 23 10:00:00 2026\nSubject: quoted\n',
    'One.\n\n From anna@asiakas.example Mon Nov 23 10:00:00 2026\nSubject: indented\n',
    'One.\n\nfrom anna@asiakas.example Mon Nov 23 10:00:00 2026\nSubject: small\n',
  ])
    it(`splits no mail at ${JSON.stringify(body.slice(5, 45))}`, async () => {
      expect(raws(await take(mbox([mail(1, body), mail(2)])))).to.deep.equal([mail(1, body), mail(2)]);
    });

  it('splits without a blank line where a known field follows', async () => {
    const bare = mail(1).trimEnd();
    expect(raws(await take(`${FROM_LINE}${bare}\n${FROM_LINE}${mail(2)}`))).to.deep.equal([`${bare}\n`, mail(2)]);
  });

  it('believes a Content-Length that leads to the next mail (mboxcl2), and no other', async () => {
    const body = `Look:\n\n${FROM_LINE}Subject: not a mail of its own\n\nthat is all\n`;
    const sized = (length: number) => mail(1, body).replace('\n\n', `\nContent-Length: ${length}\n\n`);
    expect(raws(await take(mbox([sized(body.length), mail(2)])))).to.deep.equal([sized(body.length), mail(2)]);
    expect(raws(await take(mbox([sized(body.length)])))).to.deep.equal([sized(body.length)]);
    for (const wrong of [3, body.length - 4, body.length + 40, 10 ** 9])
      expect(await take(mbox([sized(wrong), mail(2)])), String(wrong))
        .to.have.property('seen')
        .with.lengthOf(3);
  });

  it('believes one that leads to a bare line, also without a blank line between (Netscape)', async () => {
    const sized = (n: number) => mail(n, 'One.\nFrom -\nFrom: x\n').replace('\n\n', '\nContent-Length: 20\n\n');
    const mails = [sized(1), sized(2), sized(3)];
    expect(raws(await take(mails.map(each => `From - \n${each}`).join('')))).to.deep.equal(mails);
  });

  it('makes one interaction of the quoted and the unquoted copy', async () => {
    const body = 'One.\n\nFrom now on it works.\nFrom there too.\n';
    const plain = await takeAll(bench, await bench.write('a.eml', mail(1, body)));
    const mboxrd = body.replace(/^(>*From )/gm, '>$1');
    const quoted = await take(mbox([mail(1, mboxrd)]));
    expect(raws(quoted)).to.deep.equal([mail(1, mboxrd)]);
    expect(quoted.items[0]?.sourceKey).to.equal(plain.items[0]?.sourceKey);
  });

  it('dates a mail without Received by its From_ line', async () => {
    const { items } = await take(mbox([mail(1)]));
    expect(items[0]?.occurredAt.toISOString()).to.equal('2026-11-23T10:00:00.000Z');
  });

  it('dates one by the From_ line of Google Takeout too', async () => {
    const { items } = await take(mbox([mail(1)], 'From 1234567890@xxx Mon Nov 23 10:00:00 +0200 2026\n'));
    expect(items[0]?.occurredAt.toISOString()).to.equal('2026-11-23T08:00:00.000Z');
  });

  it('tells sent mail by the name of the file', async () => {
    const other = mail(1).replace('anna@asiakas', 'somebody@else');
    for (const name of [
      'Sent.mbox',
      'Sent',
      'sent-mail',
      'Sent-2025.mbox',
      'Lähetetyt',
      'Skickat.mbox',
      'Sent.mbox.gz',
    ])
      expect((await take(mbox([other]), name)).items[0]?.direction, name).to.equal('outbound');
    for (const name of ['INBOX.mbox', 'Sentinel.mbox', 'Presented'])
      expect((await take(mbox([other]), name)).items[0]?.direction, name).to.equal('inbound');
  });

  it('gives the same batches, positions and keys again, up to 100 mails or 4 MB each', async () => {
    const many = Array.from({ length: 250 }, (_, n) => mail(n));
    const large = [mail('a', `${'x'.repeat(70)}\n`.repeat(30_000)), mail('b', `${'y'.repeat(70)}\n`.repeat(30_000))];
    const text = mbox([...many, ...large, mail('last')]);
    const once = await take(text);
    const again = await takeAll(bench, join(bench.dir, 'posti.mbox'));
    expect(once.sizes).to.deep.equal([100, 100, 51, 2]);
    expect(subjects(once.items).at(-1)).to.equal('mail last');
    expect(again.positions).to.deep.equal(once.positions);
    expect(new Set(once.positions).size).to.equal(once.positions.length);
    expect(again.items.map(({ sourceKey }) => sourceKey)).to.deep.equal(once.items.map(({ sourceKey }) => sourceKey));
  });

  it('spools a mail over 4 MB, a batch of its own, and removes the spool file', async () => {
    const large = mail('large', `${'z'.repeat(70)}\n`.repeat(80_000));
    const path = await bench.write('posti', mbox([mail(1), large, mail(2)]));
    const spooled: string[][] = [];
    for await (const { items } of bench.batches(path)) {
      if (items[0]?.raw && !items[0].raw.bytes) spooled.push(await bench.left());
      for (const item of items) await item.dispose?.();
    }
    expect(spooled).to.have.lengthOf(1);
    expect(spooled[0]).to.have.lengthOf(1);
    expect(await bench.left()).to.deep.equal([]);
    const taken = await takeAll(bench, path);
    expect(taken.sizes).to.deep.equal([1, 1, 1]);
    expect(raws(taken)[1]).to.equal(large);
  });

  it('leaves no spool file when nobody asks for more', async () => {
    const large = (n: number) => mail(n, `${'z'.repeat(70)}\n`.repeat(80_000));
    const path = await bench.write('posti', mbox([mail(0), large(1), large(2), large(3), large(4)]));
    for await (const { items } of bench.batches(path)) {
      for (const item of items) await item.dispose?.();
      break;
    }
    expect(await bench.left()).to.deep.equal([]);
  });

  it('takes a mail that is only a From_ line as an empty one', async () => {
    const taken = await take(`${FROM_LINE}\n${FROM_LINE}${mail(2)}\n`);
    expect(raws(taken)).to.deep.equal(['', mail(2)]);
    expect(taken.items[0]?.notice).to.be.a('string');
  });
});
