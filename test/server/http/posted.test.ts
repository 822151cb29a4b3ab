import { expect } from 'chai';
import { pushed, SOURCE_ACCOUNT, startApp, type TestApp, TOKENS } from './support.ts';

const SECRET = 'hunter2-hunter2';
const mailbox = { host: 'imap.varaamo.example', user: 'tuki@varaamo.example', password: SECRET };

describe('http: what is posted', () => {
  let app: TestApp;
  let id: string;
  before(async () => {
    app = await startApp();
    id = (
      await app.as('POST', 'accounts', { json: { connector: 'pushed', name: 'Pushed', config: { secret: SECRET } } })
    ).body.id;
    await app.models.tokens.updateOne({ name: 'source' }, { $set: { account: id } });
  });
  after(() => app.close());
  const post = (path: string, body: string, token?: string) =>
    app.send('POST', path, { body, headers: { 'content-type': 'text/plain' }, ...(token ? { token } : {}) });

  it('is durable before it is acknowledged, and answered as its connector says', async () => {
    const sent = await post(`/webhooks/${id}/events/deep?a=b`, 'one\ntwo');
    expect(sent.status).to.equal(201);
    expect(sent.headers.get('x-reply')).to.equal('yes');
    expect(JSON.parse(sent.bytes.toString())).to.eql({ path: 'events/deep', authenticated: false, query: 'a=b' });
    expect(await app.models.inbox.countDocuments({ account: id })).to.equal(2);
    const [webhook, ...more] = (await app.as('GET', `accounts/${id}`)).body.webhooks;
    expect(webhook).to.include({ name: 'events', url: `${app.base}/webhooks/${id}/events` });
    expect(more).to.eql([]);
  });

  it('refuses what is forged, unknown, paused or too much', async () => {
    expect((await post(`/webhooks/${id}/events`, 'forged')).status).to.equal(403);
    expect((await post('/webhooks/none/events', 'one')).status).to.equal(404);
    expect((await post(`/webhooks/${id}/events`, 'x'.repeat(26 * 1024 * 1024))).status).to.equal(413);
    const box = (await app.as('POST', 'accounts', { json: { connector: 'email', name: 'Box', config: mailbox } })).body;
    expect((await post(`/webhooks/${box.id}/events`, 'one')).status).to.equal(404);
    await app.as('PATCH', `accounts/${id}`, { json: { state: 'paused' } });
    expect((await post(`/webhooks/${id}/events`, 'one')).status).to.equal(503);
    await app.as('PATCH', `accounts/${id}`, { json: { state: 'running' } });
  });

  it('may come by token: a source posts to its own account and to nothing else', async () => {
    const sent = await post(`accounts/${id}/items`, 'three', TOKENS.source);
    expect(JSON.parse(sent.bytes.toString())).to.include({ path: 'items', authenticated: true });
    expect((await post(`accounts/${SOURCE_ACCOUNT}/items`, 'three', TOKENS.source)).status).to.equal(404);
    expect((await post(`accounts/${id}/items`, 'three', TOKENS.agent)).status).to.equal(403);
    expect((await post(`accounts/${id}/items`, 'three')).status).to.equal(401);
    const hook = await post(`/webhooks/${id}/events`, 'four', TOKENS.source);
    expect(JSON.parse(hook.bytes.toString()).authenticated).to.equal(true);
    expect(
      JSON.parse((await post(`/webhooks/${id}/events`, 'five', TOKENS.agent)).bytes.toString()).authenticated,
    ).to.equal(false);
    expect(pushed.webhooks).to.eql(['events']);
  });
});
