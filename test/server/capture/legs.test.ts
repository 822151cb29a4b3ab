import { expect } from 'chai';
import { rawOf } from '../../../connectors/common/raw.ts';
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

  it('a leg whose number was corrected is of whom it belongs to now, and of nobody else', async () => {
    const told = (from: typeof CALLER, startedAt: string) =>
      leg('main', from, DESK, {
        occurredAt: new Date(startedAt),
        raw: rawOf('text/csv', Buffer.from(`${from.value},${startedAt}`)),
      });
    await take(told(CALLER, '2026-11-20T08:00:00Z'), internal);
    await take(told(OTHER, '2026-11-20T08:05:00Z'));
    const [call] = await store.models.interactions.find().lean();
    expect(call?.occurredAt).to.deep.equal(internal.occurredAt);
    expect(call?.participants.map(({ identifier }) => identifier.value)).to.deep.equal([
      OTHER.value,
      '100',
      '100',
      '200',
    ]);
    expect(await entries()).to.deep.equal([[true, 'inbound', OTHER.value]]);
    const contacts = await store.models.contacts.find().sort({ 'identifiers.value': 1 }).lean();
    expect(contacts.map(({ lastEntry }) => lastEntry?.at ?? null)).to.deep.equal([null, internal.occurredAt]);
    const none = { ...told(OTHER, '2026-11-20T08:06:00Z'), participants: [], parties: [], unlinkedReason: 'Withheld.' };
    await take(none);
    expect((await store.models.timeline.find().lean()).map(({ contact, reason }) => [contact, reason])).to.deep.equal([
      [null, 'Withheld.'],
    ]);
    await take(told(CALLER, '2026-11-20T08:00:01Z'));
    expect(await entries()).to.deep.equal([[true, 'inbound', CALLER.value]]);
  });

  it('whom a call was put through to is on the call, and it is not theirs', async () => {
    const withheld = leg('main', DESK, DESK, { participants: [], parties: [], unlinkedReason: 'Withheld.' });
    const through = leg('through', DESK, OTHER, { direction: 'outbound', parties: [1], orElse: 'wait' });
    await take(withheld);
    await take(through);
    expect(await entries()).to.deep.equal([[false, 'inbound', DESK.value]]);
    expect(await store.models.contacts.countDocuments()).to.equal(0);
    await take(leg('ours', DESK, DESK, { belongsTo: 'OURS', direction: 'outbound', parties: [] }));
    await take({ ...through, sourceKey: 'on', belongsTo: 'OURS' });
    expect((await entries()).filter(([isSomebodys]) => isSomebodys)).to.have.length(1);
  });
});
