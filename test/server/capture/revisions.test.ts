import { expect } from 'chai';
import { rawOf } from '../../../connectors/common/raw.ts';
import type { Captured } from '../../../connectors/contract.ts';
import type { ContactDoc } from '../../../models/contacts.ts';
import { makeLink } from '../../../server/timeline/link.ts';
import { batchOf, freshStore, makeHub, otherConnector, ZONE } from '../../support/capture.ts';

const address = (value: string) => ({ type: 'email', value });
const [PAIVI, OLLI, AINO] = ['paivi@kuusilahti.example', 'olli@kuusilahti.example', 'aino@kuusilahti.example'] as const;
const FIRST = new Date('2026-11-20T08:00:00Z');
const LATER = new Date('2026-11-21T08:00:00Z');

/** What a source posts under one id, as the generic webhook makes it. */
const posted = (from: readonly string[], over: Partial<Captured> = {}): Captured => {
  const item: Omit<Captured, 'raw'> = {
    sourceKey: 'interaction:one',
    kind: 'interaction',
    channel: 'fax',
    direction: 'inbound',
    occurredAt: FIRST,
    participants: from.map(value => ({ role: 'from', identifier: address(value) })),
    parties: from.map((_, index) => index),
    unlinkedReason: 'Nobody knows.',
    threadKeys: [],
    text: 'Hei',
    parts: [],
    ...over,
  };
  return { ...item, raw: rawOf('application/json', Buffer.from(JSON.stringify(item))) };
};
const booking = (from: readonly string[], over: Partial<Captured> = {}): Captured =>
  posted(from, {
    sourceKey: 'event:one',
    kind: 'event',
    channel: 'event',
    event: { name: 'booking', data: { hall: 2 } },
    summary: 'Booking: hall 2',
    ...over,
  });

for (const [what, make] of [
  ['interaction', posted],
  ['register event', booking],
] as const)
  describe(`capture: a revision of a posted ${what}`, () => {
    let store: Awaited<ReturnType<typeof freshStore>>;
    let hub: ReturnType<typeof makeHub>;
    let link: ReturnType<typeof makeLink>;
    beforeEach(async () => {
      store = await freshStore();
      hub = makeHub(store);
      link = makeLink({ models: store.models, policies: store.policies, zone: ZONE });
    });
    afterEach(() => store.close());

    const take = (...items: Captured[]) =>
      hub.take([batchOf(items, { next: {}, stream: 'inbox' })], { connector: otherConnector });
    const contact = async (value: string) => {
      const row = await store.models.identifiers.findById(`email:${value}`).lean();
      return (await store.models.contacts.findById(row?.contact).lean()) as ContactDoc;
    };
    /** of all contacts */
    const addresses = async () =>
      (await store.models.contacts.find().lean()).flatMap(one => one.identifiers.map(({ value }) => value)).sort();
    const entries = () => store.models.timeline.find().lean();
    /** whose timelines it is on: addresses, or null */
    const whose = async () => {
      const contacts = new Map((await store.models.contacts.find().lean()).map(one => [one._id, one]));
      return (await entries()).map(({ contact: id }) => id && contacts.get(id)?.identifiers[0]?.value).sort();
    };
    const stored = () =>
      what === 'interaction'
        ? store.models.interactions.findOne().lean()
        : store.models.registerEvents.findOne().lean();

    it('is on the timelines of whom it belongs to now, tagged, and on nobody else’s', async () => {
      await take(make([PAIVI, OLLI]));
      await take(make([OLLI, AINO]));
      expect(await whose()).to.deep.equal([AINO, OLLI]);
      const { participants, revisions } = (await stored()) ?? {};
      expect(participants?.map(({ identifier }) => identifier.value)).to.deep.equal([OLLI, AINO]);
      expect(revisions).to.have.length(1);
      expect((await entries()).map(({ retention }) => retention.policy)).to.deep.equal([
        'unknown-sender',
        'unknown-sender',
      ]);
      expect(await addresses()).to.deep.equal([AINO, OLLI]);
      expect((await contact(AINO)).lastEntry?.at).to.deep.equal(FIRST);
    });

    it('moves with its time, in every entry, its tags and its contacts’ last entries', async () => {
      await take(make([PAIVI]), make([PAIVI], { sourceKey: 'other', occurredAt: new Date('2026-11-20T12:00:00Z') }));
      const { _id, lastEntry } = await contact(PAIVI);
      expect(lastEntry?.at).to.deep.equal(new Date('2026-11-20T12:00:00Z'));
      const ended = { provisional: false, relationship: { startedAt: null, endedAt: '2026-01-31' } };
      await store.models.contacts.updateOne({ _id }, { $set: ended, $inc: { revision: 1 } });
      await take(make([PAIVI], { occurredAt: LATER, subject: 'Kokous' }));
      const entry = (await entries()).find(({ subject }) => subject === 'Kokous');
      expect(entry?.occurredAt).to.deep.equal(LATER);
      expect(entry?.retention).to.include({ policy: 'customer-relationship', triggerAt: '2026-11-21' });
      expect(entry?.changedAt).to.be.instanceOf(Date);
      expect((await stored())?.occurredAt).to.deep.equal(LATER);
      expect((await contact(PAIVI)).lastEntry)
        .to.include({ text: 'Kokous' })
        .and.deep.include({ at: LATER });
      await take(make([PAIVI], { occurredAt: new Date('2026-11-19T08:00:00Z') }));
      expect((await contact(PAIVI)).lastEntry?.at).to.deep.equal(new Date('2026-11-20T12:00:00Z'));
    });

    it('is to be sorted out when it is nobody’s any more, and no longer once it is somebody’s', async () => {
      await take(make([PAIVI]));
      await take(make([]));
      expect(await whose()).to.deep.equal([null]);
      expect((await entries())[0]).to.deep.include({ reason: 'Nobody knows.' });
      expect((await entries())[0]?.retention.policy).to.equal('unlinked');
      await take(make([AINO]));
      expect(await whose()).to.deep.equal([AINO]);
    });

    it('says the same whether its contents come in one batch, in two, or with others between', async () => {
      await take(make([PAIVI]), make([OLLI, AINO]), make([AINO], { occurredAt: LATER }));
      expect(await whose()).to.deep.equal([AINO]);
      await take(make([OLLI]), make([PAIVI, AINO], { text: 'viimeinen' }));
      expect(await whose()).to.deep.equal([AINO, PAIVI]);
      expect((await stored())?.revisions).to.have.length(4);
      expect(await addresses()).to.deep.equal([AINO, PAIVI]);
      expect((await contact(AINO)).lastEntry?.at).to.deep.equal(FIRST);
    });

    it('leaves where it is what somebody linked by hand, and off what somebody took off', async () => {
      await take(make([PAIVI]), make([AINO], { sourceKey: 'of another' }));
      const [{ _id: paivi }, { _id: aino }] = [await contact(PAIVI), await contact(AINO)];
      const mine = async () => (await entries()).filter(({ preview }) => preview !== 'of another');
      await store.models.timeline.updateMany({ contact: aino }, { $set: { preview: 'of another' } });
      const [entry] = await mine();
      await link(entry?._id ?? '', aino, 'agent');
      await take(make([PAIVI, OLLI]));
      const ids = (await mine()).map(({ contact: id }) => id);
      expect(ids).to.include(aino).and.not.include(paivi);
      expect(ids).to.include((await contact(OLLI))._id);
      await take(make([PAIVI], { text: 'ilman Ollia' }));
      expect((await mine()).map(({ contact: id }) => id)).to.deep.equal([aino]);
      const [linked] = await mine();
      await link(linked?._id ?? '', null, 'agent');
      await take(make([PAIVI, AINO], { text: 'vielä' }));
      expect((await mine()).map(({ contact: id }) => id)).to.deep.equal([null]);
      await take(make([PAIVI, OLLI, AINO]));
      await take(make([PAIVI, AINO], { text: 'taas' }));
      expect((await mine()).map(({ contact: id }) => id)).to.deep.equal([null]);
    });

    it('takes nothing off whose address is somebody else’s by now, while its people stay', async () => {
      await take(make([PAIVI]), make([AINO], { sourceKey: 'of another', occurredAt: LATER }));
      const [{ _id: before }, { _id: other }] = [await contact(PAIVI), await contact(AINO)];
      await store.models.identifiers.updateOne({ _id: `email:${PAIVI}` }, { $set: { contact: other } });
      await take(make([PAIVI], { text: 'Korjattu' }));
      const [entry] = await store.models.timeline.find({ contact: before }).lean();
      expect(entry?.changedAt).to.be.instanceOf(Date);
    });

    it('counts for whom its contact was merged into', async () => {
      await take(make([PAIVI]), make([AINO], { sourceKey: 'of another', occurredAt: LATER }));
      const [{ _id: absorbed }, { _id: aino }] = [await contact(PAIVI), await contact(AINO)];
      await store.models.contacts.updateOne({ _id: absorbed }, { $set: { mergedInto: aino } });
      await take(make([AINO, OLLI], { occurredAt: new Date('2026-11-22T08:00:00Z') }));
      expect(await store.models.timeline.countDocuments({ contact: absorbed })).to.equal(1);
      expect(await store.models.timeline.countDocuments()).to.equal(3);
      expect((await contact(AINO)).lastEntry?.at).to.deep.equal(new Date('2026-11-22T08:00:00Z'));
    });

    it('stands where it came in when it is dated ahead; an event keeps its time', async () => {
      const shown = async () => {
        const [entry] = await entries();
        const event = await store.models.registerEvents.findOne().lean();
        return { at: entry?.occurredAt.getTime() ?? 0, kept: event?.occurredAt };
      };
      for (const ahead of [new Date('2099-01-15T10:00:00Z'), new Date('2099-02-15T10:00:00Z')]) {
        await take(make([PAIVI], { occurredAt: ahead }));
        const { at, kept } = await shown();
        expect(at).to.be.within(Date.now() - 60_000, Date.now());
        expect(kept).to.deep.equal(make === booking ? ahead : undefined);
      }
    });
  });

describe('capture: a revision that turns round', () => {
  it('is outbound, of whom it went to, on another channel', async () => {
    const store = await freshStore();
    const take = (item: Captured) =>
      makeHub(store).take([batchOf([item], { next: {} })], { connector: otherConnector });
    await take(posted([PAIVI], { participants: [{ role: 'from', identifier: address(PAIVI) }] }));
    const participants = [
      { role: 'from' as const, identifier: address('tuki@varaamo.example') },
      { role: 'to' as const, identifier: address(PAIVI) },
    ];
    const turned = { direction: 'outbound' as const, channel: 'sms', participants, parties: [1] };
    await take(posted([], turned));
    const [entry, ...more] = await store.models.timeline.find().lean();
    expect(more).to.deep.equal([]);
    expect(entry).to.include({ direction: 'outbound', channel: 'sms', from: 'tuki@varaamo.example' });
    expect(await store.models.interactions.findOne().lean()).to.include({ direction: 'outbound', channel: 'sms' });
    expect((await store.models.contacts.findOne().lean())?.lastEntry).to.include({ direction: 'outbound' });
    await store.close();
  });
});
