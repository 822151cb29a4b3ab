import { expect } from 'chai';
import { type Captured, ConnectorError, type Received, type WebhookRequest } from '../../../connectors/contract.ts';
import * as chatwoot from '../../../connectors/transcripts/fixtures/chatwoot.ts';
import * as events from '../../../connectors/transcripts/fixtures/crisp-tawk.ts';
import { chatwootRequest, crispRequest, SECRET, tawkRequest } from '../../../connectors/transcripts/fixtures/signed.ts';
import { eachReplaced, expectSmallRow } from '../row-size.ts';
import { accountOf, connector, shown } from './support.ts';

type Provider = 'chatwoot' | 'crisp' | 'tawk';

const account = (provider: Provider) => accountOf({ provider, secret: SECRET });
const send = (provider: Provider, request: WebhookRequest): Promise<Received> => {
  if (!connector.receive) throw new Error('it takes no webhooks');
  return connector.receive(account(provider), request);
};
const statusOf = ({ reply }: Received): number => (typeof reply === 'function' ? reply([]) : reply).status;
const bodyOf = ({ reply }: Received) => JSON.parse((typeof reply === 'function' ? reply([]) : reply).body ?? '');

const refusal = (provider: Provider, request: WebhookRequest): Promise<string> =>
  send(provider, request).then(
    () => 'accepted',
    error => {
      expect(error).to.be.instanceOf(ConnectorError).with.property('remedy', 'reject');
      return error.message;
    },
  );

const itemsOf = async (provider: Provider, ...requests: WebhookRequest[]): Promise<Captured[]> => {
  const all: Captured[] = [];
  for (const request of requests) all.push(...(await send(provider, request)).items);
  return all;
};

const MINUTE = 60_000;
const OLD = { at: new Date(Date.now() - 6 * MINUTE) };
const AHEAD = { at: new Date(Date.now() + 6 * MINUTE) };

const REQUESTS = {
  chatwoot: (options?: object) => chatwootRequest(chatwoot.messageEvent(), options),
  crisp: (options?: object) => crispRequest(events.crispMessage(), options),
  tawk: (options?: object) => tawkRequest(events.tawkStart, options),
};

describe('transcripts: webhooks', () => {
  for (const provider of ['chatwoot', 'crisp', 'tawk'] as const) {
    it(`${provider}: what is not signed, or by another, is refused`, async () => {
      const request = REQUESTS[provider]();
      expect(statusOf(await send(provider, request))).to.equal(200);
      expect(await refusal(provider, REQUESTS[provider]({ secret: 'another' }))).to.equal('The signature is wrong.');
      expect(await refusal(provider, { ...request, headers: {} })).to.match(/^The header x-.+ is missing\.$/);
      const trimmed = Buffer.from(request.body).subarray(0, -1);
      expect(await refusal(provider, { ...request, body: trimmed })).to.equal('The signature is wrong.');
      for (const other of ['chatwoot', 'crisp', 'tawk'] as const)
        if (other !== provider) expect(await refusal(other, request)).to.not.equal('accepted');
    });

    it(`${provider}: what is signed and no JSON is kept, what has the wrong shape is refused by field`, async () => {
      const sign = { chatwoot: chatwootRequest, crisp: crispRequest, tawk: tawkRequest }[provider];
      const unreadable = await send(provider, sign(Buffer.from('{"event":')));
      expect([statusOf(unreadable), unreadable.items.length, unreadable.failed.length]).to.deep.equal([202, 0, 1]);
      expect(unreadable.failed[0]?.raw?.bytes?.toString()).to.equal('{"event":');
      const again = await send(provider, sign(Buffer.from('{"event":')));
      expect(again.failed[0]?.locator).to.equal(unreadable.failed[0]?.locator);
      for (const none of [[], null, 'x', { type: 'no event' }]) {
        const wrong = await send(provider, sign(none));
        expect([statusOf(wrong), wrong.items.length, wrong.failed.length]).to.deep.equal([422, 0, 0]);
      }
      const nothing = await send(provider, sign({ event: 'of another kind', data: {} }));
      expect([statusOf(nothing), nothing.items.length, nothing.failed.length]).to.deep.equal([200, 0, 0]);
    });
  }

  it('no field is so long that its row can not be stored: names and texts are cut, others refused', async () => {
    const sent: [Provider, (event: unknown) => WebhookRequest, object[]][] = [
      [
        'chatwoot',
        chatwootRequest,
        [chatwoot.messageEvent(), chatwoot.answer, chatwoot.picture, chatwoot.created, chatwoot.resolved],
      ],
      ['crisp', crispRequest, [events.crispMessage(), events.crispAnswer, events.crispFile, events.crispEmail]],
      ['tawk', tawkRequest, [events.tawkStart, events.tawkEnd, events.tawkTranscript, events.tawkTicket]],
    ];
    const long = 'x'.repeat(150_000);
    for (const [provider, sign, all] of sent)
      for (const event of all)
        for (const [where, replaced] of eachReplaced(event, long)) {
          const received = await send(provider, sign(replaced));
          expect(statusOf(received), where).to.be.oneOf([200, 422]);
          for (const item of received.items) expectSmallRow(item, `${provider} ${where}`);
        }
    const named = await itemsOf('chatwoot', chatwootRequest(chatwoot.messageEvent({ sender: { id: 5, name: long } })));
    expect(named[0]?.participants[0]?.name).to.equal('x'.repeat(1000));
    const longer = 'x'.repeat(2_000_000);
    const text = (end: string) => chatwootRequest(chatwoot.messageEvent({ content: longer + end }));
    const [one, other] = await itemsOf('chatwoot', text('1'), text('2'));
    expect(one?.text).to.have.length.below(1_000_100);
    expect(one?.text).to.match(/x… \(The original has all of it\.\)$/);
    expect(other?.sourceKey).not.to.equal(one?.sourceKey);
  });

  it('dated requests are taken for five minutes', async () => {
    const words = /more than five minutes old/;
    expect(await refusal('chatwoot', REQUESTS.chatwoot(OLD))).to.match(words);
    expect(await refusal('chatwoot', REQUESTS.chatwoot(AHEAD))).to.match(words);
    expect(await refusal('crisp', REQUESTS.crisp(OLD))).to.match(words);
    const late = { at: new Date(Date.now() - 4 * MINUTE) };
    expect(statusOf(await send('chatwoot', REQUESTS.chatwoot(late)))).to.equal(200);
    expect(statusOf(await send('crisp', REQUESTS.crisp(late)))).to.equal(200);
    // the date is part of what is signed
    const request = REQUESTS.chatwoot(OLD);
    const headers = { ...request.headers, 'x-chatwoot-timestamp': String(Math.floor(Date.now() / 1000)) };
    expect(await refusal('chatwoot', { ...request, headers })).to.equal('The signature is wrong.');
  });

  it('says which field is wrong', async () => {
    const { id: _, ...without } = chatwoot.messageEvent({ created_at: 'yesterday' });
    const answer = bodyOf(await send('chatwoot', chatwootRequest(without)));
    expect(answer.errors.map(({ pointer }: { pointer: string }) => pointer)).to.have.members(['/id', '/created_at']);
    const crisp = bodyOf(await send('crisp', crispRequest(events.crispMessage({ fingerprint: undefined }))));
    expect(crisp.errors.map(({ pointer }: { pointer: string }) => pointer)).to.deep.equal(['/data/fingerprint']);
    const many = { ...events.tawkTranscript, chat: { id: 'x', messages: Array(1000).fill({}) } };
    expect(bodyOf(await send('tawk', tawkRequest(many))).errors).to.have.length(50);
  });

  it('an account of exports takes none, and there is no other path', async () => {
    const request = REQUESTS.chatwoot();
    const error = await connector.receive?.(accountOf({ provider: 'whatsapp', secret: SECRET }), request).catch(e => e);
    expect(error).to.be.instanceOf(ConnectorError).with.property('remedy', 'reject');
    expect(statusOf(await send('chatwoot', { ...request, path: 'other' }))).to.equal(404);
  });

  it('chatwoot: messages, notes, activities and files of one conversation', async () => {
    const { messageEvent, created, answer, note, activity, picture, resolved } = chatwoot;
    const items = await itemsOf(
      'chatwoot',
      ...[created, messageEvent(), answer, note, activity, picture, resolved].map(one => chatwootRequest(one)),
    );
    expect(items.map(shown)).to.deep.equal([
      ['from paivi@kuusilahti.example', 'message', 'inbound', 'Hei, onko sali vapaa?'],
      ['from paivi@kuusilahti.example', 'message', 'inbound', 'Hei, onko sali vapaa?'],
      ['agent olli@varaamo.example', 'message', 'outbound', 'On vapaa.'],
      ['agent olli@varaamo.example', 'note', 'outbound', 'Kysyy joka viikko.'],
      ['to paivi@kuusilahti.example', 'system', 'inbound', 'Conversation was marked resolved by Olli'],
      ['from paivi@kuusilahti.example', 'message', 'inbound', 'File: kartta A.png'],
      ['to paivi@kuusilahti.example', undefined, 'inbound', undefined],
    ]);
    expect(items[0]?.sourceKey).to.equal(items[1]?.sourceKey);
    for (const item of items) {
      expect(item).to.include({ belongsToExternalId: '12', orElse: 'create', proven: true, channel: 'chat' });
      expect(item.belongsTo).to.equal(items[0]?.belongsTo);
      const party = item.participants[item.parties?.[0] ?? -1];
      expect(party?.also).to.deep.equal([
        { type: 'phone', value: '+358401234567' },
        { type: 'chat', value: 'account1:5' },
      ]);
    }
    expect(items[2]?.occurredAt.toISOString()).to.equal('2026-11-20T08:01:00.000Z');
    expect(items.at(-1)?.status).to.include({ state: 'resolved' });
  });

  it('chatwoot: an update that changes no word is a duplicate, another is kept beside', async () => {
    const update = (over: Record<string, unknown>) =>
      chatwootRequest({ ...chatwoot.messageEvent(over), event: 'message_updated' });
    const [first, read, edited, deleted] = await itemsOf(
      'chatwoot',
      REQUESTS.chatwoot(),
      update({ status: 'read' }),
      update({ content: 'Hei, onko sali A vapaa?' }),
      update({ content: 'This message was deleted', content_attributes: { deleted: true } }),
    );
    expect(read?.sourceKey).to.equal(first?.sourceKey);
    expect(edited?.sourceKey).to.not.equal(first?.sourceKey);
    expect(deleted?.message?.kind).to.equal('system');
  });

  it('chatwoot: who calls themselves an agent is none, and a bot is no visitor', async () => {
    const sender = { ...chatwoot.messageEvent().sender, name: 'Olli Agentti' };
    const [forged, bot, silent] = await itemsOf(
      'chatwoot',
      chatwootRequest(chatwoot.messageEvent({ sender })),
      chatwootRequest(chatwoot.messageEvent({ id: 7, message_type: 'template', sender: null, content: 'Tervetuloa' })),
      chatwootRequest(chatwoot.messageEvent({ id: 8, sender: null })),
    );
    expect(forged).to.include({ direction: 'inbound' });
    expect(forged?.participants[0]).to.include({ role: 'from', name: 'Olli Agentti' });
    expect(forged?.parties).to.deep.equal([0]);
    expect(bot && shown(bot)).to.deep.equal(['agent Bot', 'message', 'outbound', 'Tervetuloa']);
    expect(silent?.participants[0]).to.include({ role: 'from', name: 'Päivi Mäkelä' });
  });

  it('crisp: both sides, notes, files, and the address that is learnt later', async () => {
    const { crispMessage, crispAnswer, crispNote, crispFile, crispEmail } = events;
    const session = crispEmail.data.session_id;
    const items = await itemsOf(
      'crisp',
      ...[crispMessage(), crispAnswer, crispNote, crispFile, crispEmail].map(one => crispRequest(one)),
    );
    expect(items.map(shown)).to.deep.equal([
      [`from ${session}`, 'message', 'inbound', 'Hei, onko sali vapaa?'],
      ['agent Olli', 'message', 'outbound', 'On vapaa.'],
      ['agent Olli', 'note', 'outbound', 'Vakioasiakas'],
      ['agent Olli', 'message', 'outbound', 'File: hinnasto.pdf'],
      ['from paivi@kuusilahti.example', 'system', 'inbound', 'paivi@kuusilahti.example'],
    ]);
    expect(items.map(({ belongsToExternalId }) => belongsToExternalId)).to.deep.equal(Array(5).fill(session));
    expect(items[4]?.participants[0]?.also).to.deep.equal([{ type: 'chat', value: session }]);
    expect(items[4]?.proven).to.equal(true);
    const update = {
      event: 'message:updated',
      timestamp: 1795161900000,
      data: { session_id: session, fingerprint: 163239623329114, content: 'On vapaa.', website_id: 'w' },
    };
    const [same, other] = await itemsOf(
      'crisp',
      crispRequest(update),
      crispRequest({ ...update, data: { ...update.data, content: 'On varattu.' } }),
    );
    expect(same?.sourceKey).to.equal(items[1]?.sourceKey);
    expect(other).to.include({ text: 'On varattu.' });
  });

  it('tawk.to: a start is the first message of its transcript, and a ticket is a conversation', async () => {
    const { tawkStart, tawkEnd, tawkTranscript, tawkTicket } = events;
    const [start, end, ...rest] = await itemsOf(
      'tawk',
      ...[tawkStart, tawkEnd, tawkTranscript, tawkTicket].map(one => tawkRequest(one)),
    );
    expect(rest.map(shown)).to.deep.equal([
      ['to paivi@kuusilahti.example', 'system', 'inbound', 'Päivi aloitti keskustelun'],
      ['from paivi@kuusilahti.example', 'message', 'inbound', 'Hei, onko sali vapaa?'],
      ['agent Olli', 'message', 'outbound', 'On vapaa.'],
      ['agent Olli', 'message', 'outbound', 'File: hinnasto.pdf'],
      ['from paivi@kuusilahti.example', 'message', 'inbound', 'Kiitos'],
      ['from paivi@kuusilahti.example', 'message', 'inbound', 'Kiitos'],
      ['from paivi@kuusilahti.example', 'message', 'inbound', 'Missä lasku on?'],
    ]);
    expect(rest[1]?.sourceKey).to.equal(start?.sourceKey);
    expect(new Set(rest.map(({ sourceKey }) => sourceKey)).size).to.equal(7);
    expect(end?.status?.state).to.equal('ended');
    expect(rest[6]).to.include({ subject: 'Lasku', belongsToExternalId: '02598050-99ad-11e9-8887-97564881b95b' });
    expect(rest[6]?.belongsTo).to.not.equal(start?.belongsTo);
    const again = await itemsOf('tawk', tawkRequest({ ...tawkTranscript, time: '2026-11-20T10:00:00.000Z' }));
    expect(again.map(({ sourceKey }) => sourceKey)).to.deep.equal(rest.slice(0, 6).map(one => one.sourceKey));
  });

  it('a visitor who gives an address of ours is a visitor, and the address nobody’s contact', async () => {
    const email = 'Tuki@Varaamo.example';
    const crisp = events.crispMessage({ user: { nickname: 'X', email } });
    const learnt = { ...events.crispEmail, data: { ...events.crispEmail.data, email } };
    const tawk = { ...events.tawkStart, visitor: { name: 'X', email, city: '', country: '' } };
    const conversation = { id: 12, meta: { sender: { id: 5, email } } };
    const contact = chatwoot.messageEvent({ sender: { id: 5, name: 'X', email }, conversation });
    const items = [
      ...(await itemsOf('crisp', crispRequest(crisp), crispRequest(learnt))),
      ...(await itemsOf('tawk', tawkRequest(tawk))),
      ...(await itemsOf('chatwoot', chatwootRequest(contact))),
    ];
    expect(items).to.have.length(4);
    for (const { participants, parties, direction } of items) {
      expect(parties).to.eql([0]);
      expect(direction).to.equal('inbound');
      expect(participants[0]?.role).to.equal('from');
      expect(participants[0]?.identifier.type).to.equal('chat');
      expect(JSON.stringify(participants)).not.to.include('aamo.example');
    }
  });

  it('an anonymous visitor is known by the id of the chat', async () => {
    const { email: _, name: __, ...visitor } = events.tawkStart.visitor;
    const [item] = await itemsOf('tawk', tawkRequest({ ...events.tawkStart, visitor }));
    expect(item?.participants[0]).to.deep.equal({
      role: 'from',
      identifier: { type: 'chat', value: events.tawkStart.chatId },
    });
    expect(item?.parties).to.deep.equal([0]);
  });
});
