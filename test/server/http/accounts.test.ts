import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { openSecrets } from '../../../server/access/secrets.ts';
import { makeAccounts } from '../../../server/accounts/index.ts';
import { batchOf, COUNTRY, mailItem } from '../../support/capture.ts';
import { mail, pushed, startApp, type TestApp } from './support.ts';

const SECRET = 'hunter2-hunter2';
const mailbox = { host: 'imap.varaamo.example', user: 'tuki@varaamo.example', password: SECRET };

describe('http: accounts', () => {
  let app: TestApp;
  let id: string;
  before(async () => {
    app = await startApp();
    const made = await app.as('POST', 'accounts', {
      json: {
        connector: 'email',
        name: 'Tuki',
        config: { ...mailbox, oauth2: { clientId: 'c', refreshToken: SECRET, tokenUrl: 'https://login.example/t' } },
      },
    });
    expect(made.status, JSON.stringify(made.body)).to.equal(201);
    id = made.body.id;
  });
  after(() => app.close());

  it('never gives a secret back, by any call, and does not store it in the clear', async () => {
    const replies = [
      await app.as('GET', `accounts/${id}`),
      await app.as('GET', 'accounts'),
      await app.as('PATCH', `accounts/${id}`, { json: { name: 'Tuki' } }),
    ];
    for (const { status, bytes } of replies) {
      expect(status).to.equal(200);
      expect(bytes.toString()).to.include('imap.varaamo.example').and.not.include(SECRET);
    }
    const [account] = replies;
    expect(account?.body.secrets).to.have.members(['password', 'oauth2.refreshToken']);
    expect(account?.body.config.oauth2).to.include({ clientId: 'c' });
    expect(JSON.stringify(await app.models.accounts.find().lean())).to.not.include(SECRET);
  });

  it('says what DESIGN 10 promises', async () => {
    await app.hub.take([batchOf([mailItem(1), mailItem(2)])], { account: id, connector: mail });
    const { body } = await app.as('GET', `accounts/${id}`);
    expect(body).to.deep.include({
      id,
      connector: 'email',
      name: 'Tuki',
      state: 'running',
      lastError: null,
      lagSeconds: null,
      webhooks: [],
      addresses: ['tuki@varaamo.example'],
    });
    expect(body.counts).to.eql({ stored: 2, duplicate: 0, quarantined: 0 });
    expect(body.folders).to.have.length(1);
    expect(body.folders[0]).to.include({ name: 'INBOX', stored: 2, quarantined: 0, held: null, comparedAt: null });
  });

  it('says of each folder that all of it is here, though it was known from elsewhere or came again', async () => {
    const take = (stream: string, uidValidity: string, from: number, uids: number[]) => {
      const items = uids.map(uid => mailItem(from + uid, { sighting: { folder: stream, uidValidity, uid } }));
      return app.hub.take([batchOf(items, { stream, uidValidity })], { account: id, connector: mail });
    };
    const stored = async () => {
      const { folders, counts } = (await app.as('GET', `accounts/${id}`)).body;
      return {
        ...Object.fromEntries(folders.map((one: { name: string; stored: number }) => [one.name, one.stored])),
        counts,
      };
    };
    await take('Copies', '3', 0, [1, 2]);
    await take('Copies', '3', 0, [3]);
    expect(await stored()).to.eql({ INBOX: 2, Copies: 3, counts: { stored: 3, duplicate: 2, quarantined: 0 } });
    await take('Copies', '3', 0, [1, 2, 3]);
    expect(await stored()).to.include({ INBOX: 2, Copies: 3 });
    await take('Copies', '4', 0, [1]);
    expect(await stored()).to.include({ INBOX: 2, Copies: 1 });
    await take('Copies', '4', 0, [1, 2, 3]);
    await take('Copies', '3', 0, [1, 2, 3]);
    expect(await stored()).to.include({ INBOX: 2, Copies: 3 });
    await app.models.checkpoints.updateOne({ _id: `${id}:INBOX` }, { $unset: { present: 1 } });
    expect(await stored()).to.include({ INBOX: 2 });
    await take('INBOX', '7', 0, [2, 9]);
    expect(await stored()).to.include({ INBOX: 3 });
  });

  it('merges config, keeps what is left out, clears by null, and names a fault', async () => {
    const patch = (config: unknown) => app.as('PATCH', `accounts/${id}`, { json: { config } });
    expect((await patch({ since: '2026-01-01', oauth2: { scope: 's' } })).body.config).to.deep.include({
      host: mailbox.host,
      since: '2026-01-01',
    });
    expect((await patch({ oauth2: null })).body.secrets).to.eql(['password']);
    const doc = await app.models.accounts.findById(id).lean();
    expect(app.accounts && (await app.open(doc as never, { use: 'pull' })).config).to.deep.include({
      password: SECRET,
      since: '2026-01-01',
    });
    const refused = await patch({ security: 'odd', password: null });
    expect(refused.status).to.equal(422);
    expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).to.include('/config/security');
    expect(refused.bytes.toString()).to.not.include(SECRET);
    expect((await app.as('GET', `accounts/${id}`)).body.secrets).to.eql(['password']);
  });

  it('asks for a secret again when it would go to another server than it was given for, saved or tested', async () => {
    const made = await app.as('POST', 'accounts', {
      json: {
        connector: 'email',
        name: 'Sealed for one server',
        config: {
          ...mailbox,
          oauth2: { clientId: 'c', clientSecret: SECRET, refreshToken: SECRET, tokenUrl: 'https://login.example/t' },
        },
      },
    });
    const at = `accounts/${made.body.id}`;
    const asked = async (config: unknown) => {
      const replies = await Promise.all([
        app.as('PATCH', at, { json: { config } }),
        app.as('POST', `${at}/test`, { json: { config } }),
      ]);
      expect(replies[0]?.body.errors).to.eql(replies[1]?.body.errors);
      expect(replies.map(({ status }) => status)).to.eql([422, 422]);
      return replies[0]?.body.errors.map(({ pointer }: { pointer: string }) => pointer);
    };
    const server = ['/config/password', '/config/oauth2/refreshToken'];
    const elsewhere = { tokenUrl: 'https://evil.example/t' };
    expect(await asked({ host: 'evil.example' })).to.have.members(server);
    expect(await asked({ security: 'none' })).to.have.members(server);
    expect(await asked({ tls: { servername: 'evil.example' } })).to.have.members(server);
    expect(await asked({ oauth2: elsewhere })).to.have.members([
      '/config/oauth2/clientSecret',
      '/config/oauth2/refreshToken',
    ]);
    expect(await asked({ host: 'evil.example', password: 'new' })).to.eql(['/config/oauth2/refreshToken']);
    const { status, body } = await app.as('PATCH', at, { json: { config: { tls: {}, port: 1993, user: 'other' } } });
    expect([status, body.config.host]).to.eql([200, mailbox.host]);
    const moved = { host: 'imap2.varaamo.example', password: 'new', oauth2: null };
    expect((await app.as('PATCH', at, { json: { config: moved } })).body.config.host).to.equal(moved.host);
  });

  it('lets nobody read folders of the machine but who sees all accounts, and nobody the hub’s own', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'talteen-watched-'));
    const link = join(elsewhere, 'link');
    await symlink(app.dataDir, link);
    const json = { connector: 'pushed', name: 'Of a folder', config: { secret: 'abcd' } };
    const { id: at } = (await app.as('POST', 'accounts', { json })).body;
    const { token } = await app.access.tokens.create({ name: 'limited', role: 'administrator', account: at });
    const asked = async (folder: string | null, as?: string) => {
      const sent = { json: { config: { secret: 'abcd', folder } }, ...(as ? { token: as } : {}) };
      const saved = await app.as('PATCH', `accounts/${at}`, sent);
      const tested = await app.as('POST', `accounts/${at}/test`, sent);
      const tried = await app.as('POST', 'connectors/pushed/test', sent);
      expect(tested.status).to.equal(saved.status);
      return { status: saved.status, tried: tried.status, pointer: saved.body.errors?.[0].pointer };
    };
    const refused = { status: 422, tried: 422, pointer: '/config/folder' };
    try {
      expect(await asked(elsewhere, token), 'by who sees one account').to.eql(refused);
      for (const ours of [app.dataDir, join(app.dataDir, 'uploads'), dirname(app.dataDir), '/', link, `${link}/db`])
        expect(await asked(ours), ours).to.eql(refused);
      expect(await asked(elsewhere)).to.include({ status: 200, tried: 200 });
      expect(await asked(elsewhere, token), 'what it is already').to.include({ status: 200, tried: 422 });
      expect((await asked('', token)).status, 'none is another').to.equal(422);
      expect((await app.models.accounts.findById(at).lean())?.config).to.eql({ folder: elsewhere });
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  });

  it('pauses, resumes, and goes on once the config of a parked one is mended', async () => {
    const revision = async () => (await app.models.accounts.findById(id).lean())?.revision ?? 0;
    const before = await revision();
    expect((await app.as('PATCH', `accounts/${id}`, { json: { state: 'paused' } })).body.state).to.equal('paused');
    expect((await app.as('PATCH', `accounts/${id}`, { json: { state: 'running' } })).body.state).to.equal('running');
    await app.models.accounts.updateOne({ _id: id }, { $set: { state: 'parked', lastError: 'wrong password' } });
    expect((await app.as('GET', `accounts/${id}`)).body).to.include({ state: 'parked', lastError: 'wrong password' });
    const mended = await app.as('PATCH', `accounts/${id}`, { json: { config: { password: 'right' } } });
    expect(mended.body).to.include({ state: 'running', lastError: null });
    expect(await revision()).to.equal(before + 3);
    expect((await app.as('PATCH', `accounts/${id}`, { json: { state: 'parked' } })).status).to.equal(422);
  });

  it('names a config that is nested too deeply to be walked', async () => {
    const deep = `{"config":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`;
    const headers = { 'content-type': 'application/json' };
    for (const [method, path] of [
      ['PATCH', `accounts/${id}`],
      ['POST', `accounts/${id}/test`],
      ['POST', 'connectors/email/test'],
    ] as const) {
      const { status, body } = await app.as(method, path, { headers, body: deep });
      expect([status, body.errors], path).to.eql([422, [{ pointer: '/config', detail: 'nested too deeply' }]]);
    }
  });

  it('has names that are unique, case aside', async () => {
    const twice = await app.as('POST', 'accounts', { json: { connector: 'email', name: 'TUKI', config: mailbox } });
    expect(twice.status).to.equal(409);
    expect(twice.body.errors[0].pointer).to.equal('/name');
  });

  it('tests a connection rung by rung, all at once or line by line', async () => {
    const all = await app.as('POST', `accounts/${id}/test`);
    expect(all.body).to.eql({
      ok: true,
      rungs: [
        { name: 'name', ok: true, detail: 'found' },
        { name: 'sign-in', ok: true, detail: 'welcome' },
      ],
    });
    const lines = await app.as('POST', 'connectors/email/test', {
      json: { config: { ...mailbox, host: 'broken.example' } },
      headers: { accept: 'application/x-ndjson' },
    });
    expect(lines.headers.get('content-type')).to.match(/^application\/x-ndjson/);
    expect(
      lines.bytes
        .toString()
        .trim()
        .split('\n')
        .map(line => JSON.parse(line)),
    ).to.eql([
      { name: 'name', ok: true, detail: 'found' },
      { name: 'settings', ok: false, detail: 'Nobody answers there.' },
    ]);
    expect((await app.as('POST', `accounts/${id}/test`, { json: { config: { security: 'odd' } } })).status).to.equal(
      422,
    );
    expect((await app.as('POST', 'connectors/none/test', { json: { config: {} } })).status).to.equal(404);
  });

  it('lists connectors with the schema of their settings', async () => {
    const { body } = await app.as('GET', 'connectors');
    const [email] = body.items;
    expect(email).to.include({ id: 'email', label: 'E-mail' });
    expect(email.schema.properties).to.include.keys('host', 'port', 'security', 'user', 'password', 'folders', 'since');
    expect(email.capabilities).to.eql({ test: true, pull: false, import: true, receive: false });
  });

  it('is gone once deleted; its interactions and its name are not lost', async () => {
    const { token, doc } = await app.access.tokens.create({ name: 'its own', role: 'source', account: id });
    const known = () => app.access.authenticate({ headers: {}, token });
    expect(await known()).to.include({ role: 'source' });
    const changed: string[] = [];
    app.access.events.on('changed', one => changed.push(one));
    expect((await app.as('DELETE', `accounts/${id}`)).status).to.equal(204);
    expect(await known(), 'its token').to.equal(null);
    expect(changed).to.eql([doc._id]);
    for (const method of ['GET', 'DELETE']) expect((await app.as(method, `accounts/${id}`)).status).to.equal(404);
    expect((await app.models.accounts.findById(id).lean())?.sealed).to.equal(null);
    expect((await app.as('GET', `interactions?account=${id}`)).body.items).to.have.length(4);
    expect(
      (await app.as('POST', 'accounts', { json: { connector: 'email', name: 'Tuki', config: mailbox } })).status,
    ).to.equal(201);
  });

  it('no longer counts an address as ours that its account has not, or whose account is gone', async () => {
    const anna = { identifiers: [{ type: 'email', value: 'anna@customer.example' }] };
    const erkki = { identifiers: [{ type: 'email', value: 'erkki@customer.example' }] };
    const addresses = ['support@a.example', 'anna@customer.example', 'erkki@customer.example'];
    const made = await app.as('POST', 'accounts', {
      json: { connector: 'email', name: 'Of somebody else', config: { ...mailbox, addresses } },
    });
    const create = async (json: object) => (await app.as('POST', 'contacts', { json })).status;
    expect(await create(anna)).to.equal(422);
    await app.as('PATCH', `accounts/${made.body.id}`, { json: { config: { addresses: addresses.toSpliced(1, 1) } } });
    expect(await create(anna)).to.equal(201);
    expect(await create(erkki)).to.equal(422);
    expect((await app.as('DELETE', `accounts/${made.body.id}`)).status).to.equal(204);
    expect(await create(erkki)).to.equal(201);
  });

  it('answers what is committed, also when those who are told of it can not look just then', async () => {
    const { models, access } = app;
    const warned: string[] = [];
    const accounts = makeAccounts({
      models,
      access,
      connectors: new Map([[pushed.id, pushed]]),
      sealer: await openSecrets(models, { secret: 'a secret of the tests' }),
      country: COUNTRY,
      dataDir: app.dataDir,
      open: () => Promise.reject(new Error('nobody opens it')),
      onChanged: () => Promise.reject(new Error('the database is away')),
      log: { warn: (_, message) => void warned.push(message) },
    });
    const config = { secret: 'abcd' };
    const { _id } = await accounts.create({ connector: 'pushed', name: 'Told', config, state: 'running' });
    expect((await accounts.change(_id, { name: 'Not told' }, { accounts: null }))?.name).to.equal('Not told');
    expect(await accounts.remove(_id)).to.equal(true);
    expect(warned).to.have.length(3);
  });
});
