import { expect } from 'chai';
import { rawOf } from '../../../connectors/common/raw.ts';
import type { Captured } from '../../../connectors/contract.ts';
import { lastMessages } from '../../../server/read/messages.ts';
import { itemId } from '../../../server/rules/keys.ts';
import { batchOf, COUNTRY, freshStore, makeHub, otherConnector } from '../../support/capture.ts';

/** Around midnight in the hub's zone, so that tags tell days apart. */
const at = (minute: number, second = 0) => new Date(Date.UTC(2026, 10, 20, 21, 50 + minute, second));
const ENDED = '2026-01-31';
const OUR_DESK = { type: 'extension', value: '100' };
const COLLEAGUE = { type: 'extension', value: '200' };
const numberOf = (order: number, who: number) => ({ type: 'phone', value: `+35840${order}0000${who}0` });

type Make = (order: number) => Captured[];

const item = (order: number, key: string, over: Partial<Captured>): Captured => ({
  sourceKey: `${order}/${key}`,
  kind: 'interaction',
  belongsTo: `whole/${order}`,
  orElse: 'create',
  channel: 'call',
  direction: 'inbound',
  occurredAt: at(0),
  participants: [],
  threadKeys: [],
  parts: [],
  raw: rawOf('application/json', Buffer.from(JSON.stringify([order, key]))),
  ...over,
});

/** A call that two callers are on, with a consultation among us; told leg by leg, each state as it was reached. */
const call: Make = order => {
  const leg = (key: string, minute: number, [from, to]: readonly Captured['participants'][0]['identifier'][]) => ({
    key,
    over: {
      occurredAt: at(minute),
      participants: [
        { role: 'from' as const, identifier: from ?? OUR_DESK },
        { role: 'to' as const, identifier: to ?? OUR_DESK },
      ],
      parties: [0],
    },
  });
  const legs = [
    leg('first', 0, [numberOf(order, 1), OUR_DESK]),
    leg('second', 12, [numberOf(order, 2), OUR_DESK]),
    leg('again', 15, [numberOf(order, 1), COLLEAGUE]),
  ];
  const consultation = leg('among us', 11, [OUR_DESK, COLLEAGUE]);
  const state = (key: string, rank: number, told: Date) =>
    item(order, key, { kind: 'status', orElse: 'wait', occurredAt: at(0), status: { state: key, rank, at: told } });
  return [
    ...legs.map(({ key, over }) => item(order, key, over)),
    item(order, consultation.key, { ...consultation.over, direction: 'internal', parties: [] }),
    state('ringing', 1, at(0, 1)),
    state('completed', 2, at(16)),
  ];
};

const chat: Make = order => {
  const said = (key: string, when: Date, over: Partial<Captured> = {}) =>
    item(order, key, { kind: 'message', channel: 'chat', text: key, occurredAt: when, ...over });
  const visitor = (role: 'from' | 'to') => ({ role, identifier: numberOf(order, 1), name: 'Päivi' });
  const agent = { role: 'agent' as const, identifier: { type: 'name', value: 'Olli' }, name: 'Olli' };
  const ours = { direction: 'outbound' as const, participants: [agent, visitor('to')], parties: [1] };
  const theirs = { participants: [visitor('from')], parties: [0] };
  return [
    said('began', at(0), { message: { kind: 'system' }, participants: [visitor('to')], parties: [0] }),
    said('question', at(1), theirs),
    said('a note', at(2), { ...ours, message: { kind: 'note' } }),
    said('answer', at(11), ours),
    said('thanks', at(14), theirs),
  ];
};

const shuffled = <T>(all: readonly T[], seed: number): T[] => {
  const rest = [...all];
  const out: T[] = [];
  for (let n = seed * 7919 + 13; rest.length > 0; n = (n * 48271) % 2147483647)
    out.push(...rest.splice(n % rest.length, 1));
  return out;
};

describe('capture: what comes in any order', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  let hub: ReturnType<typeof makeHub>;
  before(async () => {
    store = await freshStore();
    hub = makeHub(store);
  });
  after(() => store.close());

  const take = (...items: Captured[]) =>
    hub.take([batchOf(items, { next: {} })], { account: 'calls', connector: otherConnector });

  /** A customer whose relationship ended, so that the day of a call says how long it is kept. */
  const knowCustomer = async (order: number) => {
    const customer = { role: 'from' as const, identifier: numberOf(order, 1) };
    const { belongsTo: _, ...own } = item(order, 'known', { participants: [customer], parties: [0] });
    await take({ ...own, occurredAt: new Date('2026-11-01T08:00:00Z') });
    const { contact = '' } = (await store.models.identifiers.findById(`phone:${customer.identifier.value}`)) ?? {};
    const ended = { provisional: false, relationship: { startedAt: null, endedAt: ENDED } };
    await store.models.contacts.updateOne({ _id: contact }, { $set: ended });
  };

  const stateOf = async (order: number) => {
    const id = itemId('calls', { sourceKey: `whole/${order}`, kind: 'interaction' });
    const interaction = await store.models.interactions.findById(id).lean();
    const entries = await store.models.timeline.find({ interaction: id }).lean();
    const contacts = await store.models.contacts.find().lean();
    const whose = new Map(contacts.map(one => [one._id, one]));
    const messages = await lastMessages({ models: store.models, country: COUNTRY }, id, 10);
    const { direction, occurredAt, participants, status } = interaction ?? {};
    const state = {
      direction,
      occurredAt,
      participants,
      status: status && { state: status.state, history: status.history.map(one => [one.state, one.at]) },
      entries: entries
        .map(({ contact, occurredAt, direction, from, preview, retention, messages, status }) => ({
          contact: whose.get(contact ?? '')?.identifiers[0]?.value ?? null,
          last: whose.get(contact ?? '')?.lastEntry?.at,
          occurredAt,
          direction,
          from,
          preview,
          retention,
          messages,
          status,
        }))
        .sort((a, b) => ((a.contact ?? '') < (b.contact ?? '') ? -1 : 1)),
      messages: messages.map(({ text }) => text),
    };
    return JSON.parse(JSON.stringify(state).replaceAll(`+35840${order}0000`, 'number-'));
  };

  let order = 0;
  /** The end state by each order: all at once, each by itself, in two batches; the first one is as it happened. */
  const inAnyOrder = async (make: Make) => {
    const states = [];
    for (let seed = 0; seed < 5; seed++) {
      order += 1;
      await knowCustomer(order);
      const items = seed === 0 ? make(order) : shuffled(make(order), seed);
      const [status, rest] = [
        items.filter(({ kind }) => kind === 'status'),
        items.filter(one => one.kind !== 'status'),
      ];
      const all = seed % 2 ? items.filter(one => one.orElse !== 'wait') : rest;
      const half = seed % 3 === 0 ? all.length : seed % 3 === 1 ? 1 : 3;
      for (let from = 0; from < all.length; from += half) await take(...all.slice(from, from + half));
      if (status.length > 0) await take(...status);
      states.push(await stateOf(order));
    }
    return states;
  };

  it('a call is from its first leg’s start, with everybody, whichever leg came first', async () => {
    const [asItHappened, ...others] = await inAnyOrder(call);
    expect(asItHappened).to.deep.include({ direction: 'inbound', occurredAt: at(0).toISOString() });
    expect(asItHappened.participants).to.have.length(5);
    expect(asItHappened.status.history.map(([state]: string[]) => state)).to.deep.equal(['ringing', 'completed']);
    const [customer, stranger] = asItHappened.entries;
    expect(customer.retention).to.include({ policy: 'customer-relationship', triggerAt: '2026-11-20' });
    expect(customer.last).to.equal(at(0).toISOString());
    expect(customer.status.at).to.equal(at(16).toISOString());
    expect(stranger.contact).to.equal('number-20');
    for (const other of others) expect(other).to.deep.equal(asItHappened);
  });

  it('a chat goes the way of its earliest message, and is read in the order of its own time', async () => {
    const [asItHappened, ...others] = await inAnyOrder(chat);
    expect(asItHappened).to.deep.include({ direction: 'inbound', occurredAt: at(0).toISOString() });
    expect(asItHappened.messages).to.deep.equal(['began', 'question', 'a note', 'answer', 'thanks']);
    expect(asItHappened.entries).to.have.length(1);
    expect(asItHappened.entries[0]).to.include({ from: 'Päivi', preview: 'thanks', messages: 5 });
    expect(asItHappened.entries[0].retention.triggerAt).to.equal('2026-11-20');
    for (const other of others) expect(other).to.deep.equal(asItHappened);
  });
});
