import { expect } from 'chai';
import { rawOf } from '../../../connectors/common/raw.ts';
import type { Captured, Connector, Identifier } from '../../../connectors/contract.ts';
import type { LastEntry } from '../../../models/contacts.ts';
import { makeLink } from '../../../server/timeline/link.ts';
import { batchOf, freshStore, makeHub, otherConnector, ZONE } from '../../support/capture.ts';

const email = (value: string): Identifier => ({ type: 'email', value });
const PAIVI = email('paivi@kuusilahti.example');
const OLLI = email('olli@kuusilahti.example');
const AGENT = { type: 'user', value: 'agent-1' };
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 8, minute));

const message = (text: string, minute: number, over: Partial<Captured> = {}): Captured => ({
  sourceKey: `${text} ${minute}`,
  kind: 'message',
  belongsTo: 'CHAT',
  orElse: 'create',
  channel: 'chat',
  direction: 'inbound',
  occurredAt: at(minute),
  participants: [{ role: 'from', identifier: PAIVI }],
  parties: [0],
  threadKeys: [],
  text,
  message: { kind: 'message' },
  parts: [],
  ...over,
});
const answer = (text: string, minute: number, over: Partial<Captured> = {}) =>
  message(text, minute, {
    direction: 'outbound',
    participants: [
      { role: 'agent', identifier: AGENT },
      { role: 'to', identifier: PAIVI },
    ],
    parties: [1],
    ...over,
  });
const note = (text: string, minute: number) => answer(text, minute, { message: { kind: 'note' } });
const line = (text: string, minute: number) => message(text, minute, { message: { kind: 'system' } });
const sms = (text: string, minute: number): Captured => {
  const { belongsTo: _, orElse: __, message: ___, ...rest } = message(text, minute);
  return { ...rest, kind: 'interaction', channel: 'sms', raw: rawOf('text/plain', Buffer.from(text)) };
};

describe('capture: what happened last with a contact', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  let hub: ReturnType<typeof makeHub>;
  before(async () => {
    store = await freshStore();
    hub = makeHub(store);
  });
  after(() => store.close());

  afterEach(() => store.forget());

  const take = (items: Captured[], connector: Connector = otherConnector) =>
    hub.take([batchOf(items, { next: {} })], { connector });
  const contactOf = async ({ type, value }: Identifier) => {
    const row = await store.models.identifiers.findById(`${type}:${value}`).lean();
    return store.models.contacts.findById(row?.contact ?? '').lean();
  };
  const shown = (last: LastEntry | null | undefined) => last && [last.at, last.channel, last.direction, last.text];
  const lastOf = async (whose = PAIVI) => shown((await contactOf(whose))?.lastEntry);
  const chat = async () => {
    const entry = await store.models.timeline.findOne({ channel: 'chat' }).lean();
    if (!entry) throw new Error('There is no chat.');
    return entry;
  };

  it('is what is said in a chat that goes on, whichever way; its entry stays where it began', async () => {
    await take([message('Hei', 0)]);
    await take([sms('In between', 5)]);
    const before = await chat();
    await take([message('Oletko siellä?', 9)]);
    expect(await lastOf()).to.deep.equal([at(9), 'chat', 'inbound', 'Oletko siellä?']);
    await take([answer('Olen', 10)]);
    expect(await lastOf()).to.deep.equal([at(10), 'chat', 'outbound', 'Olen']);
    const { occurredAt, direction, retention, said, preview } = await chat();
    expect({ occurredAt, direction, retention }).to.deep.equal({
      occurredAt: at(0),
      direction: before.direction,
      retention: before.retention,
    });
    expect({ said, preview }).to.deep.equal({ said: { at: at(10), direction: 'outbound' }, preview: 'Olen' });
    await take([sms('Later', 11)]);
    expect(await lastOf()).to.deep.equal([at(11), 'sms', 'inbound', 'Later']);
  });

  it('is cut between characters, not within one', async () => {
    await take([sms('🌲'.repeat(200), 1)]);
    const [, , , text] = (await lastOf()) ?? [];
    expect(text).to.equal(`${'🌲'.repeat(99)}…`);
  });

  it('is no note, no line of the chat tool, and nothing that was said earlier', async () => {
    await take([message('Hei', 3)]);
    for (const one of [note('A note', 5), line('Päivi left', 6), answer('Earlier', 2)]) {
      await take([one]);
      expect(await lastOf(), one.text ?? '').to.deep.equal([at(3), 'chat', 'inbound', 'Hei']);
      expect((await chat()).preview).to.equal('Hei');
    }
  });

  it('is a line of the chat tool only while nobody said anything, and never a note', async () => {
    await take([note('A note', 1)]);
    expect(await chat()).to.include({ preview: '' });
    await take([line('Päivi came', 2)]);
    expect(await chat())
      .to.include({ preview: 'Päivi came' })
      .and.not.have.property('said');
    await take([message('Hei', 0)]);
    expect((await chat()).preview).to.equal('Hei');
    expect(await lastOf()).to.deep.equal([at(0), 'chat', 'inbound', 'Hei']);
  });

  it('is called as its files where nothing is written beside them', async () => {
    await take([message('Hei', 0)]);
    const part = { type: 'image/png', size: 3, open: () => rawOf('image/png', Buffer.from('png')).open() };
    await take([message('', 2, { parts: [{ ...part, name: 'näyttö.png' }, part] })]);
    expect(await lastOf()).to.deep.equal([at(2), 'chat', 'inbound', 'näyttö.png, image/png']);
  });

  it('does not depend on how messages fell into batches', async () => {
    const all = [line('came', 0), message('Hei', 1), answer('Moi', 4), note('A note', 5), sms('Before', 3)];
    for (const size of [1, 2, 5]) {
      for (let from = 0; from < all.length; from += size) await take(all.slice(from, from + size));
      expect(await lastOf(), `by ${size}`).to.deep.equal([at(4), 'chat', 'outbound', 'Moi']);
      await store.forget();
    }
  });

  it('is the same for all who are in the chat, and for who absorbed one of them', async () => {
    const both = [
      { role: 'from' as const, identifier: PAIVI },
      { role: 'to' as const, identifier: OLLI },
    ];
    await take([message('Hei', 0, { participants: both, parties: [0, 1] })]);
    const olli = await contactOf(OLLI);
    await store.models.contacts.create({ ...olli, _id: 'survivor', lastEntry: null });
    await store.models.contacts.updateOne({ _id: olli?._id ?? '' }, { $set: { mergedInto: 'survivor' } });
    await take([message('Hei taas', 9, { participants: both, parties: [0, 1] })]);
    const last = [at(9), 'chat', 'inbound', 'Hei taas'];
    expect(await lastOf()).to.deep.equal(last);
    expect(shown((await store.models.contacts.findById('survivor').lean())?.lastEntry)).to.deep.equal(last);
    expect(shown((await contactOf(OLLI))?.lastEntry)?.[0]).to.deep.equal(at(0));
    expect(await store.models.timeline.countDocuments()).to.equal(2);
  });

  it('goes with the chat to whom it is put on by hand, and comes back from what is older', async () => {
    await take([message('Hei', 0), sms('In between', 5)]);
    await take([message('Hei taas', 9)]);
    await take([{ ...sms('Olli’s', 7), participants: [{ role: 'from', identifier: OLLI }] }]);
    const link = makeLink({ models: store.models, policies: store.policies, zone: ZONE });
    await link((await chat())._id, (await contactOf(OLLI))?._id ?? '', 'agent');
    expect(await lastOf()).to.deep.equal([at(5), 'sms', 'inbound', 'In between']);
    expect(await lastOf(OLLI)).to.deep.equal([at(9), 'chat', 'inbound', 'Hei taas']);
    await take([answer('Moi', 10)]);
    expect(await lastOf()).to.deep.equal([at(5), 'sms', 'inbound', 'In between']);
    expect(await lastOf(OLLI)).to.deep.equal([at(10), 'chat', 'outbound', 'Moi']);
  });

  it('is known again of a chat that turns out to have begun earlier, by what was said last', async () => {
    await take([answer('Moi', 3)]);
    await take([sms('In between', 5)]);
    await take([message('Hei taas', 9)]);
    await take([message('Hei', 0)]);
    expect((await chat()).occurredAt).to.deep.equal(at(0));
    expect(await lastOf()).to.deep.equal([at(9), 'chat', 'inbound', 'Hei taas']);
  });

  it('is what it was of a chat that was stored before, until somebody says more', async () => {
    await take([message('Hei', 0)]);
    await take([answer('Moi', 4)]);
    await store.models.interactions.updateMany({}, { $unset: { 'saidAt.said': 1 } });
    await store.models.timeline.updateMany({}, { $unset: { said: 1 } });
    const lastEntry = { at: at(0), channel: 'chat', direction: 'inbound', text: 'Hei' };
    await store.models.contacts.updateMany({}, { $set: { lastEntry } });
    await take([note('A note', 6), line('Päivi left', 7), message('Earlier', 2)]);
    expect(await lastOf()).to.deep.equal([at(0), 'chat', 'inbound', 'Hei']);
    expect(await chat())
      .to.include({ preview: 'Moi' })
      .and.not.have.property('said');
    await take([message('Hei taas', 9)]);
    expect(await lastOf()).to.deep.equal([at(9), 'chat', 'inbound', 'Hei taas']);
    expect((await chat()).said).to.deep.equal({ at: at(9), direction: 'inbound' });
  });

  it('is no later than it was taken in, whatever a clock says', async () => {
    await take([message('Hei', 0)]);
    await take([message('Hei taas', 9, { occurredAt: new Date(Date.now() + 3600_000) })]);
    expect((await contactOf(PAIVI))?.lastEntry?.at.getTime()).to.be.at.most(Date.now());
  });

  it('says what its own entry does, of two of one moment', async () => {
    const summarising = { ...otherConnector, fold: () => ({ summary: 'Answered' }) } as unknown as Connector;
    await take([sms('One', 0), sms('Other', 0)]);
    for (const text of ['One', 'Other']) {
      const { raw: _, ...rest } = sms(text, 0);
      const recording = { ...rest, kind: 'recording' as const, belongsTo: `${text} 0`, sourceKey: `of ${text}` };
      await take([recording], summarising);
      const last = (await contactOf(PAIVI))?.lastEntry;
      const entry = await store.models.timeline.findById(last?.entry ?? '').lean();
      expect(last?.text).to.equal(entry?.preview);
    }
  });
});
