import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { expect } from 'chai';
import type { Rung } from '../../../../connectors/contract.ts';
import { makeLadder } from '../../../../connectors/email/imap/ladder.ts';
import { type Dovecot, startDovecot } from '../../../support/dovecot.ts';
import { startScript } from '../../../support/imap-script.ts';
import { needs } from '../../../support/needs.ts';
import { mailOf, makeAccount } from './consumer.ts';

const climb = async (config: object): Promise<Rung[]> => {
  const rungs: Rung[] = [];
  const account = await makeAccount(config as Record<string, unknown>);
  for await (const rung of makeLadder({ fetch: globalThis.fetch })(account)) rungs.push(rung);
  await rm(account.spool, { recursive: true });
  return rungs;
};

const names = (rungs: Rung[]) => rungs.map(({ name, ok }) => `${name}${ok ? '' : ' failed'}`);

describe('email: test connection', function () {
  this.timeout(30_000);
  let dovecot: Dovecot;

  before(async function () {
    needs(this, 'dovecot', 'openssl');
    dovecot = await startDovecot({ users: ['anna'] });
    await dovecot.deliverAll('anna', 'INBOX', [
      ...Array.from({ length: 6 }, (_, i) => mailOf(i)),
      Buffer.from('From: a@b.example\r\nSubject: =?utf-8?q?P=C3=A4iv=C3=A4?=\r\n\r\n'),
    ]);
  });

  const base = () => ({ host: 'localhost', user: 'anna', password: 'secret-anna', tls: { ca: dovecot.ca } });

  for (const security of ['tls', 'starttls', 'none'])
    it(`climbs all rungs (${security})`, async () => {
      const port = security === 'tls' ? dovecot.tlsPort : dovecot.port;
      const rungs = await climb({ ...base(), security, port });
      expect(names(rungs)).to.deep.equal(['name', 'TCP', 'TLS', 'sign-in', 'folders', 'sample mails']);
      const [, , , , folders, samples] = rungs;
      expect(folders?.data).to.deep.include({ name: 'INBOX', pulled: true, messages: 7, role: '\\Inbox' });
      expect(folders?.data).to.deep.include({ name: 'Junk', pulled: false, messages: 0, role: '\\Junk' });
      const subjects = (samples?.data ?? []) as { subject: string }[];
      expect(subjects.map(mail => mail.subject)).to.deep.equal(['Päivä', 'mail 5', 'mail 4', 'mail 3', 'mail 2']);
    });

  const failures: [string, () => object, string, RegExp][] = [
    ['a wrong password', () => ({ port: dovecot.tlsPort, password: 'x' }), 'sign-in', /refused user or password/],
    ['an untrusted certificate', () => ({ port: dovecot.tlsPort, tls: null }), 'TLS', /self-signed.*CA certificate/],
    [
      'a certificate for another name',
      () => ({ port: dovecot.tlsPort, tls: { ca: dovecot.ca, servername: 'imap.other.example' } }),
      'TLS',
      /for another name/,
    ],
    ['TLS on the plain port', () => ({ port: dovecot.port }), 'TLS', /does not speak TLS/],
    ['a name that nobody has', () => ({ port: 993, host: 'imap.invalid' }), 'name', /not known|looked up/],
    ['a closed port', () => ({ port: 1 }), 'TCP', /refuses connections/],
    [
      'a folder that is not there',
      () => ({ port: dovecot.tlsPort, folders: ['Nope'] }),
      'folders',
      /no folder named Nope/,
    ],
  ];
  for (const [what, config, rung, words] of failures)
    it(`stops at ${rung} for ${what}, and says what to do`, async () => {
      const rungs = await climb({ ...base(), security: 'tls', ...config() });
      expect(rungs.at(-1)).to.include({ name: rung, ok: false });
      expect(rungs.at(-1)?.detail).to.match(words);
      expect(rungs.slice(0, -1).every(({ ok }) => ok)).to.equal(true);
    });

  it('stops when the port is open and speaks something else', async () => {
    const other: Server = createServer(socket => socket.end('220 smtp.example ESMTP\r\n'));
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const rungs = await climb({ ...base(), security: 'none', port });
    other.close();
    expect(rungs.at(-1)).to.include({ name: 'TCP', ok: false });
    expect(rungs.at(-1)?.detail).to.match(/no IMAP server/);
  });

  it('never signs in plainly when STARTTLS is wanted and not offered', async () => {
    const server = await startScript({
      twist: (command, talk) => {
        if (command.name !== 'STARTTLS') return false;
        talk.say(`${command.tag} BAD unknown command`);
        return true;
      },
    });
    const rungs = await climb({ ...base(), security: 'starttls', port: server.port });
    await server.stop();
    expect(rungs.at(-1)).to.include({ name: 'TLS', ok: false });
    expect(rungs.at(-1)?.detail).to.match(/does not offer STARTTLS/);
    expect(server.commands.map(({ name }) => name)).to.deep.equal(['STARTTLS']);
  });

  it('says when the server takes no password without encryption', async () => {
    const server = await startScript({ capabilities: 'IMAP4rev1 LOGINDISABLED' });
    const rungs = await climb({ ...base(), security: 'none', port: server.port });
    await server.stop();
    expect(rungs.at(-1)).to.include({ name: 'sign-in', ok: false });
    expect(rungs.at(-1)?.detail).to.match(/without encryption/);
  });
});
