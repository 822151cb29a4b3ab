import { expect } from 'chai';
import { rawOf } from '../../../connectors/common/raw.ts';
import type { Captured } from '../../../connectors/contract.ts';
import { makeLink } from '../../../server/timeline/link.ts';
import { batchOf, freshStore, makeHub, otherConnector, ZONE } from '../../support/capture.ts';

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

  describe('with what was sorted out by hand', () => {
    const [CALLERS_OTHER, THIRD] = [phone('+358409999999'), phone('+358408888888')];
    const contactOf = async ({ value }: typeof CALLER) =>
      (await store.models.identifiers.findById(`phone:${value}`).lean())?.contact ?? '';
    const link = async (contact: string | null) => {
      const { models, policies } = store;
      const entry = await models.timeline.findOne({ contact: await contactOf(CALLER) }).lean();
      await makeLink({ models, policies, zone: ZONE })(entry?._id ?? '', contact, 'agent');
    };
    const whose = async () => (await store.models.timeline.find().lean()).map(({ contact }) => contact);
    /** The call of somebody with two numbers. */
    const known = async (mergedInto: string | null) => {
      await take(outside);
      const caller = await contactOf(CALLER);
      const other = mergedInto ?? caller;
      await store.models.identifiers.create({ _id: `phone:${CALLERS_OTHER.value}`, contact: other });
      return { caller, other };
    };

    it('whom it was taken off has it no more by another number of theirs, and not by a third one’s leg either', async () => {
      const { caller } = await known(null);
      await link(null);
      await take(leg('by the other', CALLERS_OTHER, DESK));
      expect(await whose()).to.deep.equal([null]);
      await take(leg('by a third', THIRD, DESK));
      expect(await whose()).to.deep.equal([await contactOf(THIRD)]);
      await take(leg('by the caller', CALLER, COLLEAGUE), leg('by the other again', CALLERS_OTHER, COLLEAGUE));
      expect(await whose()).to.deep.equal([await contactOf(THIRD)]);
      expect((await store.models.timeline.findOne().lean())?.takenOff).to.deep.equal([caller]);
    });

    it('whose it was before it went to another stays off it', async () => {
      await known(null);
      await take(leg('of another', OTHER, DESK, { belongsTo: 'OTHERS' }));
      await link(await contactOf(OTHER));
      await take(leg('by the other', CALLERS_OTHER, DESK));
      expect(new Set(await whose())).to.deep.equal(new Set([await contactOf(OTHER)]));
    });

    it('who was absorbed since has it once, and stays off it', async () => {
      const { caller } = await known('survivor');
      const contact = await store.models.contacts.findById(caller).lean();
      await store.models.contacts.create({ ...contact, _id: 'survivor' });
      await store.models.contacts.updateOne({ _id: caller }, { $set: { mergedInto: 'survivor' } });
      await take(leg('by the other', CALLERS_OTHER, DESK));
      expect(await whose()).to.deep.equal([caller]);
      await link(null);
      await store.models.identifiers.create({ _id: `phone:${THIRD.value}`, contact: 'survivor' });
      await take(leg('by a third', THIRD, DESK));
      expect(await whose()).to.deep.equal([null]);
    });
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
    expect(contacts.map(({ lastEntry }) => lastEntry?.at ?? null)).to.deep.equal([internal.occurredAt]);
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
