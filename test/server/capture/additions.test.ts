import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import type { Captured, Connector } from '../../../connectors/contract.ts';
import { itemId } from '../../../server/rules/keys.ts';
import { batchOf, countsOf, freshStore, makeHub } from '../../support/capture.ts';

const NUMBER = { type: 'phone', value: '+358401234567' };
const OURS = { type: 'phone', value: '+358931570000' };

const rawOf = (text: string): NonNullable<Captured['raw']> => {
  const bytes = Buffer.from(text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { type: 'application/json', size: bytes.length, sha256, bytes, open: () => Readable.from([bytes]) };
};

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute));

const item = (sourceKey: string, over: Partial<Captured>): Captured => ({
  sourceKey,
  kind: 'interaction',
  channel: 'sms',
  direction: 'inbound',
  occurredAt: at(0),
  participants: [
    { role: 'from', identifier: NUMBER },
    { role: 'to', identifier: OURS },
  ],
  parties: [0],
  threadKeys: [],
  parts: [],
  raw: rawOf(sourceKey),
  ...over,
});

const status = (state: string, rank: number, minute: number, over: Partial<Captured> = {}) =>
  item(`status:${state}:${minute}`, {
    kind: 'status',
    belongsTo: 'SM1',
    occurredAt: at(minute),
    status: { state, rank, ...(state === 'failed' ? { error: 'Unknown number' } : {}) },
    ...over,
  });

const message = (id: string, text: string, over: Partial<Captured> = {}) =>
  item(id, {
    kind: 'message',
    channel: 'chat',
    belongsTo: 'chat-1',
    belongsToExternalId: 'c1',
    orElse: 'create',
    text,
    ...over,
  });

/** Details are the states that were folded, so that the order and the numbers of files can be seen. */
const connector: Connector = {
  id: 'other',
  label: 'Other',
  fold: (details: unknown, one: { sourceKey: string; kind: string }, part: number) => {
    if (one.sourceKey.includes('broken')) throw new TypeError('It can not be folded.');
    const seen = (details as { seen?: string[] } | undefined)?.seen ?? [];
    return {
      details: { seen: [...seen, `${one.sourceKey}@${part}`] },
      ...(one.kind === 'recording' ? { summary: 'Answered, with a recording' } : {}),
    };
  },
} as unknown as Connector;

describe('capture: what belongs to another interaction', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  let hub: ReturnType<typeof makeHub>;
  beforeEach(async () => {
    store = await freshStore();
    hub = makeHub(store);
  });
  afterEach(() => store.close());

  const take = (...items: Captured[]) => hub.take([batchOf(items, { next: {} })], { connector });
  const only = async () => {
    const [found, ...more] = await store.models.interactions.find().lean();
    expect(more).to.have.length(0);
    if (!found) throw new Error('There is no interaction.');
    return found;
  };

  it('statuses never step back, each distinct callback is a row, an identical one is not', async () => {
    await take(item('SM1', { externalId: 'SM1', text: 'Hei' }));
    await take(status('delivered', 3, 2), status('sent', 2, 1), status('sent', 2, 1));
    await take(status('delivered', 3, 2));
    const { status: reached, applied } = await only();
    expect(reached?.state).to.equal('delivered');
    expect(reached?.history.map(({ state, at: when }) => [state, when.getUTCMinutes()])).to.deep.equal([
      ['sent', 1],
      ['delivered', 2],
    ]);
    expect(applied).to.have.length(2);
    const [entry] = await store.models.timeline.find().lean();
    expect(entry?.status).to.deep.equal({ state: 'delivered', at: at(2), error: null });
    expect(await countsOf(store.models)).to.deep.equal({ stored: 3, duplicate: 2, quarantined: 0 });
    expect(await store.models.blobs.countDocuments()).to.equal(3);
  });

  it('what its source tells in several forms is one, in whichever form it came first', async () => {
    await take(item('SM1', { text: 'Hei', raw: rawOf('sid=SM1') }), status('delivered', 3, 2));
    const told = { revises: false as const, raw: rawOf('{"sid":"SM1"}') };
    await take(item('SM1', { text: 'Hei', ...told }), status('delivered', 3, 2, told));
    const { revisions, status: reached, original } = await only();
    expect(revisions).to.deep.equal([]);
    expect(reached?.history).to.have.length(1);
    expect(original?.sha256).to.equal(rawOf('sid=SM1').sha256);
    expect(await countsOf(store.models)).to.deep.equal({ stored: 2, duplicate: 2, quarantined: 0 });
  });

  it('a callback takes the place of what the source’s API told of the same before it', async () => {
    const { raw: _, ...asked } = status('delivered', 3, 2, { revises: false });
    await take(item('SM1', { text: 'Hei' }), asked);
    await take(status('delivered', 3, 2, { status: { state: 'delivered', rank: 3, at: at(3) } }), asked);
    const { status: reached, applied } = await only();
    expect(reached?.history.map(({ state, at: when }) => [state, when])).to.deep.equal([['delivered', at(3)]]);
    expect(applied).to.have.length(1);
    expect(await countsOf(store.models)).to.deep.equal({ stored: 2, duplicate: 2, quarantined: 0 });
  });

  it('one that can not be worked out goes to quarantine with its bytes, and holds nobody up', async () => {
    await take(item('SM1', { text: 'Hei' }), status('broken', 2, 1), status('delivered', 3, 2));
    expect((await only()).status?.state).to.equal('delivered');
    const [row, ...more] = await store.models.quarantine.find().lean();
    expect(more).to.have.length(0);
    expect(row).to.include({ locator: 'status:broken:1', reason: 'It could not be stored: TypeError.' });
    expect(await store.models.blobs.countDocuments({ _id: row?.original?.blob ?? '' })).to.equal(1);
    expect(await countsOf(store.models)).to.deep.equal({ stored: 2, duplicate: 0, quarantined: 1 });
  });

  it('one that comes first waits, is applied when what it belongs to comes, and is counted once', async () => {
    await take(status('failed', 3, 2));
    expect(await store.models.interactions.countDocuments()).to.equal(0);
    const row = await store.models.inbox.findOne().lean();
    expect(row).to.include({ waitsFor: itemId('tuki', { sourceKey: 'SM1', kind: 'interaction' }), counted: true });
    await take(status('failed', 3, 2));
    expect(await store.models.inbox.countDocuments()).to.equal(1);
    await take(item('SM1', { text: 'Hei' }));
    const woken = await store.models.inbox.findOne().lean();
    expect(woken).to.not.have.property('waitsFor');
    expect(woken?.nextAt.getTime()).to.be.at.most(Date.now());
  });

  it('makes the interaction where that is asked for, with all that came so far', async () => {
    const recording = item('RE1', {
      kind: 'recording',
      channel: 'call',
      belongsTo: 'CA1',
      parts: [{ name: 'call.wav', type: 'audio/wav', size: 4, open: () => Readable.from([Buffer.from('RIFF')]) }],
    });
    const leg = (n: number) =>
      item(`leg${n}`, {
        channel: 'call',
        belongsTo: 'CA1',
        belongsToExternalId: 'CA1',
        orElse: 'create',
        summary: `Leg ${n}`,
      });
    await take(leg(1), recording);
    await take(leg(2), recording);
    const call = await only();
    expect(call).to.include({
      _id: itemId('tuki', { sourceKey: 'CA1', kind: 'interaction' }),
      externalId: 'CA1',
      channel: 'call',
    });
    expect(call.details).to.deep.equal({ seen: ['leg1@1', 'RE1@1', 'leg2@2'] });
    expect(call.parts).to.deep.include({
      n: 1,
      name: 'call.wav',
      type: 'audio/wav',
      size: 4,
      inline: false,
      blob: call.parts[0]?.blob,
    });
    const entry = await store.models.timeline.findOne().lean();
    expect(entry).to.include({ files: true, preview: 'Leg 2', channel: 'call' });
    expect(entry?.changedAt).to.be.a('date');
    const opened = await hub.blobs.open(call.parts[0]?.blob ?? '');
    expect(Buffer.concat(await (opened?.stream.toArray() ?? [])).toString()).to.equal('RIFF');
    const [contact, ...others] = await store.models.contacts.find().lean();
    expect(others).to.have.length(0);
    expect(contact?.lastEntry?.text).to.equal('Leg 2');
  });

  it('numbers messages in order, leaves notes out of what a visitor counts, and takes each once', async () => {
    await take(
      message('m1', 'Hei'),
      message('n1', 'Tunnetko hänet?', { message: { kind: 'note' }, direction: 'outbound' }),
    );
    await take(message('m2', 'Moi'), message('m1', 'Hei'));
    const messages = await store.models.messages.find().sort({ seq: 1 }).lean();
    expect(messages.map(({ text, seq, visitorSeq, kind }) => [text, seq, visitorSeq, kind])).to.deep.equal([
      ['Hei', 1, 1, 'message'],
      ['Tunnetko hänet?', 2, null, 'note'],
      ['Moi', 3, 2, 'message'],
    ]);
    expect(await only()).to.include({ lastSeq: 3, lastVisitorSeq: 2, externalId: 'c1' });
    const entries = await store.models.timeline.find().lean();
    expect(entries.map(({ preview, messages: count }) => [preview, count])).to.deep.equal([['Moi', 3]]);
  });

  it('what is said live stays in the order it is committed in, whichever hub’s clock told its time', async () => {
    const live = { ...connector, live: {} } as unknown as Connector;
    for (const [id, minute] of [
      ['m1', 2],
      ['m2', 1],
      ['m3', 3],
    ] as const)
      await hub.take([batchOf([message(id, id, { occurredAt: at(minute) })], { next: {} })], { connector: live });
    const messages = await store.models.messages.find().sort({ at: 1, seq: 1 }).lean();
    expect(messages.map(({ text, at: when }) => [text, when])).to.deep.equal([
      ['m1', at(2)],
      ['m2', at(2)],
      ['m3', at(3)],
    ]);
    expect((await only()).occurredAt).to.deep.equal(at(2));
  });

  it('a call that a callback made begins with its leg, as if that had come first', async () => {
    const ended = (over: Partial<Captured>) => status('completed', 3, 9, { channel: 'call', ...over });
    const leg = (call: string) =>
      item(`leg of ${call}`, { channel: 'call', belongsTo: call, orElse: 'create', occurredAt: at(1) });
    await take(ended({ belongsTo: 'CA1', orElse: 'create', participants: [], parties: [] }));
    await take(leg('CA1'));
    await take(leg('CA2'));
    await take(ended({ sourceKey: 'other', belongsTo: 'CA2', orElse: 'create', participants: [], parties: [] }));
    const calls = await store.models.interactions.find().lean();
    const said = calls.map(({ occurredAt, direction, participants }) => ({ occurredAt, direction, participants }));
    expect(said[0]?.occurredAt).to.deep.equal(at(1));
    expect(said[0]).to.deep.equal(said[1]);
    const entries = await store.models.timeline.find().lean();
    expect(new Set(entries.map(({ contact }) => contact)).size).to.equal(1);
    expect(entries.map(({ occurredAt }) => occurredAt)).to.deep.equal([at(1), at(1)]);
  });

  it('makes no interaction for a message that is there already, under whatever key it comes', async () => {
    await take(message('m1', 'Hei'));
    await take(message('m1', 'Hei', { belongsTo: 'chat-2', belongsToExternalId: 'c2' }));
    expect((await only()).externalId).to.equal('c1');
    expect(await store.models.messages.countDocuments()).to.equal(1);
    expect(await countsOf(store.models)).to.deep.equal({ stored: 1, duplicate: 1, quarantined: 0 });
  });

  it('puts a register event on its contact, once, with revisions', async () => {
    const event = (data: object) =>
      item('E1', {
        kind: 'event',
        channel: 'event',
        subject: 'Sali 2',
        event: { name: 'booking', data },
        raw: rawOf(JSON.stringify(data)),
      });
    await take(event({ hall: 2 }), event({ hall: 2 }));
    await take(event({ hall: 3 }));
    const [stored, ...more] = await store.models.registerEvents.find().lean();
    expect(more).to.have.length(0);
    expect(stored).to.deep.include({ event: 'booking', data: { hall: 3 } });
    expect(stored?.revisions).to.have.length(1);
    const [entry, ...others] = await store.models.timeline.find().lean();
    expect(others).to.have.length(0);
    expect(entry).to.include({ event: stored?._id, interaction: null, channel: 'event' });
    expect(entry?.contact).to.be.a('string');
  });

  it('remembers which identifiers are said to be one person’s, once, and whether that was proven', async () => {
    const said = (key: string, proven: boolean) =>
      item(key, {
        proven,
        participants: [
          { role: 'from', identifier: NUMBER, also: [{ type: 'email', value: 'Paivi@Kuusilahti.example' }] },
        ],
      });
    await take(said('a', false), said('b', true));
    await take(said('c', false));
    const [suggestion, ...more] = await store.models.suggestions.find().lean();
    expect(more).to.have.length(0);
    expect(suggestion).to.deep.include({
      proven: true,
      state: 'open',
      identifiers: [NUMBER, { type: 'email', value: 'paivi@kuusilahti.example' }],
    });
  });
});
