import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { MessageDoc } from '../../../models/messages.ts';
import { type ChatHub, openHub, TOKEN, until } from '../../connectors/chat/support.ts';

describe('live: what a visitor is sent', () => {
  let hub: ChatHub;
  let account: string;
  before(async () => {
    hub = await openHub();
    account = await hub.account();
  });
  after(() => hub.close());

  const upload = async (conversation: string, name: string): Promise<string> => {
    const form = new FormData();
    form.append('file', new Blob(['%PDF-'], { type: 'application/pdf' }), name);
    const headers = { authorization: `Bearer ${TOKEN}` };
    const address = `${hub.hub.address}/api/v1/interactions/${conversation}/files`;
    const response = await fetch(address, { method: 'POST', body: form, headers });
    return ((await response.json()) as { part: string }).part;
  };

  it('is none of what no message of people is as long as', async () => {
    const socket = await hub.connect('/visitor', { account, junk: 'x'.repeat(250_000) });
    const refused = new Promise(resolve => socket.once('disconnect', resolve).once('connect_error', resolve));
    await Promise.race([refused, hub.opened(socket).then(() => expect.fail('it was let in'))]);
    const visitor = await hub.visitor(account, { junk: 'x'.repeat(150_000) });
    expect((await visitor.say('\u0001'.repeat(20_000))).ok).to.equal(true);
  });

  it('numbers files within the message: those of notes leave no gap', async () => {
    const [visitor, agent] = [await hub.visitor(account), await hub.agent()];
    const { conversation } = visitor;
    await visitor.say('Lasku?');
    const secret = await upload(conversation, 'note.pdf');
    expect((await agent.say(conversation, 'ours', { kind: 'note', parts: [secret] })).ok).to.equal(true);
    const parts = [await upload(conversation, 'one.pdf'), await upload(conversation, 'two.pdf')];
    expect((await agent.say(conversation, 'yours', { parts })).ok).to.equal(true);
    await until('the files', () => visitor.got.length === 1);
    expect(visitor.got[0]?.parts.map(({ n, name }) => `${n} ${name}`)).to.deep.equal(['1 one.pdf', '2 two.pdf']);
    const { body } = await hub.call('GET', `interactions/${conversation}`);
    expect(body.messages.at(-1).parts.map(({ n }: { n: number }) => n)).to.deep.equal([2, 3]);
  });

  /** Messages 2 and on, every tenth of them a note. Returns how many of them the visitor may see. */
  const fill = async (conversation: string, count: number): Promise<number> => {
    const { messages, interactions } = hub.hub.core.models;
    let seen = 1;
    const docs = Array.from({ length: count }, (_, index): MessageDoc => {
      const isNote = index % 10 === 5;
      if (!isNote) seen += 1;
      return {
        _id: randomUUID(),
        interaction: conversation,
        seq: index + 2,
        visitorSeq: isNote ? null : seen,
        externalId: null,
        at: new Date(),
        direction: 'outbound',
        kind: isNote ? 'note' : 'message',
        sender: { name: 'Agent', identifier: null },
        text: `${index}`,
        parts: [],
      };
    });
    await messages.insertMany(docs);
    const last = { lastSeq: count + 1, lastVisitorSeq: seen };
    await interactions.collection.updateOne({ _id: conversation as never }, { $set: last });
    return seen - 1;
  };

  it('brings all that was missed, however much, and what is said meanwhile behind it', async () => {
    const [visitor, agent] = [await hub.visitor(account), await hub.agent()];
    await visitor.say('first');
    visitor.socket.close();
    const missed = await fill(visitor.conversation, 2600);
    const again = await hub.visitor(account, { session: visitor.session, lastSeq: 1 });
    const said = await Promise.all(['a', 'b', 'c'].map(text => agent.say(visitor.conversation, text)));
    expect(said.map(({ ok }) => ok)).to.deep.equal([true, true, true]);
    await until('everything', () => again.got.length >= missed + 3);
    const expected = Array.from({ length: missed + 3 }, (_, index) => index + 2);
    expect(again.got.map(({ seq }) => seq)).to.deep.equal(expected);
  });
});
