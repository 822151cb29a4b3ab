import { expect } from 'chai';
import { type Captured, ConnectorError, type FoldedItem, type WebhookRequest } from '../../../connectors/contract.ts';
import { configSchema } from '../../../connectors/twilio/config.ts';
import {
  ACCOUNT,
  CUSTOMER,
  call,
  HUB,
  messageStatus,
  OLD_TOKEN,
  OURS,
  recording,
  type Sent,
  sid,
  signed,
  signedJson,
  sms,
  TOKEN,
} from '../../../connectors/twilio/fixtures/requests.ts';
import { makeHints } from '../../../connectors/twilio/hints.ts';
import { fold } from '../../../connectors/twilio/items/fold.ts';
import { makeReceive } from '../../../connectors/twilio/webhooks/receive.ts';

const NOW = new Date('2026-11-20T10:05:00Z');
const hints = makeHints();
const receive = makeReceive(hints, () => NOW);

const send = (request: WebhookRequest, over: object = {}) => {
  const config = configSchema.parse({ accountSid: ACCOUNT, authToken: TOKEN, ...over });
  return receive({ id: 'tekstiviestit', config } as never, request);
};
const itemOf = async (path: string, params: Sent): Promise<Captured> => {
  const { items } = await send(signed(path, params));
  if (!items[0]) throw new Error('There is no item.');
  return items[0];
};
const refused = async (request: WebhookRequest, over: object = {}): Promise<void> => {
  const error = await send(request, over).catch(caught => caught);
  expect(error).to.be.instanceOf(ConnectorError).with.property('remedy', 'reject');
};
const statusOf = ({ reply }: Awaited<ReturnType<typeof send>>): number =>
  typeof reply === 'function' ? 0 : reply.status;

describe('twilio: what is signed', () => {
  const odd: Sent = { ...sms(1), Empty: '', New2027: 'åäö €&=+ %', Twice: ['b', 'a', 'b'], __proto: 'x' };

  it('takes repeated, empty and unknown parameters, query strings, and the token before', async () => {
    expect((await send(signed('messages', odd))).items).to.have.length(1);
    expect((await send(signed('messages', odd, { query: "a=1&b=%27x'&a=2" }))).items).to.have.length(1);
    const old = signed('messages', odd, { token: OLD_TOKEN });
    await refused(old);
    expect((await send(old, { previousAuthToken: OLD_TOKEN })).items).to.have.length(1);
  });

  it('takes a GET, whose parameters are in the signed address', async () => {
    const query = new URLSearchParams(sms(1) as Record<string, string>).toString();
    const request = { ...signed('messages', {}, { query }), method: 'GET' };
    expect((await send(request)).items[0]?.text).to.match(/^Hei/);
    await refused({
      ...request,
      query: request.query.replace('Hei', 'Moi'),
      url: `${request.url}`.replace('Hei', 'Moi'),
    });
  });

  it('takes a JSON body by its hash in the address, and none without', async () => {
    const body = JSON.stringify(messageStatus(1, 'sent'));
    const request = signedJson('message-status', body);
    expect((await send(request)).items[0]?.status?.state).to.equal('sent');
    await refused({ ...request, body: Buffer.from(body.replace('sent', 'read')) });
    const bare = signed('message-status', {});
    await refused({
      ...bare,
      headers: { ...bare.headers, 'content-type': 'application/json' },
      body: Buffer.from(body),
    });
  });

  it('refuses what is forged, trimmed, of another address, of another token, or not signed', async () => {
    const request = signed('messages', odd);
    const body = Buffer.from(request.body).toString();
    await refused({ ...request, body: Buffer.from(body.replace('Hei', 'Moi')) });
    await refused({ ...request, body: Buffer.from(body.slice(0, body.lastIndexOf('&'))) });
    await refused({ ...request, body: Buffer.from(`${body}&More=1`) });
    await refused({ ...request, url: request.url?.replace(HUB, 'https://other.example') ?? '' });
    await refused({ ...request, query: 'x=1', url: `${request.url}?x=1` });
    await refused({ ...request, headers: { ...request.headers, 'x-twilio-signature': 'AAAA' } });
    await refused({ ...request, headers: {} });
    await refused(signed('messages', odd, { token: 'somebody else’s' }));
    await refused({ ...request, body: new Uint8Array() });
  });

  it('says which field is missing or wrong, and keeps signed bytes that can’t be read', async () => {
    const without = await send(signed('messages', { From: CUSTOMER, To: OURS, Body: 'Hei' }));
    expect(statusOf(without)).to.equal(422);
    expect(without.reply).to.have.property('body').that.includes('/MessageSid');
    expect(without.items).to.deep.equal([]);
    expect(statusOf(await send(signed('messages', sms(1, { NumMedia: 'many' }))))).to.equal(422);
    expect(statusOf(await send(signed('messages', sms(1, { MessageSid: '../x' }))))).to.equal(422);
    expect(statusOf(await send(signed('unknown', sms(1))))).to.equal(404);
    for (const bytes of ['{"MessageSid": ', '[1]', Buffer.from([0x22, 0xff, 0x22])]) {
      const kept = await send(signedJson('messages', bytes));
      expect(statusOf(kept)).to.equal(202);
      expect(kept.failed).to.have.length(1);
    }
  });
});

describe('twilio: messages', () => {
  it('reads who wrote what to whom', async () => {
    const item = await itemOf('messages', sms(1));
    expect(item).to.deep.include({
      sourceKey: `message:${sid('SM', 1)}`,
      externalId: sid('SM', 1),
      channel: 'sms',
      direction: 'inbound',
      occurredAt: NOW,
      parties: [0],
      text: 'Hei, varaukseni ei näy kalenterissa. Terveisin Päivi',
    });
    expect(item.participants[0]).to.deep.equal({ role: 'from', identifier: { type: 'phone', value: CUSTOMER } });
  });

  it('reads WhatsApp with the name and the place that was sent', async () => {
    const whatsapp = { From: `whatsapp:${CUSTOMER}`, To: `whatsapp:${OURS}`, ProfileName: 'Päivi Mäkelä' };
    const item = await itemOf(
      'messages',
      sms(1, { ...whatsapp, Body: '', Latitude: '60.17', Longitude: '24.94', Label: 'Kirjasto' }),
    );
    expect(item).to.include({ channel: 'whatsapp', text: 'Kirjasto, 60.17, 24.94' });
    expect(item.participants[0]).to.deep.include({
      name: 'Päivi Mäkelä',
      identifier: { type: 'phone', value: CUSTOMER },
    });
  });

  it('takes a message of files only, and tells the pull of each without following its address', async () => {
    const ear = hints.listen('tekstiviestit', () => undefined);
    const url = (n: number) =>
      `https://evil.example/2010-04-01/Accounts/${ACCOUNT}/Messages/${sid('MM', 1)}/Media/${sid('ME', n)}`;
    const media = { NumMedia: '2', MediaUrl0: url(1), MediaUrl1: url(2), MediaContentType0: 'image/jpeg' };
    const item = await itemOf('messages', sms(1, { MessageSid: sid('MM', 1), Body: '', ...media }));
    expect(item.text).to.equal(undefined);
    expect(item).to.deep.include({ notice: 'It has files and no text.', parts: [], details: { files: 2 } });
    expect(ear.take().map(task => [task.kind, task.sid, task.owner])).to.deep.equal([
      ['media', sid('ME', 1), sid('MM', 1)],
      ['media', sid('ME', 2), sid('MM', 1)],
    ]);
    ear.close();
  });

  it('says STOP and START in words', async () => {
    expect((await itemOf('messages', sms(1, { Body: ' stop ' }))).summary).to.equal('stop: wants no more messages');
    expect((await itemOf('messages', sms(1, { Body: 'Kyllä', OptOutType: 'START' }))).summary).to.equal(
      'Kyllä: wants messages again',
    );
    expect((await itemOf('messages', sms(1, { Body: 'Please stop by' }))).summary).to.equal(undefined);
  });

  it('ranks states, and says errors in words', async () => {
    const ranks = [];
    for (const state of ['queued', 'sending', 'sent', 'delivered', 'read', 'failed'])
      ranks.push((await itemOf('message-status', messageStatus(1, state))).status?.rank);
    expect(ranks).to.deep.equal([...ranks].sort());
    expect(new Set(ranks).size).to.equal(ranks.length);
    const failed = await itemOf('message-status', messageStatus(1, 'undelivered', { ErrorCode: '30005' }));
    expect(failed.status?.error).to.equal('The recipient’s number is not known (30005)');
    const unknown = await itemOf('message-status', messageStatus(1, 'failed', { ErrorCode: '39999' }));
    expect(unknown.status?.error).to.equal('Twilio’s error (39999)');
  });
});

describe('twilio: calls', () => {
  const folded = async (...requests: [string, Sent][]) => {
    let details: unknown;
    let summary: string | undefined;
    for (const [path, params] of requests) {
      const { parts: _, raw: __, ...item } = await itemOf(path, params);
      ({ details, summary } = fold(details, item as FoldedItem, 1));
    }
    return { ...(details as { call: Record<string, unknown>; recordings: unknown[] }), summary };
  };
  const at = (time: string) => `Fri, 20 Nov 2026 ${time} +0000`;
  const states: [string, Sent][] = [
    ['calls', call(1, 'ringing', { Timestamp: at('10:00:00') })],
    ['call-status', call(1, 'in-progress', { Timestamp: at('10:00:05') })],
    ['call-status', call(1, 'completed', { Timestamp: at('10:00:47'), CallDuration: '42' })],
  ];

  it('makes one call of its callbacks, in whichever order they come', async () => {
    for (const order of [states, [...states].reverse(), [states[1], states[2], states[0]] as typeof states]) {
      const { call: made, summary } = await folded(...order);
      expect(made).to.include({ durationSeconds: 42, talkSeconds: 42, answered: true });
      expect(made.legs).to.have.length(1);
      expect((made.legs as object[])[0]).to.deep.include({
        state: 'completed',
        startedAt: '2026-11-20T10:00:00.000Z',
        endedAt: '2026-11-20T10:00:47.000Z',
      });
      expect(summary).to.equal('Answered, 0:42');
    }
  });

  it('makes the call when there is none; a leg waits for its call', async () => {
    const item = await itemOf('calls', call(1, 'ringing'));
    expect(item).to.deep.include({
      kind: 'interaction',
      belongsTo: `call:${sid('CA', 1)}`,
      belongsToExternalId: sid('CA', 1),
      orElse: 'create',
      status: { state: 'ringing', rank: 3, at: NOW },
      parties: [0],
    });
    const leg = await itemOf(
      'call-status',
      call(2, 'ringing', { ParentCallSid: sid('CA', 1), Direction: 'outbound-dial' }),
    );
    expect(leg).to.include({ belongsTo: `call:${sid('CA', 1)}`, orElse: 'wait' });
    expect(leg.status).to.equal(undefined);
  });

  it('takes a transfer as one call, answered by whom it was transferred to', async () => {
    const child = (n: number, state: string, CallDuration: string): [string, Sent] => [
      'call-status',
      call(n, state, { ParentCallSid: sid('CA', 1), Direction: 'outbound-dial', CallDuration }),
    ];
    const { call: made } = await folded(...states, child(2, 'no-answer', '0'), child(3, 'completed', '30'));
    expect(made).to.include({ durationSeconds: 42, talkSeconds: 30, answered: true });
    expect(made.legs).to.have.length(3);
    const missed = await folded(...states, child(2, 'no-answer', '0'));
    expect(missed).to.have.nested.property('call.answered', false);
    expect(missed.summary).to.equal('Missed');
  });

  it('has nobody for a withheld number, and says so', async () => {
    for (const From of ['+266696687', 'anonymous', 'Anonymous', '', '+7378742833', 'sip:anonymous@anonymous.invalid']) {
      const item = await itemOf('calls', call(1, 'no-answer', { From, Caller: From }));
      expect(item.parties, From).to.deep.equal([]);
      expect(item.unlinkedReason).to.equal('The caller’s number is withheld.');
    }
  });

  it('knows a telephone from other numbers', async () => {
    const identifierOf = async (From: string) =>
      (await itemOf('messages', sms(1, { From }))).participants[0]?.identifier;
    expect(await identifierOf('messenger:123456789')).to.deep.equal({ type: 'messenger', value: '123456789' });
    expect(await identifierOf(`whatsapp:${CUSTOMER}`)).to.deep.equal({ type: 'phone', value: CUSTOMER });
    for (const From of ['POSTI', '16400']) {
      expect(await identifierOf(From)).to.deep.equal({ type: 'sender', value: From });
      expect((await itemOf('messages', sms(1, { From }))).parties).to.deep.equal([]);
      const called = await itemOf('calls', call(1, 'ringing', { From }));
      expect(called.parties).to.deep.equal([]);
      expect(called.unlinkedReason).to.equal('Nobody can be recognised by the caller’s number.');
    }
    expect(await identifierOf('040 123 4567')).to.deep.equal({ type: 'phone', value: '040 123 4567' });
  });

  it('reads outgoing calls by whom they went to', async () => {
    const item = await itemOf('call-status', call(1, 'busy', { Direction: 'outbound-api', From: OURS, To: CUSTOMER }));
    expect(item.direction).to.equal('outbound');
    expect(item.participants[item.parties?.[0] ?? -1]?.identifier.value).to.equal(CUSTOMER);
  });

  it('notes a conference’s recording by the conference, where no call is named', async () => {
    const ear = hints.listen('tekstiviestit', () => undefined);
    const { CallSid: _, ...told } = recording(1, 1);
    const item = await itemOf('recordings', { ...told, ConferenceSid: sid('CF', 1) } as Sent);
    expect(item).to.include({ belongsTo: `conference:${sid('CF', 1)}`, belongsToExternalId: sid('CF', 1) });
    expect(item.orElse).to.equal('create');
    expect(ear.take().map(({ sid: file, owner }) => [file, owner])).to.deep.equal([
      [sid('RE', 1), { conference: sid('CF', 1) }],
    ]);
    ear.close();
    const ofCall = await itemOf('recordings', { ...recording(1, 1), ConferenceSid: sid('CF', 1) });
    expect(ofCall.belongsTo).to.equal(`call:${sid('CA', 1)}`);
    expect(statusOf(await send(signed('recordings', told as Sent)))).to.equal(422);
  });

  it('answers a call with the account’s TwiML', async () => {
    const twiml = '<Response><Dial>+358405550001</Dial></Response>';
    const { reply } = await send(signed('calls', call(1, 'ringing')), { callAnswer: twiml });
    expect(reply).to.deep.include({ status: 200, body: twiml });
  });
});
