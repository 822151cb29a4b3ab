import { expect } from 'chai';
import type { Captured, Identifier } from '../../../connectors/contract.ts';
import { batchOf, freshStore, makeHub, otherConnector } from '../../support/capture.ts';

const email = (value: string): Identifier => ({ type: 'email', value });
const PAIVI = email('paivi@kuusilahti.example');
const OLLI = email('olli@kuusilahti.example');
const BROWSER = { type: 'chat', value: 'browser-1' };
const AGENT = { type: 'user', value: 'agent-1' };

/** A message as chat tools' transcripts bring it: its author, and everybody who is in the chat by then. */
const said = (key: string, author: Identifier, others: Identifier[] = [], over: Partial<Captured> = {}): Captured => ({
  sourceKey: key,
  kind: 'message',
  belongsTo: 'CHAT',
  orElse: 'create',
  channel: 'chat',
  direction: 'inbound',
  occurredAt: new Date('2026-11-20T08:00:00Z'),
  participants: [
    { role: author === AGENT ? 'agent' : 'from', identifier: author },
    ...others.map(identifier => ({ role: 'to' as const, identifier })),
  ],
  parties: [author, ...others].flatMap((one, index) => (one === AGENT ? [] : [index])),
  unlinkedReason: 'Nobody but our own people wrote in this chat.',
  threadKeys: [],
  text: key,
  message: { kind: 'message' },
  parts: [],
  ...over,
});

describe('capture: who joins a chat later', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  let hub: ReturnType<typeof makeHub>;
  beforeEach(async () => {
    store = await freshStore();
    hub = makeHub(store);
  });
  afterEach(() => store.close());

  const take = (...items: Captured[]) => hub.take([batchOf(items, { next: {} })], { connector: otherConnector });
  const entries = () => store.models.timeline.find().lean();
  const whose = async () => {
    const contacts = new Map((await store.models.contacts.find().lean()).map(one => [one._id, one]));
    return (await entries()).map(({ contact }) => contact && contacts.get(contact)?.identifiers[0]?.value).sort();
  };

  for (const [name, batches] of [
    ['in one batch', [[said('a', PAIVI), said('b', OLLI, [PAIVI])]]],
    ['later', [[said('a', PAIVI)], [said('b', OLLI, [PAIVI])]]],
    ['by being there, before they write', [[said('a', PAIVI)], [said('b', PAIVI, [OLLI])], [said('c', OLLI, [PAIVI])]]],
  ] as const)
    it(`has it on their timeline too, once, with its tag: ${name}`, async () => {
      for (const items of batches) await take(...items);
      expect(await whose()).to.deep.equal([OLLI.value, PAIVI.value]);
      const [chat, ...more] = await store.models.interactions.find().lean();
      expect(more).to.deep.equal([]);
      expect(chat?.participants.map(({ identifier }) => identifier.value)).to.deep.equal([PAIVI.value, OLLI.value]);
      const count = batches.flat().length;
      for (const { retention, messages } of await entries())
        expect([retention.policy, messages]).to.deep.equal(['unknown-sender', count]);
      const contacts = await store.models.contacts.find().lean();
      expect(contacts.map(({ lastEntry }) => lastEntry?.channel)).to.deep.equal(['chat', 'chat']);
    });

  it('takes it from what is to be sorted out, when only ours were in it before', async () => {
    await take(said('a', AGENT));
    expect(await whose()).to.deep.equal([null]);
    await take(said('b', PAIVI));
    expect(await whose()).to.deep.equal([PAIVI.value]);
  });

  it('is nobody new who is there under another of their addresses', async () => {
    const from = { role: 'from' as const, identifier: PAIVI, also: [BROWSER] };
    await take(said('a', PAIVI, [], { participants: [from], proven: true }));
    await take(said('b', BROWSER));
    expect(await whose()).to.deep.equal([PAIVI.value]);
    expect(await store.models.contacts.countDocuments()).to.equal(1);
  });

  it('what was taken off a timeline by hand stays off when they write again', async () => {
    await take(said('a', PAIVI));
    await store.models.timeline.deleteMany({});
    await take(said('b', PAIVI), said('c', AGENT, [PAIVI]));
    expect(await whose()).to.deep.equal([]);
  });
});
