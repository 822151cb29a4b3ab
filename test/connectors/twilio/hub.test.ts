import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import {
  ACCOUNT,
  CUSTOMER,
  call,
  messageStatus,
  OURS,
  recording,
  type Sent,
  sid,
  signed,
  sms,
  TOKEN,
} from '../../../connectors/twilio/fixtures/requests.ts';
import { type Api, makeApi } from '../../faults/api.ts';
import { type DataDir, makeDataDir } from '../../faults/data-dir.ts';
import { type Hub, startHub } from '../../faults/hub.ts';
import { until } from '../../faults/until.ts';
import { type PlayedTwilio, startTwilio, wave } from '../../support/twilio.ts';
import { callRow, messageRow, outgoing, recordingRow } from './rows.ts';

// biome-ignore lint/suspicious/noExplicitAny: what came, whatever it is
type Any = any;

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
};

const PUBLIC = 'https://tuki.varaamo.example';

describe('twilio: a hub as Twilio and others see it', () => {
  let data: DataDir;
  let hub: Hub;
  let api: Api;
  let address: string;
  let account: string;
  let twilio: PlayedTwilio;

  const start = async (): Promise<void> => {
    // behind a proxy: what it says of itself is not where it is reached here
    const port = await freePort();
    const env = { TALTEEN_PUBLIC_URL: PUBLIC, TALTEEN_OUTGOING_HOSTS: twilio.host, PORT: String(port) };
    hub = await startHub({ dataDir: data.path, env });
    address = `http://127.0.0.1:${port}`;
    api = makeApi(address);
  };
  before(async () => {
    data = await makeDataDir();
    twilio = await startTwilio({ account: ACCOUNT, token: TOKEN });
    await start();
    const config = {
      accountSid: ACCOUNT,
      authToken: TOKEN,
      apiUrl: twilio.url,
      region: 'ie1',
      reconcileSeconds: 1,
      recordingNotice: true,
    };
    account = (await api.send<Any>('POST', '/accounts', { connector: 'twilio', name: 'Puhelin', config })).id;
  });
  after(async () => {
    await hub.stop();
    await twilio.close();
    await data.remove();
  });

  const post = async (path: string, params: Sent, token = TOKEN, to = PUBLIC): Promise<Response> => {
    const { headers, body } = signed(path, params, { account, token, hub: to });
    const url = `${address}/webhooks/${account}/${path}`;
    return fetch(url, { method: 'POST', headers: headers as Record<string, string>, body: Buffer.from(body) });
  };
  const all = async (): Promise<Any[]> => (await api.get<Any>(`/interactions?account=${account}&limit=200`)).items;
  const find = async (externalId: string): Promise<Any> => {
    const row = (await all()).find(one => one.externalId === externalId);
    return row && api.get<Any>(`/interactions/${row.id}`);
  };
  const when = async (externalId: string, holds: (found: Any) => boolean): Promise<Any> => {
    let found: Any;
    await until(`${externalId} as it is to be`, async () => {
      found = await find(externalId);
      return found !== undefined && holds(found);
    });
    return found;
  };

  it('shows where Twilio is to send to, keeps its secrets, and warns of regions outside the EU', async () => {
    const view = await api.get<Any>(`/accounts/${account}`);
    expect(view.webhooks.map(({ name }: Any) => name)).to.deep.equal([
      ...['messages', 'message-status', 'calls', 'call-status', 'recordings', 'transcriptions'],
    ]);
    expect(view.webhooks[0].url).to.equal(`${PUBLIC}/webhooks/${account}/messages`);
    expect(JSON.stringify(view)).to.not.include(TOKEN);
    const within = await api.send<Any>('POST', `/accounts/${account}/test`, {});
    expect(within.ok, JSON.stringify(within)).to.equal(true);
    expect(within.rungs[0].detail).to.include('in the EU');
    const outside = await api.send<Any>('POST', `/accounts/${account}/test`, { config: { region: 'us1' } });
    expect(outside.rungs[0].detail).to.match(/^Warning.*leave the EU/);
  });

  it('stores nothing of what is forged, of another token or another address', async () => {
    const before = (await api.get<Any>(`/accounts/${account}`)).counts;
    expect((await post('messages', sms(90), 'another token')).status).to.equal(403);
    expect((await post('messages', sms(90), TOKEN, address)).status).to.equal(403);
    expect((await post('messages', { From: CUSTOMER, To: OURS })).status).to.equal(422);
    expect((await api.get<Any>(`/accounts/${account}`)).counts).to.deep.equal(before);
    expect(await find(sid('SM', 90))).to.equal(undefined);
  });

  it('takes one message once, however often it is posted at once', async () => {
    const replies = await Promise.all(Array.from({ length: 200 }, () => post('messages', sms(1))));
    expect(new Set(replies.map(({ status }) => status))).to.deep.equal(new Set([200]));
    expect(await replies[0]?.text()).to.include('<Response/>');
    const found = await when(sid('SM', 1), () => true);
    expect(found).to.include({ channel: 'sms', direction: 'inbound', status: null });
    expect(found.revisions).to.deep.equal([]);
    expect((await all()).filter(({ externalId }) => externalId === sid('SM', 1))).to.have.length(1);
    expect(found.participants[0].contact).to.not.equal(null);
    const raw = await api.bytes(`/interactions/${found.id}/raw`);
    expect(raw.toString()).to.equal(Buffer.from(signed('messages', sms(1), { account }).body).toString());
  });

  it('brings callbacks to the right end in any order, before the message too', async () => {
    for (const state of ['delivered', 'sent', 'read', 'queued', 'sent'])
      expect((await post('message-status', messageStatus(2, state))).status).to.equal(204);
    twilio.lists.Messages.push(outgoing(2, 'read'));
    const { status, direction } = await when(sid('SM', 2), found => found.status?.history.length >= 4);
    expect(direction).to.equal('outbound');
    expect(status.state).to.equal('read');
    expect(new Set(status.history.map(({ state }: Any) => state))).to.deep.equal(
      new Set(['delivered', 'sent', 'read', 'queued']),
    );
  });

  it('fetches the files of a message that it was told of', async () => {
    twilio.media.set(sid('MM', 3), [{ sid: sid('ME', 3), content_type: 'image/png', bytes: Buffer.from('a picture') }]);
    const MediaUrl0 = `https://evil.example/2010-04-01/Accounts/${ACCOUNT}/Messages/${sid('MM', 3)}/Media/${sid('ME', 3)}`;
    await post(
      'messages',
      sms(3, { MessageSid: sid('MM', 3), Body: '', NumMedia: '1', MediaUrl0, MediaContentType0: 'image/png' }),
    );
    const { id, text, parts } = await when(sid('MM', 3), found => found.parts.length > 0);
    expect(text ?? '').to.equal('');
    expect(parts[0]).to.deep.include({ n: 1, type: 'image/png', size: 9 });
    expect((await api.bytes(`/interactions/${id}/parts/1`)).toString()).to.equal('a picture');
  });

  it('makes one call of its legs and callbacks, with a recording that can be sought in', async () => {
    const leg = { ParentCallSid: sid('CA', 5), Direction: 'outbound-dial', To: '+358405550001' };
    await post('call-status', call(6, 'completed', { ...leg, CallDuration: '30' }));
    await post('call-status', call(5, 'completed', { CallDuration: '42' }));
    await post('calls', call(5, 'ringing'));
    twilio.files.set(sid('RE', 5), wave(64_000, 2));
    twilio.lists.Calls.push(
      callRow(5, 'completed'),
      callRow(6, 'completed', { parent_call_sid: sid('CA', 5), duration: '30' }),
    );
    await post('recordings', recording(5, 6));
    const found = await when(
      sid('CA', 5),
      ({ recordings, call: made }) => recordings?.[0]?.part && made.legs.length === 2,
    );
    expect(found.status.state).to.equal('completed');
    expect(found.call).to.include({ durationSeconds: 42, talkSeconds: 30, answered: true });
    expect(found.recordings[0]).to.include({ part: 1, channels: 2, durationSeconds: 42, notice: true });
    const part = await fetch(`${address}/api/v1/interactions/${found.id}/parts/1`, {
      headers: { authorization: 'Bearer token-of-the-fault-tests-0123456789', range: 'bytes=60000-60003' },
    });
    expect(part.status).to.equal(206);
    expect(Buffer.from(await part.arrayBuffer()).equals(wave(64_000, 2).subarray(60_000, 60_004))).to.equal(true);
    expect((await all()).filter(({ externalId }) => externalId === sid('CA', 6))).to.have.length(0);
  });

  it('has nobody for a withheld number', async () => {
    await post('call-status', call(7, 'no-answer', { From: '+266696687', Caller: '+266696687' }));
    const { id, participants } = await when(sid('CA', 7), () => true);
    expect(participants.every(({ contact }: Any) => contact === null)).to.equal(true);
    const { items } = await api.get<Any>('/unlinked');
    expect(items.some(({ interaction }: Any) => interaction === id)).to.equal(true);
  });

  it('sends an answer once, keeps it, and says why one was not sent', async () => {
    await post('messages', sms(8, { From: `whatsapp:${CUSTOMER}`, To: `whatsapp:${OURS}` }));
    const { id, canAnswer } = await when(sid('SM', 8), () => true);
    expect(canAnswer).to.equal(true);
    const body = { id: 'mine', text: 'Korjattu, kiitos!' };
    const sent = await Promise.allSettled(
      [1, 2, 3].map(() => api.send<Any>('POST', `/interactions/${id}/answers`, body)),
    );
    expect(sent.some(({ status }) => status === 'fulfilled')).to.equal(true);
    const rows = () => twilio.lists.Messages.filter(row => row.body === body.text);
    expect(rows()).to.have.length(1);
    expect(rows()[0]).to.include({ from: `whatsapp:${OURS}`, to: `whatsapp:${CUSTOMER}` });
    expect(rows()[0]?.status_callback).to.equal(`${PUBLIC}/webhooks/${account}/message-status`);
    const kept = await when(rows()[0]?.sid ?? '', found => found.status !== null);
    expect(kept).to.include({ direction: 'outbound', channel: 'whatsapp', text: body.text });
    expect(kept.participants.some(({ role }: Any) => role === 'agent')).to.equal(true);
    expect(await api.send<Any>('POST', `/interactions/${id}/answers`, body)).to.deep.equal({ interaction: kept.id });
    twilio.state.refuse = 21_610;
    const refused = await api
      .send('POST', `/interactions/${id}/answers`, { id: 'other', text: 'Hei' })
      .catch((error: Error) => error);
    expect(String(refused)).to.include('422').and.to.include('does not want messages (STOP)');
    delete twilio.state.refuse;
    await api.send('POST', `/interactions/${id}/answers`, { id: 'other', text: 'Hei taas' });
    expect(twilio.lists.Messages.filter(row => row.body === 'Hei taas')).to.have.length(1);
    expect((await find(sid('CA', 7))).canAnswer).to.equal(false);
  });

  it('catches up on what came while it was down, and counts it', async () => {
    await hub.kill();
    const numbers = Array.from({ length: 30 }, (_, n) => 100 + n);
    twilio.lists.Messages.push(...numbers.map(n => messageRow(n, {}, 60 - (n % 60))));
    twilio.lists.Messages.push(...numbers.map(n => outgoing(n + 100, 'delivered')));
    twilio.lists.Calls.push(...numbers.map(n => callRow(n, n % 2 ? 'completed' : 'no-answer')));
    twilio.lists.Recordings.push(...numbers.slice(0, 5).map(n => recordingRow(n, n)));
    for (const n of numbers.slice(0, 5)) twilio.files.set(sid('RE', n), wave(1000 + n));
    await start();
    await until('all of it', async () => {
      const found = await all();
      return numbers.every(n =>
        [sid('SM', n), sid('SM', n + 100), sid('CA', n)].every(id => found.some(({ externalId }) => externalId === id)),
      );
    });
    for (const n of numbers.slice(0, 5)) await when(sid('CA', n), found => found.parts.length === 1);
    await post('messages', sms(100, { Body: 'Viesti 100' }));
    await post('messages', sms(200));
    await when(sid('SM', 200), found => found.revisions.length === 0);
    const ids = (await all()).map(({ externalId }) => externalId);
    expect(new Set(ids).size).to.equal(ids.length);
    const { folders } = await api.get<Any>(`/accounts/${account}`);
    const messages = folders.find(({ name }: Any) => name === 'messages');
    expect(messages.stored).to.be.at.least(90);
    expect(messages.held).to.be.at.least(60);
    expect((await find(sid('SM', 100))).revisions).to.deep.equal([]);
  });
});
