import { expect } from 'chai';
import type { Captured, Connector } from '../../../connectors/contract.ts';
import {
  CUSTOMER,
  messageStatus,
  OURS,
  type Sent,
  sid,
  signed,
  sms,
} from '../../../connectors/twilio/fixtures/requests.ts';
import { messageItem } from '../../../connectors/twilio/items/message.ts';
import { batchOf } from '../../support/capture.ts';
import { ago, messageRow, outgoing } from './rows.ts';
import { makeStage, type Stage } from './support.ts';

describe('twilio: a message that is told by webhook and by the API', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await makeStage();
  });
  afterEach(() => stage.close());

  const stored = (n: number) => async () => (await stage.interactions()).length === n;
  const take = (...items: Captured[]) => {
    const connector = stage.connector as unknown as Connector;
    return stage.hub.take([batchOf(items, { stream: 'webhooks' })], { account: 'tekstiviestit', connector });
  };
  const told = async (params: Sent): Promise<void> => {
    const connector = stage.connector as unknown as Connector;
    const received = await connector.receive?.(stage.accountWith(), signed('messages', params));
    await take(...(received?.items ?? []));
  };
  const found = async (n: number) => {
    const interaction = (await stage.interactions()).find(({ externalId }) => externalId === sid('SM', n));
    const _id = interaction?._id ?? '';
    const text = (await stage.store.models.contents.findById(_id).lean())?.text;
    const entries = await stage.store.models.timeline.find({ interaction: _id }).lean();
    const contact = await stage.store.models.contacts.findById(entries[0]?.contact).lean();
    return { interaction, text, entries, last: contact?.lastEntry?.text };
  };

  it('says what its webhook does, also when a comparison was first', async () => {
    const whatsapp = { From: `whatsapp:${CUSTOMER}`, To: `whatsapp:${OURS}` };
    stage.twilio.lists.Messages.push(
      messageRow(1, { from: whatsapp.From, to: whatsapp.To, body: '' }),
      messageRow(2, { from: '+358401110000', body: 'LOPETA' }),
    );
    await stage.pull('both', stored(2));
    const place = { Latitude: '60.1', Longitude: '24.9', Label: 'Toimisto' };
    await told(sms(1, { ...whatsapp, Body: '', ProfileName: 'Päivi Ääkkönen', ...place }));
    await told(sms(2, { From: '+358401110000', Body: 'LOPETA', OptOutType: 'STOP' }));

    const first = await found(1);
    expect(first.text).to.equal('Toimisto, 60.1, 24.9');
    expect(first.interaction?.notice ?? null).to.equal(null);
    expect(first.interaction?.participants.map(({ name }) => name)).to.deep.equal(['Päivi Ääkkönen', undefined]);
    expect(first.interaction?.original?.size).to.be.above(100);
    expect(first.interaction?.revisions).to.deep.equal([]);
    expect(first.entries.map(({ preview, from }) => [preview, from])).to.deep.equal([
      ['Toimisto, 60.1, 24.9', 'Päivi Ääkkönen'],
    ]);
    expect(first.last).to.equal('Toimisto, 60.1, 24.9');

    const second = await found(2);
    expect(second.interaction?.details).to.include({ optOut: 'stop' });
    expect(second.text).to.equal('LOPETA');
    expect(second.entries[0]?.preview).to.match(/no more messages/);
    await told(sms(2, { From: '+358401110000', Body: 'LOPETA', OptOutType: 'STOP' }));
    expect((await found(2)).interaction).to.deep.equal(second.interaction);
  });

  it('has the agent who wrote it, also when a comparison was before Twilio’s answer', async () => {
    stage.twilio.lists.Messages.push(outgoing(1, 'sent'));
    await stage.pull('it', stored(1));
    const shared = { sid: sid('SM', 1), from: OURS, to: CUSTOMER, direction: 'outbound' as const, at: ago(30) };
    const item = messageItem({ ...shared, body: 'Viesti 1', files: 0 });
    const agent = { role: 'agent' as const, identifier: { type: 'user', value: 'u1' }, name: 'Aino' };
    await take({ ...item, participants: [...item.participants, agent] });
    const { interaction, text, entries } = await found(1);
    expect(interaction?.participants.map(({ role, name }) => [role, name])).to.deep.equal([
      ['from', undefined],
      ['to', undefined],
      ['agent', 'Aino'],
    ]);
    expect([text, entries.length, interaction?.status?.state]).to.deep.equal(['Viesti 1', 1, 'sent']);
  });

  it('is ours, to whom it went, also when its states are told where messages are to be', async () => {
    for (const state of ['sent', 'delivered']) await told(messageStatus(1, state));
    expect(await stage.interactions(), 'a state is no message').to.deep.equal([]);
    stage.twilio.lists.Messages.push(outgoing(1, 'delivered'));
    await stage.pull('it', stored(1));
    const { interaction, text, entries } = await found(1);
    expect([interaction?.direction, text, interaction?.notice ?? null]).to.deep.equal(['outbound', 'Viesti 1', null]);
    expect(entries.map(({ direction }) => direction)).to.deep.equal(['outbound']);
    expect(interaction?.status?.state).to.equal('delivered');
    const ours = await stage.store.models.identifiers.findById(`phone:${OURS}`).lean();
    expect(ours, 'nobody has our own number').to.equal(null);
  });

  it('came in, also when a state of that says so', async () => {
    await told(sms(3, { MessageStatus: 'received', Body: 'Viesti 3' }));
    const { interaction, text } = await found(3);
    expect([interaction?.direction, text]).to.deep.equal(['inbound', 'Viesti 3']);
  });
});
