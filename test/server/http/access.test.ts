import { expect } from 'chai';
import type { Role } from '../../../models/access.ts';
import { type Action, actions, may } from '../../../server/access/may.ts';
import { allCalls } from '../../../server/http/calls.ts';
import { until as untilTrue } from '../../faults/until.ts';
import { SOURCE_ACCOUNT, startApp, type TestApp, TOKENS } from './support.ts';

const ROLES = Object.keys(TOKENS) as Role[];

/** DESIGN 10, once more and in other words: what the table in may.ts must come to. */
const DENIED: Record<Role, (action: Action) => boolean> = {
  administrator: () => false,
  'privacy-officer': action =>
    /^(accounts|imports|quarantine|users|tokens|items):/.test(action) || action === 'contacts:import',
  agent: action =>
    /^(accounts|imports|quarantine|users|tokens|items|access-log):/.test(action) || action === 'contacts:import',
  source: action => !['items:post', 'session:read', 'session:end'].includes(action),
};

const signIn = async (app: TestApp, email: string, password: string): Promise<string> => {
  const { status, headers } = await app.send('POST', 'session', { json: { email, password } });
  expect(status).to.equal(200);
  return headers.get('set-cookie')?.split(';')[0] ?? '';
};

describe('http: who may', () => {
  let app: TestApp;
  before(async () => {
    app = await startApp();
  });
  after(() => app.close());

  it('has one table, which is that of DESIGN 10', () => {
    for (const role of ROLES) {
      for (const action of actions) {
        expect(may({ role, accounts: null }, action), `${role} ${action}`).to.equal(!DENIED[role](action));
      }
    }
    expect(may(null, 'contacts:read')).to.equal(false);
  });

  it('limits records to the accounts of who asks', () => {
    const who = { role: 'agent', accounts: ['a'] } as const;
    expect(may(who, 'interactions:read', { accounts: ['a', 'b'] })).to.equal(true);
    expect(may(who, 'interactions:read', { accounts: ['b'] })).to.equal(false);
    expect(may({ ...who, accounts: [] }, 'interactions:read', { accounts: ['b'] })).to.equal(false);
    expect(may({ ...who, accounts: null }, 'interactions:read', { accounts: [] })).to.equal(true);
    expect(may({ role: 'source', accounts: ['a'] }, 'items:post', { accounts: ['b'] })).to.equal(false);
  });

  it('answers 403 to each role for each call it never has, and to none for those it has', async () => {
    for (const { method, path, action, body, multipart } of allCalls(app)) {
      if (action === 'public' || path === '/session') continue;
      for (const role of ROLES) {
        const filled = path.slice(1).replace(/\{\w+\}/g, 'none');
        const sent = body ? { json: {} } : multipart ? { body: 'x', headers: { 'content-type': 'text/plain' } } : {};
        const { status } = await app.as(method.toUpperCase(), filled, { role, ...sent });
        const what = `${role} ${method} ${path}: ${status}`;
        if (may({ role, accounts: null }, action)) expect(status, what).not.to.be.oneOf([401, 403, 500, 503]);
        else expect(status, what).to.equal(403);
      }
      const { status } = await app.send(method.toUpperCase(), path.slice(1).replace(/\{\w+\}/g, 'none'));
      expect(status, `nobody ${method} ${path}`).to.equal(401);
    }
  });

  it('tells who asks', async () => {
    expect((await app.as('GET', 'session', { role: 'agent' })).body.user).to.include({
      name: 'agent',
      role: 'agent',
      email: null,
    });
    expect((await app.as('GET', 'session', { role: 'source' })).body.accounts).to.eql([SOURCE_ACCOUNT]);
  });
});

describe('http: sessions', () => {
  let app: TestApp;
  const password = 'a good password';
  before(async () => {
    app = await startApp();
    await app.access.users.create({
      email: 'Boss@hub.example',
      name: 'Boss',
      role: 'administrator',
      accounts: null,
      password,
    });
  });
  after(() => app.close());
  const own = () => ({ origin: app.base });

  it('sign-in sets a cookie that scripts and other sites do not get', async () => {
    const { status, headers, body } = await app.send('POST', 'session', {
      json: { email: ' BOSS@hub.example ', password },
    });
    expect(status).to.equal(200);
    expect(body.user).to.include({ email: 'boss@hub.example', role: 'administrator', name: 'Boss' });
    const cookie = headers.get('set-cookie') ?? '';
    expect(cookie)
      .to.match(/^talteen_session=[\w-]{43}; /)
      .and.include('HttpOnly')
      .and.include('SameSite=Lax');
    expect(cookie).not.to.include('Secure');
    const stored = await app.models.sessions.findOne().lean();
    expect(cookie).not.to.include(stored?._id);
    expect((await app.send('GET', 'session', { cookie: cookie.split(';')[0] ?? '' })).body.user.name).to.equal('Boss');
  });

  it('unsafe calls by cookie need our own Origin', async () => {
    const cookie = await signIn(app, 'boss@hub.example', password);
    const post = (headers: Record<string, string>) =>
      app.send('POST', 'organisations', { cookie, headers, json: { name: `O ${JSON.stringify(headers).length}` } });
    expect((await post({})).status).to.equal(403);
    expect((await post({ origin: 'https://evil.example' })).status).to.equal(403);
    expect((await post({ origin: 'null' })).status).to.equal(403);
    expect((await post(own())).status).to.equal(201);
    expect(
      (await app.send('GET', 'organisations', { cookie, headers: { origin: 'https://evil.example' } })).status,
    ).to.equal(200);
    expect(
      (
        await app.send('POST', 'session', {
          json: { email: 'x', password: 'x' },
          headers: { origin: 'https://evil.example' },
        })
      ).status,
    ).to.equal(403);
  });

  it('reads by cookie are made by our page, not by what a mail on it asks for', async () => {
    const cookie = await signIn(app, 'boss@hub.example', password);
    const as = async (reader: string) =>
      (await app.send('GET', 'contacts', { cookie, headers: { 'sec-fetch-dest': reader } })).status;
    const rows = await app.models.accessLog.countDocuments();
    for (const reader of ['style', 'font', 'image', 'script', 'iframe']) expect(await as(reader), reader).to.equal(403);
    expect(await app.models.accessLog.countDocuments()).to.equal(rows);
    for (const reader of ['empty', 'document', 'audio']) expect(await as(reader), reader).to.equal(200);
  });

  it('with a public URL only its origin is ours, and https makes the cookie Secure', async () => {
    const other = await startApp({ publicUrl: 'https://hub.example' });
    try {
      await other.access.users.create({
        email: 'a@hub.example',
        name: '',
        role: 'administrator',
        accounts: null,
        password,
      });
      const { headers } = await other.send('POST', 'session', { json: { email: 'a@hub.example', password } });
      expect(headers.get('set-cookie')).to.include('Secure');
      expect(headers.get('strict-transport-security')).to.be.a('string');
      const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
      const from = (origin: string) => other.send('DELETE', 'session', { cookie, headers: { origin } });
      expect((await from(other.base)).status).to.equal(403);
      expect((await from('https://hub.example')).status).to.equal(204);
    } finally {
      await other.close();
    }
  });

  it('sign-out ends the session and says so to its sockets', async () => {
    const cookie = await signIn(app, 'boss@hub.example', password);
    const ended: string[] = [];
    app.access.events.on('ended', id => ended.push(id));
    expect((await app.send('DELETE', 'session', { cookie, headers: own() })).status).to.equal(204);
    expect(ended).to.have.length(1);
    expect((await app.send('GET', 'session', { cookie })).status).to.equal(401);
  });

  it('slides with use and ends when it is not used', async () => {
    const cookie = await signIn(app, 'boss@hub.example', password);
    const soon = new Date(Date.now() + 60_000);
    const [session] = await app.models.sessions.find().sort({ createdAt: -1 }).limit(1);
    await app.models.sessions.updateOne({ _id: session?._id }, { $set: { expiresAt: soon } });
    expect((await app.send('GET', 'session', { cookie })).status).to.equal(200);
    const until = Date.now() + 3000;
    let later = soon;
    while (later <= soon && Date.now() < until)
      later = (await app.models.sessions.findById(session?._id).lean())?.expiresAt ?? soon;
    expect(later.getTime()).to.be.greaterThan(Date.now() + 3600_000);
    await app.models.sessions.updateOne({ _id: session?._id }, { $set: { expiresAt: new Date(Date.now() - 1) } });
    const isRefused = async () => (await app.send('GET', 'session', { cookie })).status === 401;
    await untilTrue('the session has ended, as this hub notices within a second', isRefused, 3000);
  });

  it('does not slide when nobody uses it: an open page only looks whether it may stay', async () => {
    const cookie = await signIn(app, 'boss@hub.example', password);
    const soon = new Date(Date.now() + 60_000);
    const [session] = await app.models.sessions.find().sort({ createdAt: -1 }).limit(1);
    await app.models.sessions.updateOne({ _id: session?._id }, { $set: { expiresAt: soon } });
    const given = { headers: { cookie } };
    expect(await app.access.authenticate(given, { isUse: false })).to.include({ email: 'boss@hub.example' });
    const untilNow = async () => (await app.models.sessions.findById(session?._id).lean())?.expiresAt.getTime() ?? 0;
    const before = await untilNow();
    expect(await app.access.authenticate(given)).to.include({ email: 'boss@hub.example' });
    await untilTrue('its use slides it', async () => (await untilNow()) > before, 3000);
    expect(before).to.equal(soon.getTime());
  });

  it('a new password or a disabled user ends every session of that user', async () => {
    const made = await app.as('POST', 'users', { json: { email: 'agent@hub.example', role: 'agent', name: 'A' } });
    expect(made.body.password).to.match(/^[a-z0-9]{5}(-[a-z0-9]{5}){3}$/);
    const cookie = await signIn(app, 'agent@hub.example', made.body.password);
    const changed: string[] = [];
    app.access.events.on('changed', id => changed.push(id));
    const change = await app.send('PUT', 'session/password', {
      cookie,
      headers: own(),
      json: { current: made.body.password, password: 'another password' },
    });
    expect(change.status).to.equal(204);
    expect(changed).to.eql([made.body.id]);
    expect((await app.send('GET', 'session', { cookie })).status).to.equal(401);
    const again = await signIn(app, 'agent@hub.example', 'another password');
    expect((await app.as('PATCH', `users/${made.body.id}`, { json: { disabled: true } })).body.disabled).to.equal(true);
    expect((await app.send('GET', 'session', { cookie: again })).status).to.equal(401);
    expect(
      (await app.send('POST', 'session', { json: { email: 'agent@hub.example', password: 'another password' } }))
        .status,
    ).to.equal(401);
  });

  it('the last administrator stays one', async () => {
    const [boss] = (await app.as('GET', 'users')).body.items.filter(
      (user: { role: string }) => user.role === 'administrator',
    );
    expect((await app.as('PATCH', `users/${boss.id}`, { json: { role: 'agent' } })).status).to.equal(409);
    expect((await app.as('PATCH', `users/${boss.id}`, { json: { disabled: true } })).status).to.equal(409);
    expect((await app.as('PATCH', `users/${boss.id}`, { json: { accounts: [] } })).status).to.equal(409);
  });

  it('the last one who sees all accounts stays so: who sees some could not put it right', async () => {
    const [boss] = (await app.as('GET', 'users')).body.items.filter(
      (user: { role: string }) => user.role === 'administrator',
    );
    const json = { email: 'some@hub.example', role: 'administrator', accounts: [] };
    const some = await app.as('POST', 'users', { json });
    for (const [field, value] of Object.entries({ role: 'agent', disabled: true, accounts: [] })) {
      const { status, body } = await app.as('PATCH', `users/${boss.id}`, { json: { [field]: value } });
      expect(status, field).to.equal(409);
      expect(body.errors[0].pointer).to.equal(`/${field}`);
    }
    await app.as('PATCH', `users/${some.body.id}`, { json: { accounts: null } });
    expect((await app.as('PATCH', `users/${boss.id}`, { json: { accounts: [] } })).status).to.equal(200);
    expect((await app.as('PATCH', `users/${some.body.id}`, { json: { disabled: true } })).status).to.equal(409);
    await app.as('PATCH', `users/${boss.id}`, { json: { accounts: null } });
    await app.as('PATCH', `users/${some.body.id}`, { json: { disabled: true } });
  });

  it('a role that changes is the new one at once', async () => {
    const made = await app.as('POST', 'users', { json: { email: 'p@hub.example', role: 'privacy-officer', password } });
    expect(made.body).not.to.have.property('password');
    const cookie = await signIn(app, 'p@hub.example', password);
    expect((await app.send('GET', 'access-log', { cookie })).status).to.equal(200);
    await app.as('PATCH', `users/${made.body.id}`, { json: { role: 'agent' } });
    expect((await app.send('GET', 'access-log', { cookie })).status).to.equal(403);
  });

  it('tokens are shown once, work, and are withdrawn', async () => {
    const made = await app.as('POST', 'tokens', { json: { name: 'reports', role: 'agent' } });
    expect(made.status).to.equal(201);
    const { token, id } = made.body;
    const listed = await app.as('GET', 'tokens');
    expect(JSON.stringify(listed.body)).to.include('reports').and.not.include(token);
    expect(JSON.stringify(await app.models.tokens.find().lean())).not.to.include(token);
    expect((await app.send('GET', 'contacts', { token })).status).to.equal(200);
    expect((await app.as('DELETE', `tokens/${id}`)).status).to.equal(204);
    expect((await app.send('GET', 'contacts', { token })).status).to.equal(401);
  });

  it('sign-in is limited: by who is tried from where, and by address; the rest is not', async () => {
    const from = (address: string, email: string, word = 'wrong password') =>
      app.send('POST', 'session', { json: { email, password: word }, headers: { 'x-forwarded-for': address } });
    for (let i = 0; i < 10; i++) expect((await from('198.51.100.1', 'boss@hub.example')).status).to.equal(401);
    const limited = await from('198.51.100.1', 'BOSS@hub.example', password);
    expect(limited.status).to.equal(429);
    expect(limited.headers.get('retry-after')).to.equal('900');
    expect(limited.headers.get('content-type')).to.match(/problem/);
    expect((await from('198.51.100.2', 'boss@hub.example', password)).status).to.equal(200);
    let statuses: number[] = [];
    for (let i = 0; i < 31; i++) statuses.push((await from('198.51.100.3', `u${i}@hub.example`)).status);
    expect(statuses.lastIndexOf(401)).to.equal(29);
    expect(statuses.at(-1)).to.equal(429);
    statuses = [];
    for (let i = 0; i < 100; i++) statuses.push((await app.as('GET', 'session')).status);
    expect(new Set(statuses)).to.eql(new Set([200]));
  });
});
