import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import { type ChatHub, openHub, TOKEN, until } from './support.ts';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

describe('chat: files', () => {
  let hub: ChatHub;
  let account: string;
  before(async () => {
    hub = await openHub();
    account = await hub.account({ origins: ['https://shop.example'] });
  });
  after(() => hub.close());

  const post = async (
    path: string,
    fields: Record<string, string>,
    { bytes = PNG, name = 'kuva.png', type = 'image/png', headers = {} as Record<string, string> } = {},
  ) => {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(bytes)], { type }), name); // before the fields: any order serves
    for (const [field, value] of Object.entries(fields)) form.append(field, value);
    const response = await fetch(`${hub.hub.address}${path}`, { method: 'POST', body: form, headers });
    return { status: response.status, headers: response.headers, body: (await response.json()) as { part: string } };
  };
  const fetchBytes = async (path: string, headers = {}) => {
    const response = await fetch(`${hub.hub.address}${path}`, { headers });
    return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
  };

  it('come from a visitor with a message, and are read by agents', async () => {
    const agent = await hub.agent();
    const visitor = await hub.visitor(account);
    const { status, body } = await post('/visitor/files', { account, session: visitor.session });
    expect(status).to.equal(201);
    expect(await visitor.say('', { parts: [body.part] })).to.deep.equal({ ok: true, seq: 1 });
    await until('the agent', () => agent.got.length === 1);
    const [part] = agent.got[0]?.parts ?? [];
    expect(part).to.include({ n: 1, name: 'kuva.png', type: 'image/png', size: PNG.length });
    const path = `/api/v1/interactions/${visitor.conversation}/messages/1/parts/1`;
    expect((await fetchBytes(path)).status).to.equal(401);
    const read = await fetchBytes(path, { authorization: `Bearer ${TOKEN}` });
    expect(read.bytes.equals(PNG)).to.equal(true);
    expect(read.headers.get('content-disposition')).to.match(/^attachment/);
    expect(read.headers.get('content-type')).to.equal('image/png');
  });

  it('go to a visitor by a link that serves nobody who was not given it', async () => {
    const visitor = await hub.visitor(account);
    const agent = await hub.agent();
    await visitor.say('Lasku?');
    const sent = await post(
      `/api/v1/interactions/${visitor.conversation}/files`,
      {},
      {
        bytes: Buffer.from('%PDF-'),
        name: 'lasku äö.pdf',
        type: 'application/pdf',
        headers: { authorization: `Bearer ${TOKEN}` },
      },
    );
    expect(sent.status).to.equal(201);
    await agent.say(visitor.conversation, 'Tässä', { parts: [sent.body.part] });
    await until('the file', () => visitor.got.length === 1);
    const url = visitor.got[0]?.parts[0]?.url ?? '';
    const read = await fetchBytes(url);
    expect(read.bytes.toString()).to.equal('%PDF-');
    expect(read.headers.get('content-disposition')).to.include("filename*=UTF-8''lasku%20%C3%A4%C3%B6.pdf");
    expect((await fetchBytes(`${url.slice(0, -2)}xx`)).status).to.equal(404);
  });

  it('are zips as Windows calls them, too', async () => {
    const { session } = await hub.visitor(account);
    const zip = { name: 'kuitit.zip', type: 'application/x-zip-compressed' };
    expect((await post('/visitor/files', { account, session }, zip)).status).to.equal(201);
  });

  it('are refused when too large, of another kind, of no session, or from a foreign page', async () => {
    const { session } = await hub.visitor(account);
    const status = async (...args: Parameters<typeof post>) => (await post(...args)).status;
    const good = { account, session };
    expect(await status('/visitor/files', good, { bytes: Buffer.alloc(10 * 1024 * 1024 + 1) })).to.equal(413);
    expect(await status('/visitor/files', good, { type: 'text/html' })).to.equal(415);
    expect(await status('/visitor/files', good, { type: 'image/svg+xml' })).to.equal(415);
    expect(await status('/visitor/files', { account, session: 'x' })).to.equal(422);
    expect(await status('/visitor/files', { account: 'x', session })).to.equal(422);
    const other = await hub.account();
    const from = (origin: string) => ({ headers: { origin } });
    expect(await status('/visitor/files', good, from('https://evil.example'))).to.equal(403);
    expect(await status('/visitor/files', { account: other, session }, from('https://shop.example'))).to.equal(403);
    const { headers } = await post('/visitor/files', good, from('https://shop.example'));
    expect(headers.get('access-control-allow-origin')).to.equal('https://shop.example');
    expect(headers.get('access-control-allow-credentials')).to.equal(null);
  });

  it('of agents come in though visitors hold all the places that are theirs', async () => {
    const visitor = await hub.visitor(account);
    await visitor.say('Lasku?');
    const { hostname, port } = new URL(hub.hub.address);
    const head = `POST /visitor/files HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Length: 5000\r\n`;
    const idle = Array.from({ length: 16 }, () => {
      const socket = connect(Number(port), hostname);
      socket.write(`${head}Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n`);
      return socket.on('error', () => undefined);
    });
    const fields = { account, session: visitor.session };
    await until('all places are held', async () => (await post('/visitor/files', fields)).status === 503);
    const headers = { authorization: `Bearer ${TOKEN}` };
    const sent = await post(`/api/v1/interactions/${visitor.conversation}/files`, {}, { headers });
    expect(sent.status).to.equal(201);
    await Promise.all(idle.map(socket => once(socket.destroy(), 'close')));
    await until('they are free again', async () => (await post('/visitor/files', fields)).status === 201);
  });

  it('are sent in the chat they were uploaded for and in no other', async () => {
    const visitor = await hub.visitor(account);
    const other = await hub.visitor(account);
    const { body } = await post('/visitor/files', { account, session: visitor.session });
    const ack = await other.say('x', { parts: [body.part] });
    expect(ack.ok).to.equal(false);
    expect(ack.error).to.match(/not uploaded/);
  });

  it('are what makes a message the same: uploaded anew it is, of other bytes it is not', async () => {
    const visitor = await hub.visitor(account);
    const upload = async (text: string) =>
      (await post('/visitor/files', { account, session: visitor.session }, { bytes: Buffer.from(text) })).body.part;
    const send = async (text: string) => visitor.say('Kuva', { id: 'm1', parts: [await upload(text)] });
    expect(await send('AAAA')).to.deep.equal({ ok: true, seq: 1 });
    expect(await send('AAAA')).to.deep.equal({ ok: true, seq: 1 });
    expect(await send('BBBB')).to.deep.equal({ ok: false, error: 'Another message has this id already.' });
    const { body } = await hub.call('GET', `interactions/${visitor.conversation}/messages`);
    expect(body.items).to.have.length(1);
  });
});
