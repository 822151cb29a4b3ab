import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { type Account, ConnectorError } from '../../../../connectors/contract.ts';
import { configSchema, type EmailConfig } from '../../../../connectors/email/imap/config.ts';
import { tokensOf } from '../../../../connectors/email/imap/oauth.ts';
import { type ScriptedServer, startScript } from '../../../support/imap-script.ts';
import { mailOf, type Running, startPull } from './consumer.ts';

describe('email: sign-in', function () {
  this.timeout(20_000);
  const folders = { INBOX: { uidValidity: 7, mails: [{ uid: 1, bytes: mailOf(1) }] } };
  let server: ScriptedServer | undefined;
  let running: Running | undefined;
  let tokens: Server | undefined;

  afterEach(async () => {
    await running?.stop();
    await server?.stop();
    tokens?.close();
    running = server = tokens = undefined;
  });

  const configOf = (more: object) => ({
    host: '127.0.0.1',
    port: server?.port,
    security: 'none',
    user: 'user',
    ...more,
  });

  it('parks the account when the sign-in is refused, and says so', async () => {
    server = await startScript({ password: 'another' });
    running = await startPull(configOf({ password: 'secret' }));
    const error = await running.ended;
    running = undefined;
    expect(error).to.be.instanceOf(ConnectorError).with.property('remedy', 'stop');
    expect((error as Error).message).to.match(/refused user or password/);
  });

  it('tells the core to try again when the server is busy', async () => {
    server = await startScript({
      twist: (command, talk) => {
        if (command.name !== 'LOGIN') return false;
        talk.say(`${command.tag} NO [UNAVAILABLE] Temporary authentication failure`);
        return true;
      },
    });
    running = await startPull(configOf({ password: 'secret' }));
    const error = await running.ended;
    running = undefined;
    expect(error).to.be.instanceOf(ConnectorError).with.property('remedy', 'retry');
  });

  const asked: URLSearchParams[] = [];
  let answer: { status: number; body: object };

  const oauth2 = () => ({
    clientId: 'id',
    clientSecret: 'client secret',
    refreshToken: 'refresh',
    tokenUrl: `http://127.0.0.1:${(tokens?.address() as AddressInfo | undefined)?.port}/token`,
  });

  beforeEach(async () => {
    asked.length = 0;
    answer = { status: 200, body: { access_token: 'good', expires_in: 3600, refresh_token: 'rotated' } };
    tokens = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      asked.push(new URLSearchParams(body));
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
    await new Promise<void>(resolve => tokens?.listen(0, '127.0.0.1', resolve));
  });

  for (const capabilities of ['IMAP4rev1 AUTH=XOAUTH2 IDLE', 'IMAP4rev1 AUTH=XOAUTH2 SASL-IR IDLE'])
    it(`OAuth 2.0: signs in with a fresh token, asked for once (${capabilities})`, async () => {
      server = await startScript({ capabilities, folders, tokens: new Set(['good']) });
      running = await startPull(configOf({ oauth2: oauth2() }));
      await running.until(() => running?.store.positions.get('INBOX')?.comparedAt != null);
      expect(asked.map(form => Object.fromEntries(form))).to.deep.equal([
        { grant_type: 'refresh_token', client_id: 'id', client_secret: 'client secret', refresh_token: 'refresh' },
      ]);
      expect(server.connections.length).to.be.above(1);
    });

  it('OAuth 2.0: refreshes once when the mail server refuses the token, then parks', async () => {
    server = await startScript({ capabilities: 'IMAP4rev1 AUTH=XOAUTH2', tokens: new Set(['other']) });
    running = await startPull(configOf({ oauth2: oauth2() }));
    const error = await running.ended;
    running = undefined;
    expect(error).to.have.property('remedy', 'stop');
    expect(asked.map(form => form.get('refresh_token'))).to.deep.equal(['refresh', 'rotated']);
  });

  it('OAuth 2.0: goes on by itself once a setting lets the hub reach the token address, and says which', async () => {
    const config = configSchema.parse({ host: 'imap.example.org', user: 'tuki', oauth2: oauth2() });
    const refused = Object.assign(new Error('oauth.example.org is not listed'), { name: 'OutgoingRefused' });
    const account = { config, log: { warn: () => undefined } } as unknown as Account<EmailConfig>;
    const error = await tokensOf(() => Promise.reject(refused), account)
      ?.get()
      .catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(ConnectorError).with.property('remedy', 'retry');
    expect((error as Error).message).to.match(/oauth\.example\.org .*TALTEEN_OUTGOING_HOSTS/);
  });

  it('OAuth 2.0: parks when the refresh token was withdrawn, and tries again when the token address is down', async () => {
    server = await startScript({ capabilities: 'IMAP4rev1 AUTH=XOAUTH2' });
    for (const [status, body, remedy] of [
      [400, { error: 'invalid_grant' }, 'stop'],
      [503, {}, 'retry'],
    ] as const) {
      answer = { status, body };
      running = await startPull(configOf({ oauth2: oauth2() }));
      expect(await running.ended).to.have.property('remedy', remedy);
    }
    running = undefined;
  });
});
