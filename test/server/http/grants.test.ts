import { expect } from 'chai';
import { covers } from '../../../server/access/grants.ts';
import { type Reply, startApp, type TestApp } from './support.ts';

describe('http: an administrator who sees some accounts only', () => {
  let app: TestApp;
  let own: string;
  let other: string;
  let limited: string;
  before(async () => {
    app = await startApp();
    const make = async (name: string): Promise<string> =>
      (await app.as('POST', 'accounts', { json: { connector: 'pushed', name, config: { secret: 'abcd' } } })).body.id;
    [own, other] = [await make('own'), await make('other')];
    limited = (await app.access.tokens.create({ name: 'limited', role: 'administrator', account: own })).token;
  });
  after(() => app.close());

  const as = (method: string, path: string, json?: object) =>
    app.send(method, path, { token: limited, ...(json ? { json } : {}) });
  const isField = ({ status, body }: Reply, pointer: string): void => {
    expect(status).to.equal(422);
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).to.eql([pointer]);
  };

  it('adds no account, for it would not see it', async () => {
    const json = { connector: 'pushed', name: 'for others', config: { secret: 'abcd' } };
    expect((await as('POST', 'accounts', json)).status).to.equal(403);
    expect((await app.as('POST', 'accounts', { json })).status).to.equal(201);
  });

  it('is given no account that is not there, by anybody; one that was removed meanwhile may stay', async () => {
    const json = { email: 'b@hub.example', role: 'agent', accounts: [own, 'nope'] };
    isField(await app.as('POST', 'users', { json }), '/accounts');
    const gone = (
      await app.as('POST', 'accounts', { json: { connector: 'pushed', name: 'gone', config: { secret: 'abcd' } } })
    ).body.id;
    const made = await app.as('POST', 'users', { json: { ...json, accounts: [gone] } });
    isField(await app.as('PATCH', `users/${made.body.id}`, { json: { accounts: [gone, 'nope'] } }), '/accounts');
    await app.as('DELETE', `accounts/${gone}`);
    const kept = await app.as('PATCH', `users/${made.body.id}`, { json: { accounts: [gone, own] } });
    expect(kept.body.accounts).to.eql([gone, own]);
  });

  it('grants no token more', async () => {
    const token = (account: string | null) => as('POST', 'tokens', { name: 't', role: 'administrator', account });
    isField(await token(null), '/account');
    isField(await token(other), '/account');
    expect((await token(own)).status).to.equal(201);
  });

  it('grants no user more, new or not', async () => {
    const user = (email: string, accounts?: string[] | null) =>
      as('POST', 'users', { email, role: 'agent', ...(accounts === undefined ? {} : { accounts }) });
    isField(await user('a@hub.example'), '/accounts');
    isField(await user('a@hub.example', null), '/accounts');
    isField(await user('a@hub.example', [own, other]), '/accounts');
    const made = await user('a@hub.example', [own]);
    expect(made.status).to.equal(201);
    const path = `users/${made.body.id}`;
    isField(await as('PATCH', path, { accounts: null }), '/accounts');
    isField(await as('PATCH', path, { accounts: [other] }), '/accounts');
    expect((await as('PATCH', path, { accounts: [], name: 'A' })).body).to.include({ name: 'A' });
    expect((await as('PATCH', path, { accounts: [own] })).status).to.equal(200);
  });

  it('changes and withdraws nothing of those who see more', async () => {
    const made = [
      await app.as('POST', 'users', { json: { email: 'all@hub.example', role: 'administrator' } }),
      await app.as('POST', 'users', { json: { email: 'two@hub.example', role: 'agent', accounts: [own, other] } }),
    ];
    for (const { body } of made)
      for (const json of [{ password: 'another password' }, { disabled: true }, { accounts: [own] }])
        expect((await as('PATCH', `users/${body.id}`, json)).status, JSON.stringify(json)).to.equal(403);
    expect(
      (await app.send('POST', 'session', { json: { email: 'all@hub.example', password: 'another password' } })).status,
    ).to.equal(401);
    const token = await app.as('POST', 'tokens', { json: { name: 'all', role: 'agent' } });
    expect((await as('DELETE', `tokens/${token.body.id}`)).status).to.equal(403);
    expect((await app.send('GET', 'contacts', { token: token.body.token })).status).to.equal(200);
    expect((await as('DELETE', 'tokens/none')).status).to.equal(404);
    expect((await as('PATCH', 'users/none', { name: 'x' })).status).to.equal(404);
  });

  it('is told apart from one who sees all', () => {
    expect(covers({ accounts: null }, null)).to.equal(true);
    expect(covers({ accounts: ['a'] }, [])).to.equal(true);
    expect(covers({ accounts: ['a', 'b'] }, ['b'])).to.equal(true);
    expect(covers({ accounts: ['a'] }, ['a', 'b'])).to.equal(false);
    expect(covers({ accounts: [] }, null)).to.equal(false);
  });
});
