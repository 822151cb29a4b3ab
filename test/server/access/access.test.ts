import { expect } from 'chai';
import { type Access, makeAccess } from '../../../server/access/index.ts';
import { AccessLogUnavailable } from '../../../server/access/log.ts';
import { generatePassword, hashPassword, verifyPassword } from '../../../server/access/passwords.ts';
import type { Principal } from '../../../server/access/principal.ts';
import { until } from '../../faults/until.ts';
import { freshStore } from '../../support/capture.ts';

const TOKEN = 'a-token-that-was-set-by-environment';

describe('access: passwords', () => {
  it('are argon2id, each with its salt, and NFC', async () => {
    const [one, two] = await Promise.all([hashPassword('salasana ä'), hashPassword('salasana ä')]);
    expect(one)
      .to.match(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
      .and.not.equal(two);
    expect(await verifyPassword(one, 'salasana a\u0308')).to.equal(true);
    expect(await verifyPassword(one, 'salasana a')).to.equal(false);
    expect(await verifyPassword(null, 'salasana ä')).to.equal(false);
    expect(new Set(Array.from({ length: 100 }, generatePassword)).size).to.equal(100);
  });
});

describe('access', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  let access: Access;
  beforeEach(async () => {
    store = await freshStore();
    access = makeAccess({ models: store.models });
  });
  afterEach(() => store.close());

  describe('first start', () => {
    it('makes one administrator, whose password is announced once, however many hubs start at once', async () => {
      const announced: { email: string; password: string }[] = [];
      const hubs = Array.from({ length: 4 }, () => makeAccess({ models: store.models }));
      const first = await Promise.all(hubs.map(hub => hub.firstStart({ announce: made => announced.push(made) })));
      expect(first.filter(made => made)).to.have.length(1);
      expect(announced).to.have.length(1);
      expect(await store.models.users.countDocuments()).to.equal(1);
      const { email, password } = announced[0] ?? { email: '', password: '' };
      expect((await access.signIn(email, password))?.principal.role).to.equal('administrator');
      expect(await access.firstStart({ announce: made => announced.push(made) })).to.equal(false);
    });

    it('takes what is set, announces nothing then, and never again', async () => {
      const settings = { adminEmail: 'boss@hub.example', adminPassword: 'set by environment', apiToken: TOKEN };
      const announce = () => expect.fail('announced a password that was set');
      await access.firstStart({ ...settings, announce });
      expect((await access.signIn('BOSS@hub.example', 'set by environment'))?.principal.name).to.equal('Administrator');
      expect((await access.authenticate({ headers: { authorization: `Bearer ${TOKEN}` } }))?.role).to.equal(
        'administrator',
      );
      await access.firstStart({ ...settings, apiToken: `${TOKEN}2`, announce });
      expect(await access.authenticate({ headers: { authorization: `Bearer ${TOKEN}2` } })).to.equal(null);
      expect(await store.models.users.countDocuments()).to.equal(1);
    });
  });

  it('tells principals by token, by header and by cookie', async () => {
    await access.users.create({
      email: 'a@hub.example',
      name: 'A',
      role: 'agent',
      accounts: ['x'],
      password: 'long enough',
    });
    const signedIn = await access.signIn('a@hub.example', 'long enough');
    const cookie = `other=1; talteen_session=${signedIn?.value}; more="2"`;
    expect(await access.authenticate({ headers: { cookie } })).to.deep.include({
      kind: 'user',
      name: 'A',
      role: 'agent',
      accounts: ['x'],
    });
    const { token } = await access.tokens.create({ name: 't', role: 'agent', account: 'x' });
    expect(await access.authenticate({ headers: {}, token })).to.deep.include({
      kind: 'token',
      name: 't',
      accounts: ['x'],
    });
    expect(await access.authenticate({ headers: { authorization: `bearer ${token}` } })).to.include({ name: 't' });
    for (const credentials of [
      { headers: {} },
      { headers: { cookie }, token: 'x' },
      { headers: { cookie, authorization: 'Bearer' } },
      { headers: { cookie: 'talteen_session=' } },
    ]) {
      expect(await access.authenticate(credentials), JSON.stringify(credentials)).to.equal(null);
    }
  });

  it('user reset gives a new password, cuts sessions, and lets a disabled user back', async () => {
    const user = await access.users.create({
      email: 'a@hub.example',
      name: 'A',
      role: 'agent',
      accounts: null,
      password: 'long enough',
    });
    const before = await access.signIn('a@hub.example', 'long enough');
    await access.users.change(user._id, { disabled: true });
    const changed: string[] = [];
    access.events.on('changed', id => changed.push(id));
    const password = await access.users.reset(' A@hub.example');
    expect(changed).to.eql([user._id]);
    expect(await access.authenticate({ headers: { cookie: `talteen_session=${before?.value}` } })).to.equal(null);
    expect(await access.signIn('a@hub.example', 'long enough')).to.equal(null);
    expect(await access.signIn('a@hub.example', password ?? '')).to.not.equal(null);
    expect(await access.users.reset('nobody@hub.example')).to.equal(null);
  });

  it('what this hub takes away counts at once, also while it is looked up; what another does, within a second', async () => {
    const other = makeAccess({ models: store.models });
    const { token, doc } = await access.tokens.create({ name: 't', role: 'agent', account: null });
    const ask = () => access.authenticate({ headers: {}, token });
    expect(await ask()).to.include({ name: 't' });
    await other.tokens.remove(doc._id);
    await until('noticed', async () => (await ask()) === null, 2000);

    const again = await access.tokens.create({ name: 'again', role: 'agent', account: null });
    const underWay = access.authenticate({ headers: {}, token: again.token });
    await access.tokens.remove(again.doc._id);
    expect(await access.authenticate({ headers: {}, token: again.token })).to.equal(null);
    await underWay;
    expect(await access.authenticate({ headers: {}, token: again.token })).to.equal(null);
  });

  it('keeps addresses unique and one administrator, also when two are demoted at once', async () => {
    const make = (email: string) =>
      access.users.create({ email, name: '', role: 'administrator', accounts: null, password: 'long enough' });
    const [one, two] = [await make('one@hub.example'), await make('two@hub.example')];
    const results = await Promise.allSettled([one, two].map(({ _id }) => access.users.change(_id, { role: 'agent' })));
    expect(results.filter(({ status }) => status === 'rejected')).to.have.length(1);
    const twins = await Promise.allSettled([make('x@hub.example'), make('X@hub.example')]);
    expect(twins.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    expect((await access.users.change(one._id, { email: 'moved@hub.example' }))?.email).to.equal('moved@hub.example');
    expect((await make('one@hub.example')).email).to.equal('one@hub.example');
  });

  describe('log', () => {
    const who: Principal = { kind: 'user', id: 'u', name: 'U', email: null, role: 'agent', accounts: null };

    it('has every row once its call resolves, and concurrent ones share inserts', async () => {
      const inserts = async (): Promise<number> =>
        (await store.models.connection.getClient().db('admin').command({ serverStatus: 1 })).metrics.commands.insert
          .total;
      const before = await inserts();
      await Promise.all(
        Array.from({ length: 300 }, (_, i) => access.log.record(who, { action: 'x', contact: `c${i}` })),
      );
      expect(await store.models.accessLog.countDocuments()).to.equal(300);
      expect((await inserts()) - before).to.be.within(1, 20);
      const ids = (await store.models.accessLog.find().sort({ _id: 1 }).lean()).map(({ at }) => at.getTime());
      expect(ids).to.eql([...ids].sort((a, b) => a - b));
    });

    it('rejects, for each of them, when they can not be written, and goes on afterwards', async () => {
      const database = store.models.connection.getClient().db(store.models.connection.name);
      await database.command({ collMod: 'accessLog', validator: { never: { $exists: true } } });
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, () => access.log.record(who, { action: 'x' })),
      );
      for (const result of results) expect(result).to.have.property('reason').that.is.instanceOf(AccessLogUnavailable);
      await database.command({ collMod: 'accessLog', validator: {} });
      await access.log.record(who, { action: 'after' });
      expect(await store.models.accessLog.countDocuments()).to.equal(1);
    });
  });
});
