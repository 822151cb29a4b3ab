import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { batchOf, mailItem } from '../../support/capture.ts';
import { mail, pushed, SOURCE_ACCOUNT, sha256, startApp, type TestApp, TOKENS } from './support.ts';

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

  it('merges config, keeps what is left out, clears by null, and names a fault', async () => {
    const patch = (config: unknown) => app.as('PATCH', `accounts/${id}`, { json: { config } });
    expect((await patch({ port: 1993, oauth2: { scope: 's' } })).body.config).to.deep.include({
      host: mailbox.host,
      port: 1993,
    });
    expect((await patch({ oauth2: null })).body.secrets).to.eql(['password']);
    const doc = await app.models.accounts.findById(id).lean();
    expect(app.accounts && (await app.open(doc as never, { use: 'pull' })).config).to.deep.include({
      password: SECRET,
      port: 1993,
    });
    const refused = await patch({ security: 'odd', password: null });
    expect(refused.status).to.equal(422);
    expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).to.include('/config/security');
    expect(refused.bytes.toString()).to.not.include(SECRET);
    expect((await app.as('GET', `accounts/${id}`)).body.secrets).to.eql(['password']);
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
    expect((await app.as('DELETE', `accounts/${id}`)).status).to.equal(204);
    for (const method of ['GET', 'DELETE']) expect((await app.as(method, `accounts/${id}`)).status).to.equal(404);
    expect((await app.models.accounts.findById(id).lean())?.sealed).to.equal(null);
    expect((await app.as('GET', `interactions?account=${id}`)).body.items).to.have.length(2);
    expect(
      (await app.as('POST', 'accounts', { json: { connector: 'email', name: 'Tuki', config: mailbox } })).status,
    ).to.equal(201);
  });
});

describe('http: imports and quarantine', () => {
  let app: TestApp;
  before(async () => {
    app = await startApp();
  });
  after(() => app.close());

  const until = async (path: string, state: string) => {
    for (let i = 0; i < 100; i++) {
      const { body } = await app.as('GET', path);
      if (body.state === state) return body;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    throw new Error(`${path} is never ${state}`);
  };
  const form = (...fields: [string, string | Blob, string?][]): FormData => {
    const made = new FormData();
    for (const [name, value, file] of fields)
      typeof value === 'string' ? made.append(name, value) : made.append(name, value, file ?? 'x');
    return made;
  };
  const uploads = () => readdir(join(app.dataDir, 'uploads')).catch(() => []);

  it('takes files and their account in any order, by its id or name, and keeps them until they are captured', async () => {
    const account = (
      await app.as('POST', 'accounts', { json: { connector: 'email', name: 'Archive', config: mailbox } })
    ).body;
    for (const named of [account.id, 'archive']) {
      const sent = await app.as('POST', 'imports', {
        body: form(['file', new Blob(['one']), 'ä.eml'], ['account', named], ['file', new Blob(['two']), 'b.mbox']),
      });
      expect(sent.status, JSON.stringify(sent.body)).to.equal(202);
      expect(sent.body).to.deep.include({ account: account.id, error: null });
      expect(sent.body.files.map(({ name, size }: { name: string; size: number }) => [name, size])).to.eql([
        ['ä.eml', 3],
        ['b.mbox', 3],
      ]);
      const done = await until(`imports/${sent.body.id}`, 'done');
      expect(done.counts).to.eql({ read: 0, stored: 0, duplicate: 0, quarantined: 0 });
    }
    expect((await app.as('GET', 'imports')).body.items).to.have.length(2);
    expect(await uploads()).to.eql([]);
  });

  it('has an account of its own for files that name none', async () => {
    const sent = await app.as('POST', 'imports', { body: form(['file', new Blob(['x'])]) });
    expect(sent.status).to.equal(202);
    expect((await app.as('GET', `accounts/${sent.body.account}`)).body).to.include({
      name: 'imports',
      state: 'paused',
    });
    await until(`imports/${sent.body.id}`, 'done');
  });

  it('leaves nothing of what it refuses', async () => {
    for (const [body, pointer] of [
      [form(['account', 'imports']), '/file'],
      [form(['account', 'none'], ['file', new Blob(['x'])]), '/account'],
    ] as const) {
      const refused = await app.as('POST', 'imports', { body });
      expect(refused.status).to.equal(422);
      expect(refused.body.errors[0].pointer).to.equal(pointer);
    }
    const cut = '--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\nhalf';
    expect(
      (await app.as('POST', 'imports', { body: cut, headers: { 'content-type': 'multipart/form-data; boundary=b' } }))
        .status,
    ).to.equal(400);
    expect(await uploads()).to.eql([]);
  });

  it('imports contacts from CSV, bad lines by number', async () => {
    const csv = 'external_id,first_name,email\n1,Päivi,paivi@kuusilahti.example\n,Nobody,x@y.example\n';
    const sent = await app.as('POST', 'contacts/imports', { body: form(['file', new Blob([csv]), 'contacts.csv']) });
    expect(sent.status, JSON.stringify(sent.body)).to.equal(202);
    const done = await until(`contacts/imports/${sent.body.id}`, 'done');
    expect(done.counts).to.eql({ read: 2, created: 1, changed: 0, unchanged: 0, rejected: 1 });
    expect(done.errors.map(({ line }: { line: number }) => line)).to.eql([3]);
    expect((await app.as('GET', `imports/${sent.body.id}`)).status).to.equal(404);
    expect((await app.as('POST', 'contacts/imports', { body: form(['x', 'y']) })).status).to.equal(422);
  });

  it('shows what is in quarantine, with its bytes or why there are none', async () => {
    const bytes = Buffer.from('broken');
    const raw = { type: 'message/rfc822', size: 6, sha256: sha256(bytes), bytes, open: () => Readable.from([bytes]) };
    const failed = [
      { locator: 'x', reason: 'It breaks off.', size: 6, raw },
      { locator: 'y', reason: 'Its server refuses it.', sighting: { folder: 'INBOX', uidValidity: '7', uid: 3 } },
    ];
    await app.hub.take([batchOf([], { failed, next: {} })], { account: 'q', connector: mail });
    const { body } = await app.as('GET', 'quarantine?account=q');
    expect(
      body.items.map(({ account, reason, state, hasBytes, folder }: Record<string, unknown>) => [
        account,
        reason,
        state,
        hasBytes,
        folder,
      ]),
    ).to.have.deep.members([
      ['q', 'It breaks off.', 'open', true, null],
      ['q', 'Its server refuses it.', 'open', false, 'INBOX'],
    ]);
    const [with_, without] = ['x', 'y'].map(reason =>
      body.items.find(({ hasBytes }: { hasBytes: boolean }) => hasBytes === (reason === 'x')),
    );
    expect((await app.as('GET', `quarantine/${with_.id}/raw`)).bytes.toString()).to.equal('broken');
    const none = await app.as('GET', `quarantine/${without.id}/raw`);
    expect([none.status, none.body.detail]).to.eql([404, 'There are no bytes of this item: it could not be fetched.']);
    const replayed = await app.as('POST', `quarantine/${without.id}/replay`);
    expect(replayed.body).to.deep.include({ id: without.id, state: 'open', reason: 'Its account is gone.' });
    expect((await app.as('GET', 'quarantine?account=other')).body.items).to.eql([]);
    const first = await app.as('GET', 'quarantine?limit=1');
    const second = await app.as('GET', `quarantine?limit=1&before=${first.body.next}`);
    expect(second.body.items[0].id).to.not.equal(first.body.items[0].id);
    expect(second.body.next).to.equal(null);
  });

  it('takes nothing in while the disk is full', async () => {
    const full = await startApp({ isReady: () => false });
    try {
      for (const path of ['imports', 'contacts/imports']) {
        expect((await full.as('POST', path, { body: form(['file', new Blob(['x'])]) })).status).to.equal(503);
      }
      expect((await full.send('GET', '/readyz')).body).to.eql({ status: 'ok', intake: false });
    } finally {
      await full.close();
    }
  });
});

describe('http: what is posted', () => {
  let app: TestApp;
  let id: string;
  before(async () => {
    app = await startApp();
    id = (
      await app.as('POST', 'accounts', { json: { connector: 'pushed', name: 'Pushed', config: { secret: SECRET } } })
    ).body.id;
    await app.models.tokens.updateOne({ name: 'source' }, { $set: { account: id } });
  });
  after(() => app.close());
  const post = (path: string, body: string, token?: string) =>
    app.send('POST', path, { body, headers: { 'content-type': 'text/plain' }, ...(token ? { token } : {}) });

  it('is durable before it is acknowledged, and answered as its connector says', async () => {
    const sent = await post(`/webhooks/${id}/events/deep?a=b`, 'one\ntwo');
    expect(sent.status).to.equal(201);
    expect(sent.headers.get('x-reply')).to.equal('yes');
    expect(JSON.parse(sent.bytes.toString())).to.eql({ path: 'events/deep', authenticated: false, query: 'a=b' });
    expect(await app.models.inbox.countDocuments({ account: id })).to.equal(2);
    expect((await app.as('GET', `accounts/${id}`)).body.webhooks).to.eql([
      { name: 'events', url: `${app.base}/webhooks/${id}/events` },
    ]);
  });

  it('refuses what is forged, unknown, paused or too much', async () => {
    expect((await post(`/webhooks/${id}/events`, 'forged')).status).to.equal(403);
    expect((await post('/webhooks/none/events', 'one')).status).to.equal(404);
    expect((await post(`/webhooks/${id}/events`, 'x'.repeat(26 * 1024 * 1024))).status).to.equal(413);
    const box = (await app.as('POST', 'accounts', { json: { connector: 'email', name: 'Box', config: mailbox } })).body;
    expect((await post(`/webhooks/${box.id}/events`, 'one')).status).to.equal(404);
    await app.as('PATCH', `accounts/${id}`, { json: { state: 'paused' } });
    expect((await post(`/webhooks/${id}/events`, 'one')).status).to.equal(503);
    await app.as('PATCH', `accounts/${id}`, { json: { state: 'running' } });
  });

  it('may come by token: a source posts to its own account and to nothing else', async () => {
    const sent = await post(`accounts/${id}/items`, 'three', TOKENS.source);
    expect(JSON.parse(sent.bytes.toString())).to.include({ path: 'items', authenticated: true });
    expect((await post(`accounts/${SOURCE_ACCOUNT}/items`, 'three', TOKENS.source)).status).to.equal(404);
    expect((await post(`accounts/${id}/items`, 'three', TOKENS.agent)).status).to.equal(403);
    expect((await post(`accounts/${id}/items`, 'three')).status).to.equal(401);
    const hook = await post(`/webhooks/${id}/events`, 'four', TOKENS.source);
    expect(JSON.parse(hook.bytes.toString()).authenticated).to.equal(true);
    expect(
      JSON.parse((await post(`/webhooks/${id}/events`, 'five', TOKENS.agent)).bytes.toString()).authenticated,
    ).to.equal(false);
    expect(pushed.webhooks).to.eql(['events']);
  });
});
