import { Readable } from 'node:stream';
import { expect } from 'chai';
import type { Captured } from '../../../connectors/contract.ts';
import { encodeCursor } from '../../../server/read/cursor.ts';
import { itemId } from '../../../server/rules/keys.ts';
import { batchOf, otherConnector } from '../../support/capture.ts';
import { startApp, type TestApp } from './support.ts';

const CHAT = itemId('chat', { sourceKey: 'chat-1', kind: 'interaction' });

const message = (n: number, over: Partial<Captured> = {}): Captured => ({
  sourceKey: `m${n}`,
  kind: 'message',
  belongsTo: 'chat-1',
  orElse: 'create',
  channel: 'chat',
  direction: 'inbound',
  occurredAt: new Date(Date.UTC(2026, 10, 20, 10, 0, n)),
  participants: [{ role: 'from', identifier: { type: 'email', value: 'paivi@kuusilahti.example' }, name: 'Päivi' }],
  parties: [0],
  threadKeys: [],
  text: `message ${n}`,
  parts: [],
  ...over,
});

describe("http: a chat's messages", () => {
  let app: TestApp;
  before(async () => {
    app = await startApp();
    const file = Buffer.from('a picture');
    const parts = [{ name: 'a.png', type: 'image/png', size: file.length, open: () => Readable.from([file]) }];
    const items = [
      ...Array.from({ length: 204 }, (_, n) => message(n + 1)),
      message(205, { message: { kind: 'note' } }),
      message(206, { parts }),
    ];
    const status: Captured = { ...message(300), kind: 'status', status: { state: 'ended', rank: 1 }, sourceKey: 's1' };
    const take = (some: Captured[]) =>
      app.hub.take([batchOf(some, { next: {} })], { account: 'chat', connector: otherConnector });
    await take(items);
    await take([status]);
  });
  after(() => app.close());

  it('the last 200 come with the interaction, in order, with the contact of each sender, and its status', async () => {
    const { status, body } = await app.as('GET', `interactions/${CHAT}`);
    expect(status).to.equal(200);
    expect(body.messages).to.have.length(200);
    expect(body.messages[0]).to.include({ seq: 7, text: 'message 7' });
    expect(body.messages.at(-2)).to.include({ kind: 'note' });
    expect(body.messages.at(-1).sender).to.deep.equal({ name: 'Päivi', contact: body.participants[0].contact });
    expect(body.participants[0].contact).to.be.a('string');
    expect(body.status).to.deep.equal({
      state: 'ended',
      history: [{ state: 'ended', at: '2026-11-20T10:05:00.000Z', error: null }],
    });
  });

  it('all of them come in pages, newest first', async () => {
    const seen: number[] = [];
    let before = '';
    do {
      const { body } = await app.as('GET', `interactions/${CHAT}/messages?limit=60${before}`);
      seen.push(...body.items.map(({ seq }: { seq: number }) => seq));
      before = body.next === null ? '' : `&before=${body.next}`;
    } while (before);
    expect(seen).to.deep.equal(Array.from({ length: 206 }, (_, n) => 206 - n));
  });

  it("a message's file is read by its number in the conversation", async () => {
    const { body } = await app.as('GET', `interactions/${CHAT}/messages?limit=1`);
    const [part] = body.items[0].parts;
    expect(part).to.include({ n: 1, name: 'a.png' });
    const { bytes } = await app.as('GET', `interactions/${CHAT}/parts/${part.n}`);
    expect(bytes.toString()).to.equal('a picture');
  });

  it('a page that is none, a chat that is none, and who may not see it', async () => {
    expect((await app.as('GET', `interactions/${CHAT}/messages?before=x`)).status).to.equal(400);
    for (const id of ['the-id-of-an-interaction', '', '1e3', '-1']) {
      const before = encodeCursor({ at: new Date(), id });
      const { status, body } = await app.as('GET', `interactions/${CHAT}/messages?before=${before}`);
      expect(status, id).to.equal(400);
      expect(body.errors[0].parameter).to.equal('before');
    }
    expect((await app.as('GET', 'interactions/none/messages')).status).to.equal(404);
    expect((await app.as('GET', `interactions/${CHAT}/messages`, { role: 'source' })).status).to.equal(403);
  });
});
