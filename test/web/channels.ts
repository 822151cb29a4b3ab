import { expect } from 'chai';
import type { Context } from 'mocha';
import { recordCall } from '../../samples/sound/call.ts';
import { type Contact, openDesk } from './support.ts';

export const NUMBER = '+358401234567';
const customer = { type: 'phone', value: NUMBER, name: 'Päivi Mäkelä' };
export const ours = { type: 'phone', value: '+358931570000' };
const minute = 60_000;

export const spoken = recordCall(
  [
    { speaker: 'agent', text: 'Varaamo, hei! Kuinka voin auttaa?' },
    { speaker: 'contact', text: 'Hei, ovikoodi toimii, mutta pukuhuone kakkonen on varattu päällekkäin.' },
  ],
  7,
);

/** As a connector with timed transcripts stores it. */
export const transcript = {
  sentences: spoken.turns.map(({ speaker, start, words }) => ({ speaker, start, words })),
};

interface Row {
  id: string;
  status: string;
}

/** A desk with one contact, whose timeline has an entry of several channels: a call with its recording among them. */
export const openChannels = async (test: Context) => {
  const desk = await openDesk(test);
  const contact = await desk.api<Contact>('POST', '/contacts', {
    name: { first: 'Päivi', last: 'Mäkelä' },
    identifiers: [{ type: 'phone', value: NUMBER }],
  });
  const { id: account } = await desk.api<{ id: string }>('POST', '/accounts', { connector: 'webhook', name: 'Phones' });
  let sent = 0;

  const post = async (item: object): Promise<void> => {
    sent += 1;
    const at = new Date(Date.now() - (30 - sent) * minute).toISOString();
    const body = { type: 'interaction', id: `item-${sent}`, occurredAt: at, ...item };
    const rows = await desk.api<{ items: Row[] }>('POST', `/accounts/${account}/items`, { items: [body] });
    expect(rows.items[0]?.status).to.equal('stored');
  };
  const received = (channel: string, text: string, more: object = {}) =>
    post({ channel, direction: 'inbound', from: customer, to: [ours], text, ...more });
  const written = (channel: string, text: string, more: object = {}) =>
    post({ channel, direction: 'outbound', from: ours, to: [customer], text, ...more });
  const until = async (count: number) => {
    for (;;) {
      const { items } = await desk.api<{ items: unknown[] }>('GET', `/contacts/${contact.id}/timeline?limit=200`);
      if (items.length >= count) return;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  };
  /** What a connector's later items make of an interaction; the entry is touched as a commit touches it. */
  const grow = async (text: string, interaction: object, shown: object = {}) => {
    const { timeline, interactions } = desk.hub.core.models;
    const row = await timeline.findOne({ preview: text }).lean();
    await interactions.collection.updateOne({ _id: row?.interaction as never }, { $set: interaction });
    await timeline.collection.updateMany(
      { interaction: row?.interaction },
      { $set: { changedAt: new Date(), ...shown } },
    );
  };
  const unfill = () => desk.hub.core.models.timeline.collection.deleteMany({ interaction: /^filled/ });

  await received('sms', 'Kuka pitää avaimia viikonloppuna?');
  await written('sms', 'Kuusihalli B: ovikoodi 4471.');
  await received('whatsapp', 'Onko halli auki?');
  await received('call', 'Answered, 0:11', {
    attachments: [{ name: 'call.wav', type: 'audio/wav', base64: Buffer.from(spoken.wav).toString('base64') }],
  });
  await received('fax', 'Two pages', { subject: 'Contract' });
  await until(5);
  const failed = { state: 'failed', rank: 9, at: new Date(), error: 'Unknown number' };
  await grow(
    'Kuusihalli B: ovikoodi 4471.',
    { status: { state: 'failed', rank: 9, history: [failed] } },
    { status: failed },
  );
  const legs = [
    { externalId: 'a', from: NUMBER, to: ours.value, answered: false },
    { externalId: 'b', from: NUMBER, to: '+358931570001', answered: true, talkSeconds: 11 },
  ];
  await grow('Answered, 0:11', {
    details: {
      call: { durationSeconds: 14, talkSeconds: 11, answered: true, legs },
      recordings: [{ part: 1, durationSeconds: spoken.seconds, channels: 2, notice: true, transcript }],
    },
  });
  return { desk, contact, post, written, until, grow, unfill };
};

export type Channels = Awaited<ReturnType<typeof openChannels>>;
