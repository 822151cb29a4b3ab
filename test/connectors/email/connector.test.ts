import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import type { Account, Captured } from '../../../connectors/contract.ts';
import type { EmailConfig } from '../../../connectors/email/imap/config.ts';
import { makeEmailConnector } from '../../../connectors/email/index.ts';
import { type Dovecot, startDovecot } from '../../support/dovecot.ts';
import { needs } from '../../support/needs.ts';
import { hashOf, makeStore } from './imap/consumer.ts';

const mail = (subject: string, file = 'hello') =>
  Buffer.from(
    [
      'From: =?utf-8?q?P=C3=A4ivi?= <paivi@asiakas.example>',
      'To: tuki@talteen.example',
      `Subject: ${subject}`,
      'Message-ID: <1@asiakas.example>',
      'Date: Mon, 3 Jun 2024 10:00:00 +0300',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Hei!',
      '--b',
      'Content-Type: application/octet-stream; name=a.bin',
      'Content-Disposition: attachment; filename=a.bin',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from(file).toString('base64').replace(/.{76}/g, '$&\r\n'),
      '--b--',
      '',
    ].join('\r\n'),
  );

const read = async (stream: Readable): Promise<Buffer> => Buffer.concat(await stream.toArray());

describe('email: the connector', function () {
  this.timeout(60_000);
  const connector = makeEmailConnector({ fetch: globalThis.fetch, times: { status: 500 } });
  let dovecot: Dovecot;
  let account: Account<EmailConfig>;

  before(async function () {
    needs(this, 'dovecot', 'openssl');
    dovecot = await startDovecot({ users: ['tuki@talteen.example'], tls: false });
    const { user, password } = dovecot.user('tuki@talteen.example');
    const config = { host: dovecot.host, port: dovecot.port, security: 'none', user, password };
    account = {
      id: 'a',
      name: 'a',
      config: connector.configSchema.parse(config),
      ours: { addresses: new Set(['tuki@talteen.example']), domains: new Set() },
      spool: await mkdtemp(join(tmpdir(), 'spool-')),
      log: { info: () => {}, warn: () => {} },
    };
  });
  after(() => account && rm(account.spool, { recursive: true, force: true }));

  const take = async (count: number): Promise<Captured[]> => {
    const store = makeStore();
    const ending = new AbortController();
    const items: Captured[] = [];
    for await (const batch of connector.pull?.(account, store.checkpoints, ending.signal) ?? []) {
      items.push(...batch.items);
      if (items.length >= count) break;
    }
    ending.abort();
    return items;
  };

  it('pulls mails as items: parsed, with their original, their parts and where they lie', async () => {
    const { user } = dovecot.user('tuki@talteen.example');
    const large = mail('large', 'x'.repeat(5_000_000));
    await dovecot.deliverAll(user, 'INBOX', [mail('small'), large]);
    const items = await take(2);
    expect(items.map(item => item.subject)).to.deep.equal(['small', 'large']);
    for (const [i, item] of items.entries()) {
      expect(item).to.include({ channel: 'email', direction: 'inbound', keyScope: 'author', text: 'Hei!' });
      expect(item.participants[0]).to.deep.include({ role: 'from', name: 'Päivi' });
      expect(item.sighting).to.include({ folder: 'INBOX', uid: i + 1 });
      expect(item.raw?.sha256).to.equal(hashOf(i ? large : mail('small')));
      const bytes = await read((item.parts[0] as Captured['parts'][number]).open());
      expect(bytes.toString()).to.equal(i ? 'x'.repeat(5_000_000) : 'hello');
    }
    expect(await readdir(account.spool)).to.have.lengthOf(1);
    for (const item of items) await item.dispose?.();
    expect(await readdir(account.spool)).to.deep.equal([]);
  });

  it('reads an original again, also a large one, to the same key', async () => {
    for (const bytes of [mail('small'), mail('large', 'x'.repeat(5_000_000))]) {
      const raw = {
        type: 'message/rfc822',
        size: bytes.length,
        sha256: hashOf(bytes),
        open: () => Readable.from([bytes]),
      };
      const item = (await connector.reparse?.(account, raw)) as Captured;
      expect(item.sourceKey).to.match(/^[0-9a-f]{64}$/);
      expect(item.raw?.sha256).to.equal(hashOf(bytes));
      expect(item).to.not.have.property('sighting');
      const part = (await connector.openPart?.(raw, 1)) as Readable;
      expect((await read(part)).length).to.equal(item.parts[0]?.size);
      await item.dispose?.();
    }
    expect(await readdir(account.spool)).to.deep.equal([]);
  });
});
