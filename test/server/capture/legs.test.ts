import { expect } from 'chai';
import type { Captured } from '../../../connectors/contract.ts';
import { batchOf, freshStore, makeHub, otherConnector } from '../../support/capture.ts';

const phone = (value: string) => ({ type: 'phone', value });
const CALLER = phone('+358401234567');
const OTHER = phone('+358407654321');
const DESK = { type: 'extension', value: '100' };
const COLLEAGUE = { type: 'extension', value: '200' };

const leg = (key: string, from: typeof CALLER, to: typeof CALLER, over: Partial<Captured> = {}): Captured => ({
  sourceKey: key,
  kind: 'interaction',
  belongsTo: 'CALL',
  orElse: 'create',
  channel: 'call',
  direction: 'inbound',
  occurredAt: new Date('2026-11-20T08:00:00Z'),
  participants: [
    { role: 'from', identifier: from },
    { role: 'to', identifier: to },
  ],
  parties: [0],
  threadKeys: [],
  parts: [],
  ...over,
});
const internal = leg('consult', DESK, COLLEAGUE, {
  direction: 'internal',
  parties: [],
  unlinkedReason: 'A call among ourselves.',
});
const outside = leg('main', CALLER, DESK);

describe('capture: who takes part in a further leg', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  let hub: ReturnType<typeof makeHub>;
  beforeEach(async () => {
    store = await freshStore();
    hub = makeHub(store);
  });
  afterEach(() => store.close());

  const take = (...items: Captured[]) => hub.take([batchOf(items, { next: {} })], { connector: otherConnector });
  const entries = async () =>
    (await store.models.timeline.find().sort({ _id: 1 }).lean()).map(({ contact, direction, from }) => [
      contact !== null,
      direction,
      from,
    ]);

  for (const [name, batches] of [
    ['in one batch', [[internal, outside]]],
    ['later', [[internal], [outside]]],
    ['before it', [[outside], [internal]]],
  ] as const) {
    it(`the call is on the timeline of who is outside, when a leg among us comes too, ${name}`, async () => {
      for (const items of batches) await take(...items);
      const [call, ...more] = await store.models.interactions.find().lean();
      expect(more).to.deep.equal([]);
      expect(call?.direction).to.equal('inbound');
      expect(call?.participants).to.have.length(4);
      expect(await entries()).to.deep.equal([[true, 'inbound', CALLER.value]]);
      expect(await store.models.contacts.countDocuments()).to.equal(1);
    });
  }

  it('everybody outside has it once, whatever comes again', async () => {
    await take(outside);
    await take(leg('third', OTHER, DESK), outside);
    await take(leg('third', OTHER, DESK));
    expect(await entries()).to.have.length(2);
    expect(await store.models.contacts.countDocuments()).to.equal(2);
    expect((await store.models.interactions.findOne().lean())?.participants).to.have.length(3);
  });

  it('what was taken off a timeline by hand stays off when the same number is on another leg', async () => {
    await take(outside);
    await store.models.timeline.deleteMany({});
    await take(leg('again', CALLER, COLLEAGUE));
    expect(await entries()).to.deep.equal([]);
  });
});
