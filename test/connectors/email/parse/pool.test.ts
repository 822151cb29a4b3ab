import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseFallback } from '../../../../connectors/email/parse/fallback.ts';
import { type MailPool, makeMailPool } from '../../../../connectors/email/parse/pool.ts';
import { bytesOf, capturedAt, head, parse } from './mails.ts';

const mailOf = (body: string): Buffer => bytesOf([...head(), '', body]);
const context = { capturedAt };
const url = new URL('./bad-worker.ts', import.meta.url);

describe('the pool of parse workers', () => {
  let pool: MailPool;
  afterEach(() => pool.close());

  it('gives what parsing in place gives, in order, and leaves the bytes alone', async () => {
    pool = makeMailPool();
    const mails = Array.from({ length: 230 }, (_, i) => mailOf(`mail ${i} ${'ä'.repeat(i * 50)}`));
    const shared = Buffer.concat(mails);
    const ends = mails.map((_, i) => Buffer.concat(mails.slice(0, i + 1)).length);
    const views = ends.map((end, i) => shared.subarray(ends[i - 1] ?? 0, end));
    const parsed = await Promise.all(views.map(bytes => pool.parse({ bytes }, context)));
    expect(parsed).to.deep.equal(mails.map(bytes => parse(bytes)));
    expect(shared.equals(Buffer.concat(mails))).to.equal(true);
  });

  it('reads spooled mail, and rejects when the file is gone', async () => {
    pool = makeMailPool({ size: 1 });
    const folder = await mkdtemp(join(tmpdir(), 'talteen-pool-'));
    const path = join(folder, 'mail');
    await writeFile(path, mailOf('spooled'));
    expect((await pool.parse({ path }, context)).text).to.equal('spooled');
    await rm(folder, { recursive: true });
    expect(await pool.parse({ path }, context).catch(error => error.code)).to.equal('ENOENT');
  });

  for (const [how, reason] of [
    ['EXIT', /parser/],
    ['HANG', /longer than 0\.5 s/],
    ['THROW', /parser broke/],
    ['MEMORY', /memory/],
  ] as const) {
    it(`a mail at which a worker fails (${how}) comes back read in part, those beside it whole`, async () => {
      pool = makeMailPool({ url, timeout: how === 'HANG' ? 500 : 30_000, heap: 64 });
      await Promise.all([1, 2].map(i => pool.parse({ bytes: mailOf(`warm ${i}`) }, context)));
      const bodies = Array.from({ length: 40 }, (_, i) => (i === 17 ? `${how} it` : `mail ${i}`));
      const parsed = await Promise.all(bodies.map(body => pool.parse({ bytes: mailOf(body) }, context)));
      expect(parsed.map(({ text }) => text)).to.deep.equal(bodies);
      expect(parsed.filter(({ notice }) => notice)).to.have.length(1);
      expect(parsed[17]?.notice)
        .to.match(reason)
        .and.match(/original is kept/);
      expect(parsed[17]).to.include({ subject: 'Hei', key: parse(mailOf(`${how} it`)).key });
    }).timeout(60_000);
  }

  it('says so when its workers do not start, and gives up no mail for it', async () => {
    pool = makeMailPool({ url: new URL('./no-such-worker.ts', import.meta.url) });
    const outcomes = await Promise.allSettled([1, 2].map(i => pool.parse({ bytes: mailOf(`mail ${i}`) }, context)));
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
  }).timeout(60_000);

  it('rejects what waits when it is closed', async () => {
    pool = makeMailPool({ url });
    const waiting = pool.parse({ bytes: mailOf('HANG') }, context).catch(error => error.message);
    await new Promise(resolve => setTimeout(resolve, 50));
    await pool.close();
    expect(await waiting).to.match(/closed/);
    expect(await pool.parse({ bytes: mailOf('x') }, context).catch(error => error.message)).to.match(/closed/);
  });
});

describe('the fallback', () => {
  it('has the same key, hash and header as the parser, and says why', () => {
    const bytes = mailOf('text');
    const { key, sha256, subject, participants, text } = parse(bytes);
    const fallback = parseFallback({ bytes }, context, 'it broke');
    expect(fallback).to.deep.include({ key, sha256, subject, participants, text, parts: [] });
    expect(fallback.notice).to.equal(
      'It could not be read in full (it broke): its header and the beginning of its text are shown, the original is kept.',
    );
  });

  it('shows no more than the beginning, and nothing of a mail with parts', () => {
    expect(parseFallback({ bytes: mailOf('x'.repeat(1_000_000)) }, context, 'r').text?.length).to.equal(65_536);
    expect(
      parseFallback({ bytes: bytesOf([...head('Content-Type: multipart/mixed; boundary=b'), '', '--b']) }, context, 'r')
        .text,
    ).to.equal(undefined);
    expect(parseFallback({ bytes: Buffer.alloc(0) }, context, 'r').notice).to.be.a('string');
  });

  it('names as many of a long list as it has time for, and none by half an address', () => {
    const all = Array.from({ length: 1000 }, (_, n) => `recipient.${n}@customers.example.com`);
    const bytes = bytesOf([...head(`Bcc: ${all.join(',\r\n ')}`), '', 'x']);
    const { participants } = parseFallback({ bytes }, context, 'r');
    const named = participants.filter(({ role }) => role === 'bcc').map(({ value }) => value);
    expect(named.length).to.be.within(300, 999);
    expect(named).to.eql(all.slice(0, named.length));
  });
});
