import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { ImapFlow } from 'imapflow';
import { type Dovecot, startDovecot } from './dovecot.ts';
import { needs } from './needs.ts';

const mail = (n: number) => Buffer.from(`From: a@example.org\r\nSubject: ${n}\r\n\r\nbody ${n}\r\n`);

describe('test support: a private Dovecot', () => {
  let dovecot: Dovecot;
  const client = (secure: boolean, doSTARTTLS: boolean) => {
    const { user, password } = dovecot.user('maija@example.org');
    const port = secure ? (dovecot.tlsPort ?? 0) : dovecot.port;
    const tls = { ca: dovecot.ca ?? '' };
    return new ImapFlow({
      host: dovecot.host,
      port,
      secure,
      doSTARTTLS,
      tls,
      auth: { user, pass: password },
      logger: false,
    });
  };

  before(async function () {
    needs(this, 'dovecot', 'openssl');
    dovecot = await startDovecot({ users: ['maija@example.org', { user: 'pekka', password: 'x' }] });
  });
  after(() => dovecot?.stop());

  for (const [name, secure, starttls] of [
    ['plain', false, false],
    ['STARTTLS', false, true],
    ['implicit TLS', true, false],
  ] as const)
    it(`lets a user in by ${name}`, async () => {
      const imap = client(secure, starttls);
      await imap.connect();
      expect(imap.secureConnection).to.equal(name !== 'plain');
      expect((await imap.list()).map(each => each.specialUse)).to.include.members([
        '\\Sent',
        '\\Trash',
        '\\Junk',
        '\\Drafts',
      ]);
      await imap.logout();
    });

  it('serves what was delivered, byte for byte and in order', async () => {
    await dovecot.deliverAll('maija@example.org', 'INBOX', [1, 2, 3].map(mail));
    await dovecot.deliver('maija@example.org', 'Work/2024', mail(4), {
      flags: 'S',
      at: new Date('2024-05-01T10:00:00Z'),
    });
    const imap = client(false, false);
    await imap.connect();
    await imap.mailboxOpen('INBOX', { readOnly: true });
    const seen = await imap.fetchAll('1:*', { uid: true, source: true, flags: true });
    expect(seen.map(each => each.source?.toString())).to.deep.equal([1, 2, 3].map(n => mail(n).toString()));
    await imap.mailboxOpen('Work/2024', { readOnly: true });
    const [old] = await imap.fetchAll('1', { flags: true, internalDate: true });
    expect(old?.flags).to.include('\\Seen');
    expect(old?.internalDate).to.deep.equal(new Date('2024-05-01T10:00:00Z'));
    await imap.logout();
  });

  it('gives a folder a new UIDVALIDITY on request', async () => {
    const validity = async () => {
      const imap = client(false, false);
      await imap.connect();
      const status = await imap.status('INBOX', { uidValidity: true });
      await imap.logout();
      return status ? status.uidValidity : undefined;
    };
    const before = await validity();
    await dovecot.resetUids('maija@example.org', 'INBOX');
    expect(await validity()).to.not.equal(before);
  });

  it('serves many clients at once and runs doveadm', async () => {
    const clients = Array.from({ length: 30 }, () => client(false, false));
    await Promise.all(clients.map(each => each.connect()));
    expect(await dovecot.doveadm('who', '-1')).to.include('maija@example.org');
    await Promise.all(clients.map(each => each.logout()));
  });

  it('asks an address about XOAUTH2 tokens', async () => {
    const judge = createServer((request, response) => {
      const good = new URL(request.url ?? '', 'http://judge').searchParams.get('token') === 'good';
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ username: 'maija', active: String(good) }));
    }).listen(0, '127.0.0.1');
    await once(judge, 'listening');
    const { port } = judge.address() as AddressInfo;
    const server = await startDovecot({ users: ['maija'], introspectionUrl: `http://127.0.0.1:${port}/?token=` });
    const sign = async (accessToken: string) => {
      const imap = new ImapFlow({
        host: server.host,
        port: server.port,
        auth: { user: 'maija', accessToken },
        secure: false,
        doSTARTTLS: false,
        logger: false,
      });
      await imap.connect();
      await imap.logout();
    };
    await sign('good');
    const refused = await sign('bad').catch(error => error);
    expect(refused.authenticationFailed).to.equal(true);
    await server.stop();
    judge.closeAllConnections();
    judge.close();
  });
});
