import { expect } from 'chai';
import { rawOf } from '../../../connectors/common/raw.ts';
import type { Captured } from '../../../connectors/contract.ts';
import { batchOf, freshStore, makeHub, otherConnector } from '../../support/capture.ts';

const [PAIVI, OLLI] = ['paivi@kuusilahti.example', 'olli@kuusilahti.example'] as const;

/** What a source posts under one id, of whoever it says by now. */
const posted = (sourceKey: string, from: string): Captured => ({
  sourceKey,
  kind: 'interaction',
  channel: 'fax',
  direction: 'inbound',
  occurredAt: new Date('2026-11-20T08:00:00Z'),
  participants: [{ role: 'from', identifier: { type: 'email', value: from } }],
  parties: [0],
  threadKeys: [],
  text: 'Hei',
  parts: [],
  raw: rawOf('text/plain', Buffer.from(from)),
});

describe('capture: a contact whose only entry turns out to be another’s', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  before(async () => {
    store = await freshStore();
  });
  afterEach(() => store.forget());
  after(() => store.close());

  const take = (account: string, ...items: Captured[]) =>
    makeHub(store).take([batchOf(items, { next: {}, stream: 'inbox' })], { account, connector: otherConnector });
  const addresses = async () =>
    (await store.models.contacts.find().lean()).flatMap(one => one.identifiers.map(({ value }) => value)).sort();
  const idOf = async (value: string) =>
    (await store.models.contacts.findOne({ 'identifiers.value': value }).lean())?._id ?? '';

  it('is gone as if it had never been, in one batch or in two', async () => {
    await take('a', posted('one', PAIVI));
    await take('a', posted('one', OLLI));
    await take('a', posted('two', PAIVI), posted('two', OLLI));
    expect(await addresses()).to.deep.equal([OLLI]);
    expect((await store.models.identifiers.find().lean()).map(({ _id }) => _id)).to.deep.equal([`email:${OLLI}`]);
    expect(await store.models.history.countDocuments()).to.equal(1);
  });

  it('stays when there is anything else of it: an entry, a change, a suggestion, somebody who has read it', async () => {
    const { contacts, history, accessLog, suggestions } = store.models;
    const at = new Date();
    const traces: Record<string, (id: string, value: string) => Promise<unknown>> = {
      nothing: async () => undefined,
      entry: (_, value) => take('a', posted('another', value)),
      known: _id => contacts.collection.updateOne({ _id: _id as never }, { $set: { provisional: false } }),
      absorbing: id => contacts.collection.insertOne({ _id: 'absorbed', mergedInto: id, identifiers: [] } as never),
      changed: id => history.create({ _id: 'h', of: 'contact', id, at, who: 'agent', source: 'api', changes: [] }),
      read: contact =>
        accessLog.create({ _id: 'read', at, who: 'agent', action: 'contact', contact, interaction: null }),
      suggested: (_, value) =>
        suggestions.collection.insertOne({ _id: 'said', identifiers: [{ type: 'email', value }] } as never),
    };
    const all = Object.keys(traces).map(name => ({ name, value: `${name}@kuusilahti.example` }));
    await take('a', ...all.map(({ name, value }) => posted(name, value)));
    for (const { name, value } of all) await traces[name]?.(await idOf(value), value);
    await take('a', ...all.map(({ name }) => posted(name, OLLI)));
    const expected = [OLLI, ...all.slice(1).map(({ value }) => value)].sort();
    expect(await addresses()).to.deep.equal(expected);
    await Promise.all([accessLog, suggestions].map(({ collection }) => collection.deleteMany({})));
  });

  it('is there, once, for what comes at the same moment', async () => {
    for (let round = 0; round < 2; round++) {
      await store.forget();
      await take('a', posted('one', PAIVI));
      await Promise.all([
        take('a', posted('one', OLLI)),
        take('b', posted('two', PAIVI)),
        take('c', posted('three', PAIVI)),
      ]);
      expect(await addresses()).to.deep.equal([OLLI, PAIVI]);
      const contact = await idOf(PAIVI);
      expect((await store.models.identifiers.findById(`email:${PAIVI}`).lean())?.contact).to.equal(contact);
      expect(await store.models.timeline.countDocuments({ contact })).to.equal(2);
    }
  });
});
