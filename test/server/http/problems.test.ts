import { expect } from 'chai';
import { startApp, type TestApp, TOKENS } from './support.ts';

describe('http: problems', () => {
  let app: TestApp;
  before(async () => {
    app = await startApp();
  });
  after(() => app.close());

  const isProblem = ({ status, headers, body }: Awaited<ReturnType<TestApp['send']>>, expected: number) => {
    expect(status, JSON.stringify(body)).to.equal(expected);
    expect(headers.get('content-type')).to.match(/^application\/problem\+json/);
    expect(body).to.include({ type: 'about:blank', status: expected });
    expect(body.title).to.be.a('string');
  };

  it('401 without credentials, with bad ones, and with a scheme that is not ours', async () => {
    for (const sent of [
      {},
      { token: 'no-such-token' },
      { headers: { authorization: 'Basic YTpi' } },
      { cookie: 'talteen_session=x' },
    ]) {
      const reply = await app.send('GET', 'contacts', sent);
      isProblem(reply, 401);
      expect(reply.headers.get('www-authenticate')).to.equal('Bearer');
    }
  });

  it('a bad token is not made good by anything else', async () => {
    isProblem(await app.send('GET', 'contacts', { token: 'wrong', cookie: 'talteen_session=x' }), 401);
  });

  it('404 and 405 are problems too', async () => {
    isProblem(await app.as('GET', 'nothing-here'), 404);
    isProblem(await app.send('GET', '/nothing-here'), 404);
    const reply = await app.as('DELETE', 'contacts');
    isProblem(reply, 405);
    expect(reply.headers.get('allow')).to.equal('GET, POST');
    isProblem(await app.as('GET', 'contacts/imports'), 405);
  });

  it('400 for malformed JSON, 415 for another type, 413 for too much', async () => {
    const post = (body: string, type: string) =>
      app.as('POST', 'contacts', { body, headers: { 'content-type': type } });
    isProblem(await post('{"name":', 'application/json'), 400);
    isProblem(await post('name=x', 'application/x-www-form-urlencoded'), 415);
    isProblem(await post(JSON.stringify({ externalId: 'x'.repeat(1_100_000) }), 'application/json'), 413);
    isProblem(await app.as('POST', 'imports', { json: {} }), 415);
    isProblem(
      await app.as('POST', 'imports', { body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=b' } }),
      400,
    );
  });

  it('400 for JSON that is not UTF-8, which would be kept as something else than was written', async () => {
    const post = (body: Uint8Array, type: string) =>
      app.as('POST', 'contacts', { body, headers: { 'content-type': type } });
    const reply = await post(Buffer.from('{"name":{"last":"Mäkelä"}}', 'latin1'), 'application/json');
    isProblem(reply, 400);
    expect(reply.body.detail).to.equal('The body is not UTF-8.');
    const said = await post(Buffer.from('{"name":{"last":"Mäkelä"}}', 'utf16le'), 'application/json; charset=utf-16le');
    expect(said.body.name.last).to.equal('Mäkelä');
  });

  it('400 names each faulty parameter', async () => {
    for (const [query, parameter] of [
      ['limit=0', 'limit'],
      ['limit=201', 'limit'],
      ['limit=x', 'limit'],
      ['limit=1&limit=2', 'limit'],
      ['before=garbage', 'before'],
    ]) {
      for (const path of [
        'contacts',
        'interactions',
        'unlinked',
        'quarantine',
        'users',
        'access-log',
        'accounts',
        'imports',
      ]) {
        const reply = await app.as('GET', `${path}?${query}`);
        isProblem(reply, 400);
        expect(reply.body.errors[0].parameter, `${path}?${query}`).to.equal(parameter);
      }
    }
    const { id } = (await app.as('POST', 'contacts', { json: { name: { first: 'Paged' } } })).body;
    const cursorOf = (...place: unknown[]) => Buffer.from(JSON.stringify(place)).toString('base64url');
    for (const before of [cursorOf(1e20, 'x'), cursorOf('x', 'x'), cursorOf(0, 7), cursorOf(0), cursorOf(null)]) {
      for (const path of [
        'contacts',
        `contacts/${id}/history`,
        'suggestions',
        'imports',
        'interactions',
        'quarantine',
      ]) {
        const refused = await app.as('GET', `${path}?before=${before}`);
        isProblem(refused, 400);
        expect(refused.body.errors[0], path).to.include({ pointer: '/before', parameter: 'before' });
      }
    }
    const reply = await app.as('GET', 'unlinked?from=yesterday&files=maybe');
    expect(reply.body.errors.map((error: { parameter: string }) => error.parameter)).to.have.members(['from', 'files']);
  });

  it('422 names each faulty field by its pointer', async () => {
    const pointers = async (path: string, json: unknown, method = 'POST') => {
      const reply = await app.as(method, path, { json });
      isProblem(reply, 422);
      return reply.body.errors.map((error: { pointer: string }) => error.pointer);
    };
    expect(
      await pointers('contacts', { name: { first: 7 }, identifiers: [{ type: 'email' }], extra: 1 }),
    ).to.have.members(['/name/first', '/identifiers/0/value', '/extra']);
    for (const type of ['constructor', '__proto__', 'phone']) {
      const refused = await app.as('POST', 'contacts', { json: { identifiers: [{ type, value: '\u0001' }] } });
      expect(refused.body.errors[0].detail, type).to.match(/^not an identifier|^not a possible|^expected a plain word/);
    }
    expect(await pointers('contacts', { identifiers: [{ type: 'email', value: 'nobody' }] })).to.eql([
      '/identifiers/0/value',
    ]);
    expect(await pointers('contacts', { relationship: { startedAt: '2026-02-30' } })).to.eql([
      '/relationship/startedAt',
    ]);
    for (const whole of [[], null, 7, 'x']) expect(await pointers('contacts', whole)).to.eql(['']);
    expect(await pointers('contacts', { identifiers: [{ type: 'fax number', value: '1' }] })).to.eql([
      '/identifiers/0/type',
    ]);
    expect(await pointers('accounts', { connector: 'none', name: 'x' })).to.eql(['/connector']);
    expect(
      await pointers('accounts', { connector: 'email', name: 'x', config: { host: 'h', user: 'u', security: 'odd' } }),
    ).to.include('/config/security');
    expect(await pointers('tokens', { name: 'x', role: 'source' })).to.eql(['/account']);
    expect(await pointers('tokens', { name: 'x', role: 'agent', account: 'none' })).to.eql(['/account']);
    expect(await pointers('users', { email: 'x', role: 'source', password: 'short' })).to.have.members([
      '/email',
      '/role',
      '/password',
    ]);
  });

  it('422 for half of a surrogate pair: stored, it is another text, and two such are one', async () => {
    for (const [json, pointer] of [
      [{ name: { first: 'a\ud800' } }, '/name/first'],
      [{ externalId: 'a\ud800' }, '/externalId'],
      [{ identifiers: [{ type: 'username', value: 'a\ud800' }] }, '/identifiers/0/value'],
      [{ organisation: 'a\udc00' }, '/organisation'],
    ] as const) {
      const reply = await app.as('POST', 'contacts', { json });
      isProblem(reply, 422);
      expect(reply.body.errors).to.eql([{ pointer, detail: 'has half of a surrogate pair' }]);
    }
    const whole = await app.as('POST', 'contacts', { json: { name: { first: 'Aino 🌲' } } });
    expect(whole.body.name.first).to.equal('Aino 🌲');
  });

  it('409 names who has it', async () => {
    const first = await app.as('POST', 'contacts', {
      json: { identifiers: [{ type: 'email', value: 'one@kuusilahti.example' }] },
    });
    expect(first.status).to.equal(201);
    const second = await app.as('POST', 'contacts', {
      json: { identifiers: [{ type: 'email', value: 'ONE@kuusilahti.example' }] },
    });
    isProblem(second, 409);
    expect(second.body.contact).to.equal(first.body.id);
    await app.as('POST', 'users', { json: { email: 'a@hub.example', role: 'agent' } });
    isProblem(await app.as('POST', 'users', { json: { email: 'A@hub.example', role: 'agent' } }), 409);
  });

  it('503 while somebody else keeps a record for themselves', async () => {
    const { id } = (await app.as('POST', 'contacts', { json: { name: { first: 'Before' } } })).body;
    const session = await app.models.connection.startSession();
    session.startTransaction();
    await app.models.contacts.updateOne({ _id: id }, { $inc: { captures: 1 } }, { session });
    const refused = await app.as('PATCH', `contacts/${id}`, { json: { name: { first: 'After' } } });
    await session.abortTransaction();
    await session.endSession();
    isProblem(refused, 503);
    expect(refused.headers.get('retry-after')).to.equal('5');
    const done = await app.as('PATCH', `contacts/${id}`, { json: { name: { first: 'After' } } });
    expect([done.status, done.body.name.first]).to.eql([200, 'After']);
  });

  it('404 for records that are not there, whatever the id looks like', async () => {
    const ids = ['none', '%00', 'a'.repeat(400), '$ne', '..%2f..%2fetc', '%F0%9F%98%80', '__proto__'];
    for (const id of ids) {
      for (const path of [
        `contacts/${id}`,
        `contacts/${id}/timeline`,
        `contacts/${id}/history`,
        `interactions/${id}`,
        `interactions/${id}/parts/1`,
        `interactions/${id}/raw`,
        `organisations/${id}`,
        `accounts/${id}`,
        `imports/${id}`,
        `contacts/imports/${id}`,
        `quarantine/${id}/raw`,
      ]) {
        isProblem(await app.as('GET', path), 404);
      }
      isProblem(await app.as('PUT', `timeline/${id}/contact`, { json: { contact: 'x' } }), 404);
      isProblem(await app.as('PATCH', `users/${id}`, { json: { name: 'x' } }), 404);
    }
    isProblem(await app.as('GET', 'contacts/%E0%A4%A'), 400);
  });

  it('says nothing of itself', async () => {
    const { headers } = await app.send('GET', 'contacts', { token: TOKENS.agent });
    expect(headers.get('x-powered-by')).to.equal(null);
    expect(headers.get('x-content-type-options')).to.equal('nosniff');
    expect(headers.get('cache-control')).to.equal('no-store');
    expect(headers.get('content-security-policy')).to.include("script-src 'self'").and.not.include('unsafe');
  });
});
