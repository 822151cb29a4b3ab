import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Account, Connector } from '../../../../connectors/contract.ts';
import type { EmailConfig } from '../../../../connectors/email/imap/config.ts';
import { makePull } from '../../../../connectors/email/imap/pull.ts';
import type { AccountDoc } from '../../../../models/accounts.ts';
import { makePuller } from '../../../../server/capture/puller.ts';
import { mail, startApp, type TestApp } from '../../../server/http/support.ts';
import { type ScriptedServer, startScript } from '../../../support/imap-script.ts';
import { FAST, mailOf, makeStore, readHashes } from './consumer.ts';

describe('email: a provider that gives a new refresh token each time, and refuses the old ones', function () {
  this.timeout(30_000);
  let app: TestApp;
  let server: ScriptedServer;
  let tokens: Server;
  /** the one refresh token that is good */
  let good: string;
  let given = 0;
  let accounts = 0;
  let id: string;

  before(async () => {
    app = await startApp();
    tokens = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const isGood = new URLSearchParams(body).get('refresh_token') === good;
      if (isGood) good = `refresh-${++given}`;
      const answer = isGood
        ? { access_token: 'access', expires_in: 3600, refresh_token: good }
        : { error: 'invalid_grant' };
      response.writeHead(isGood ? 200 : 400, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    await new Promise<void>(resolve => tokens.listen(0, '127.0.0.1', resolve));
    server = await startScript({
      capabilities: 'IMAP4rev1 AUTH=XOAUTH2 SASL-IR',
      folders: { INBOX: { uidValidity: 7, mails: [{ uid: 1, bytes: mailOf(1) }] } },
      tokens: new Set(['access']),
    });
  });
  after(async () => {
    await server.stop();
    tokens.close();
    await app.close();
  });

  beforeEach(async () => {
    good = 'the first';
    const { body } = await app.as('POST', 'accounts', {
      json: {
        connector: 'email',
        name: `Tuki ${++accounts}`,
        state: 'paused',
        config: {
          host: '127.0.0.1',
          port: server.port,
          security: 'none',
          user: 'user',
          oauth2: {
            clientId: 'id',
            clientSecret: 'client secret',
            refreshToken: good,
            tokenUrl: `http://127.0.0.1:${(tokens.address() as AddressInfo).port}/token`,
          },
        },
      },
    });
    id = body.id;
  });

  const docOf = async () => (await app.models.accounts.findById(id).lean<AccountDoc>()) as AccountDoc;
  const open = async () => (await app.open(await docOf(), { use: 'pull' })) as Account<EmailConfig>;
  const stored = async () => (await open()).config.oauth2?.refreshToken;
  const patch = (config: object) => app.as('PATCH', `accounts/${id}`, { json: { config } });

  /** Pulls until INBOX was compared, as after a start. */
  const pullOnce = async (account: Account<EmailConfig>): Promise<number> => {
    const store = makeStore();
    const pull = makePull({ read: readHashes, fetch, times: FAST });
    for await (const batch of pull(account, store.checkpoints, new AbortController().signal)) {
      await store.store(batch);
      if (store.positions.get('INBOX')?.comparedAt != null) break;
    }
    return store.items.length;
  };

  it('signs in again after each restart', async () => {
    for (let start = 0; start < 3; start++) {
      expect(await pullOnce(await open())).to.equal(1);
      expect(await stored()).to.equal(good);
    }
    expect(JSON.stringify(await docOf())).to.not.include(good);
  });

  it('keeps it beside what an administrator changes meanwhile', async () => {
    const account = await open();
    await patch({ addresses: ['tuki@kuusilahti.example'], oauth2: { clientSecret: 'another' } });
    await Promise.all([account.remember?.({ oauth2: { refreshToken: 'newer' } }), patch({ folders: ['INBOX'] })]);
    const { config } = await open();
    expect(config).to.deep.include({ addresses: ['tuki@kuusilahti.example'], folders: ['INBOX'] });
    expect(config.oauth2).to.include({ clientSecret: 'another', refreshToken: 'newer' });
    await account.remember?.({ oauth2: { refreshToken: 'newest' }, host: 'no secret' });
    expect(await stored()).to.equal('newest');
    expect((await docOf()).config.host).to.equal('127.0.0.1');
  });

  it("leaves an administrator's newer one", async () => {
    const account = await open();
    await patch({ oauth2: { refreshToken: 'of the administrator' } });
    await account.remember?.({ oauth2: { refreshToken: 'too late' } });
    expect(await stored()).to.equal('of the administrator');
    await patch({ oauth2: null, password: 'secret' });
    await account.remember?.({ oauth2: { refreshToken: 'too late' } });
    expect((await open()).config.oauth2).to.equal(undefined);
    await app.as('DELETE', `accounts/${id}`);
    await account.remember?.({ oauth2: { refreshToken: 'too late' } });
    expect((await docOf()).sealed).to.equal(null);
  });

  it('pulls on when a connection test took the token, and parks when it was withdrawn', async () => {
    let pulls = 0;
    const connector: Connector = {
      ...mail,
      // biome-ignore lint/correctness/useYield: it only signs in
      async *pull(account) {
        if (++pulls === 1) await pullOnce((await open()) as never);
        await pullOnce(account as Account<EmailConfig>);
        good = 'withdrawn';
        await pullOnce(account as Account<EmailConfig>);
      },
    };
    const puller = makePuller({
      models: app.models,
      connectors: new Map([['email', connector]]),
      acquire: app.hub.acquire,
      pump: app.hub.pump,
      open: doc => app.open(doc, { use: 'pull' }),
      log: { info: () => undefined, warn: () => undefined },
    });
    await app.as('PATCH', `accounts/${id}`, { json: { state: 'running' } });
    puller.start();
    try {
      while ((await docOf()).state === 'running') await new Promise(resolve => setTimeout(resolve, 50));
    } finally {
      await puller.stop();
    }
    expect(await docOf())
      .to.include({ state: 'parked' })
      .and.have.property('lastError')
      .that.matches(/withdrawn/);
    expect(pulls).to.be.within(2, 3);
  });
});
