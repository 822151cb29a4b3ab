import { expect } from 'chai';
import { batchOf, mailItem } from '../../support/capture.ts';
import { startReading } from './reading.ts';
import { mail, type TestApp } from './support.ts';

describe('http: contacts', () => {
  let app: TestApp;
  let contact: string;
  let limited: string;
  before(async () => {
    ({ app, contact, limited } = await startReading());
  });
  after(() => app.close());

  it('keep their newest entry from whoever sees some accounts only', async () => {
    const externalId = '4711';
    await app.as('PATCH', `contacts/${contact}`, { json: { externalId } });
    const calls = [
      ['GET', `contacts/${contact}`],
      ['PATCH', `contacts/${contact}`, {}],
      ['PUT', `contacts/by-external-id/${externalId}`, { name: { first: 'Päivi' } }],
    ] as const;
    for (const [method, path, json] of calls) {
      const sent = json ? { json } : {};
      const all = await app.as(method, path, sent);
      expect(all.body.lastEntry?.text, `${method} by an administrator`).to.include('Subject');
      const some = await app.send(method, path, { token: limited, ...sent });
      expect(some.status, method).to.equal(200);
      expect(some.body, method).to.eql({ ...all.body, lastEntry: null, updatedAt: some.body.updatedAt });
    }
    const { body } = await app.send('GET', 'contacts?q=paivi', { token: limited });
    expect(body.items).to.have.length(1);
    expect(JSON.stringify(body)).not.to.include('Subject');
  });

  it('absorbed by one that is made keep it, too', async () => {
    const other = await app.as('POST', 'contacts', {
      json: { name: { last: 'Uusi' }, identifiers: [{ type: 'email', value: 'uusi@kuusilahti.example' }] },
    });
    expect(other.body.lastEntry).to.equal(null);
    const { identifiers } = (await app.as('GET', `contacts/${contact}`)).body;
    await app.models.contacts.updateOne({ _id: contact }, { $set: { provisional: true, externalId: null } });
    const made = await app.send('POST', 'contacts', { token: limited, json: { name: { last: 'M' }, identifiers } });
    expect(made.status).to.equal(201);
    expect(made.body.lastEntry).to.equal(null);
    expect((await app.as('GET', `contacts/${contact}`)).body).to.deep.include({ id: made.body.id });
  });

  it('that were there leave a row in the access log when a change answers them', async () => {
    const json = { externalId: 'logged', name: { last: 'Logged' } };
    const path = 'contacts/by-external-id/logged';
    const made = await app.as('PUT', path, { json });
    expect(made.status).to.equal(201);
    const rows = () => app.models.accessLog.find({ contact: made.body.id }).lean();
    expect(await rows()).to.eql([]);
    await app.as('PATCH', `contacts/${made.body.id}`, { role: 'agent', json: {} });
    expect((await app.as('PUT', path, { role: 'agent', json: {} })).status).to.equal(200);
    const seen = (await rows()).map(({ action, whoName }) => `${whoName} ${action}`);
    expect(seen).to.eql(['agent contacts:write', 'agent contacts:write']);
  });

  it('leave a row, too, when a new one is made of them, which its history tells apart', async () => {
    for (const [n, method, path] of [
      [201, 'POST', 'contacts'],
      [202, 'PUT', 'contacts/by-external-id/absorbs'],
    ] as const) {
      const value = `new${n}@kuusilahti.example`;
      const from = [{ role: 'from' as const, identifier: { type: 'email', value } }];
      await app.hub.take([batchOf([mailItem(n, { participants: from })])], { account: 'a', connector: mail });
      const absorbed = (await app.models.identifiers.findById(`email:${value}`).lean())?.contact;
      const json = { identifiers: [{ type: 'email', value }] };
      const { status, body } = await app.as(method, path, { role: 'agent', json });
      expect(status).to.equal(201);
      expect(body.lastEntry).to.be.an('object');
      const rows = () => app.models.accessLog.find({ contact: body.id }).lean();
      expect((await rows()).map(({ action }) => action)).to.eql(['contacts:write']);
      const history = (await app.as('GET', `contacts/${absorbed}/history`)).body.items;
      expect((await rows()).map(({ action }) => action)).to.have.members(['contacts:write', 'contacts:history']);
      expect(new Set(history.map((row: { of: string }) => row.of))).to.eql(new Set([body.id, absorbed]));
      const names = history.map(({ who, whoName }: Record<string, string>) => [who === 'capture', whoName]);
      expect(names).to.deep.include([false, 'agent']).and.to.deep.include([true, null]);
    }
  });

  it('are named by a decision about who is one person, which leaves a row', async () => {
    const of = ['x@kuusilahti.example', 'y@kuusilahti.example'].map(value => ({ type: 'email', value }));
    const said = { _id: 's1', account: 'a', item: 'i', at: new Date(), identifiers: of, proven: false, state: 'open' };
    await app.models.suggestions.collection.insertOne(said as never);
    const rows = () => app.models.accessLog.countDocuments({ whoName: 'agent', action: 'suggestions:read' });
    const counted = () => app.as('GET', 'suggestions/counts', { role: 'agent' });
    expect((await counted()).body).to.deep.equal({ total: { count: 1, more: false } });
    expect(await rows()).to.equal(0);
    expect((await app.as('POST', 'suggestions/s1/dismiss', { role: 'agent' })).status).to.equal(200);
    expect(await rows()).to.equal(1);
  });

  it('are not answered, also after a change, while the access log can not be written', async () => {
    const database = app.models.connection.getClient().db(app.models.connection.name);
    const accept = (validator: object) => database.command({ collMod: 'accessLog', validator });
    await accept({ never: true });
    try {
      for (const method of ['GET', 'PATCH']) {
        const reply = await app.as(method, `contacts/${contact}`, method === 'PATCH' ? { json: {} } : {});
        expect(reply.status, method).to.equal(503);
        expect(reply.bytes.toString()).not.to.include('kuusilahti');
      }
    } finally {
      await accept({});
    }
  });
});
