import { expect } from 'chai';
import { type ChatHub, type Message, openHub, refusal, TOKEN, until } from './support.ts';

const texts = (messages: readonly Message[]): string[] => messages.map(({ text }) => text);

describe('chat: visitors and agents', () => {
  let hub: ChatHub;
  let account: string;
  before(async () => {
    hub = await openHub();
    account = await hub.account({ askName: true });
  });
  after(() => hub.close());

  it('commits what a visitor says before it is acknowledged, and brings it to agents and onto the timeline', async () => {
    const agent = await hub.agent();
    const visitor = await hub.visitor(account, { name: 'Päivi' });
    expect(visitor.session).to.match(/^[\w-]{43}$/);
    expect(visitor.ask).to.deep.equal({ name: true, email: false });
    expect(visitor.keep).to.deep.equal({ unknown: 'P1Y', customer: 'P5Y' });
    expect((await hub.call('GET', `interactions/${visitor.conversation}`)).status).to.equal(404);

    expect(await visitor.say('Hei!', { id: 'm1' })).to.deep.equal({ ok: true, seq: 1 });
    const { body } = await hub.call('GET', `interactions/${visitor.conversation}`);
    expect(body).to.include({ channel: 'chat', direction: 'inbound', account });
    expect(body.messages).to.have.length(1);
    expect(body.messages[0]).to.include({ id: 'm1', direction: 'inbound', kind: 'message', text: 'Hei!' });
    expect(body.messages[0].sender.name).to.equal('Päivi');
    const [{ contact }] = body.participants;
    const { body: timeline } = await hub.call('GET', `contacts/${contact}/timeline`);
    expect(timeline.items[0]).to.include({ interaction: visitor.conversation, channel: 'chat', preview: 'Hei!' });
    expect(timeline.items[0].retention.policy).to.equal('unknown-sender');

    await until('the agent', () => agent.got.length === 1);
    expect(agent.got[0]).to.include({ conversation: visitor.conversation, id: 'm1', seq: 1, kind: 'message' });
    expect(agent.got[0]?.from).to.deep.equal({ role: 'visitor', name: 'Päivi' });

    expect(await agent.say(visitor.conversation, 'Kuinka voin auttaa?')).to.deep.equal({ ok: true, seq: 2 });
    await until('the answer', () => visitor.got.length === 1);
    expect(visitor.got[0]).to.include({ text: 'Kuinka voin auttaa?', seq: 2 });
    expect(visitor.got[0]?.from.role).to.equal('agent');
    // each change of the conversation is told as its entry, too
    await until('the entries', () => agent.entries.length === 2);
    expect(agent.entries.at(-1)?.entry.preview).to.equal('Kuinka voin auttaa?');
    expect(texts(agent.got)).to.deep.equal(['Hei!']);
  });

  it('stores the same id once, however often and at once it is sent', async () => {
    const visitor = await hub.visitor(account);
    const acks = await Promise.all(Array.from({ length: 20 }, () => visitor.say('Once', { id: 'same' })));
    expect(new Set(acks.map(({ seq }) => seq))).to.deep.equal(new Set([1]));
    const { body } = await hub.call('GET', `interactions/${visitor.conversation}/messages`);
    expect(body.items).to.have.length(1);
  });

  it('refuses another message under an id that one has', async () => {
    const visitor = await hub.visitor(account);
    expect(await visitor.say('eka', { id: 'm1' })).to.deep.equal({ ok: true, seq: 1 });
    expect(await visitor.say('TOINEN', { id: 'm1' })).to.deep.equal({
      ok: false,
      error: 'Another message has this id already.',
    });
    const agent = await hub.agent();
    expect((await agent.say(visitor.conversation, 'sama', { id: 'a1' })).seq).to.equal(2);
    expect((await agent.say(visitor.conversation, 'sama', { id: 'a1', kind: 'note' })).ok).to.equal(false);
    expect(await agent.say(visitor.conversation, 'sama', { id: 'a1' })).to.deep.equal({ ok: true, seq: 2 });
  });

  it('keeps notes from the visitor, also as a gap in the numbers', async () => {
    const agent = await hub.agent();
    const visitor = await hub.visitor(account);
    await visitor.say('1');
    expect(await agent.say(visitor.conversation, 'secret', { kind: 'note' })).to.deep.equal({ ok: true, seq: 2 });
    await agent.say(visitor.conversation, '2');
    await until('the answer', () => visitor.got.length === 1);
    expect(visitor.got[0]).to.include({ text: '2', seq: 2 });
    expect((await visitor.say('3')).seq).to.equal(3);
    const again = await hub.visitor(account, { session: visitor.session, lastSeq: 0 });
    await until('the transcript', () => again.got.length === 3);
    expect(again.got.map(({ seq, text }) => [seq, text])).to.deep.equal([
      [1, '1'],
      [2, '2'],
      [3, '3'],
    ]);
    const { body } = await hub.call('GET', `interactions/${visitor.conversation}`);
    expect(
      body.messages.map(({ kind, direction }: { kind: string; direction: string }) => `${kind} ${direction}`),
    ).to.eql(['message inbound', 'note internal', 'message outbound', 'message inbound']);
  });

  it('fetches what was missed by number, and goes on where it was', async () => {
    const agent = await hub.agent();
    const visitor = await hub.visitor(account);
    await visitor.say('first');
    visitor.socket.close();
    await agent.say(visitor.conversation, 'while away 1');
    await agent.say(visitor.conversation, 'while away 2');
    const again = await hub.visitor(account, { session: visitor.session, lastSeq: 1 });
    expect(again.conversation).to.equal(visitor.conversation);
    await until('what was missed', () => again.got.length === 2);
    expect(texts(again.got)).to.deep.equal(['while away 1', 'while away 2']);
    expect((await again.say('back')).seq).to.equal(4);
    expect(again.got).to.have.length(2);
  });

  it('tells a visitor what is new, though it says that it knows more than there is', async () => {
    const agent = await hub.agent();
    const visitor = await hub.visitor(account);
    await visitor.say('first');
    visitor.socket.close();
    const again = await hub.visitor(account, { session: visitor.session, lastSeq: 1e9 });
    expect((await again.say('second')).seq).to.equal(2);
    await agent.say(visitor.conversation, 'an answer');
    await until('the answer', () => again.got.length === 1);
    expect(texts(again.got)).to.deep.equal(['an answer']);
  });

  it('keeps the name and the address that are given later, and goes by that name from then on', async () => {
    const agent = await hub.agent();
    const first = await hub.visitor(account);
    const { session, conversation } = first;
    await first.say('Hei');
    const named = await hub.visitor(account, { session, name: 'Vilma', email: 'vilma@virta.example' });
    await named.say('Olen Vilma');
    const again = await hub.visitor(account, { session, lastSeq: 2 });
    await again.say('Vielä yksi asia');
    await until('the agent', () => agent.got.length === 3);
    expect(agent.got.map(({ from }) => from.name).slice(1)).to.deep.equal(['Vilma', 'Vilma']);
    const { body } = await hub.call('GET', `interactions/${conversation}`);
    expect(body.visitor).to.deep.equal({
      verified: false,
      identity: null,
      name: 'Vilma',
      email: 'vilma@virta.example',
    });
    expect(body.participants).to.have.length(1);
    expect(body.participants[0]).to.deep.include({ name: 'Vilma' });
    expect(body.participants[0].identifier.type).to.equal('chat');
    const { body: timeline } = await hub.call('GET', `contacts/${body.participants[0].contact}/timeline`);
    expect(timeline.items).to.have.length(1);
    expect(timeline.items[0].from).to.equal('Vilma');
    expect((await hub.call('GET', 'contacts?q=vilma@virta.example')).body.items).to.deep.equal([]);
  });

  it('takes every message of two people who write at once, in one order', async () => {
    const agent = await hub.agent();
    const visitor = await hub.visitor(account);
    await visitor.say('0');
    const both = Array.from({ length: 25 }, (_, n) => [visitor.say(`v${n}`), agent.say(visitor.conversation, `a${n}`)]);
    const acks = await Promise.all(both.flat());
    expect(acks.filter(({ ok }) => !ok)).to.deep.equal([]);
    expect(acks.map(({ seq }) => seq).sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 50 }, (_, n) => n + 2));
    await until('all answers', () => visitor.got.length === 25);
    const seqs = visitor.got.map(({ seq }) => seq);
    expect(seqs).to.deep.equal([...seqs].sort((a, b) => a - b));
  });

  it('opens only to pages of its own origins, and agents only to ours', async () => {
    const listed = await hub.account({ origins: ['https://shop.example'] });
    expect((await hub.visitor(listed, {}, 'https://shop.example')).session).to.be.a('string');
    expect((await hub.visitor(listed, {}, hub.hub.address)).session).to.be.a('string');
    expect(await refusal(hub.visitor(listed, {}, 'https://evil.example'))).to.not.equal('taken');
    expect(await refusal(hub.visitor(account, {}, 'https://shop.example'))).to.match(/origin/);
    const agent = await hub.connect('/agent', { token: TOKEN }, 'https://shop.example');
    expect(await refusal(hub.opened(agent))).to.equal('unauthorized');
  });

  it('lets go of pages that are no longer listed', async () => {
    const listed = await hub.account({ origins: ['https://shop.example'] });
    const shut = await hub.visitor(listed, {}, 'https://shop.example');
    const open = await hub.visitor(listed, {}, hub.hub.address);
    await hub.call('PATCH', `accounts/${listed}`, { config: { origins: [] } });
    await until('the page that is listed no longer', () => !shut.socket.connected);
    expect(open.socket.connected).to.equal(true);
  });

  it('refuses what it cannot take, with words, and keeps the line', async () => {
    const visitor = await hub.visitor(account);
    const agent = await hub.agent();
    const tries = [
      { text: '' },
      { text: 'x'.repeat(20_001) },
      { text: 'x', id: '' },
      { text: 'x', conversation: 'another' },
      { text: 'x', parts: ['forged'] },
    ];
    for (const over of tries) {
      const ack = await visitor.say('x', over);
      expect(ack.ok, JSON.stringify(over).slice(0, 80)).to.equal(false);
      expect(ack.error).to.be.a('string');
    }
    expect((await agent.say('nothing', 'x')).ok).to.equal(false);
    expect(await refusal(hub.visitor('nothing'))).to.match(/no such chat/);
    expect((await visitor.say('still here')).ok).to.equal(true);
  });

  it('refuses an agent whose access was withdrawn, and one that may not see the account', async () => {
    const { access } = hub.hub.core;
    const { token } = await access.tokens.create({ name: 'leaving', role: 'agent', account: null });
    const other = await access.tokens.create({ name: 'elsewhere', role: 'agent', account: 'another' });
    const visitor = await hub.visitor(account);
    await visitor.say('Hei');
    const [agent, stranger] = [await hub.agent(token), await hub.agent(other.token)];
    expect((await agent.say(visitor.conversation, 'I am here')).ok).to.equal(true);
    expect((await stranger.say(visitor.conversation, 'so am I')).ok).to.equal(false);
    expect(stranger.got).to.deep.equal([]);
    await access.tokens.remove((await access.authenticate({ headers: {}, token }))?.id ?? '');
    const ack = await agent.say(visitor.conversation, 'and now').catch(() => ({ ok: false }));
    expect(ack.ok).to.equal(false);
    expect(agent.socket.connected).to.equal(false);
    await hub.call('PATCH', `accounts/${account}`, { state: 'paused' });
    await until('the pause', () => !visitor.socket.connected);
    expect(await refusal(hub.visitor(account))).to.match(/closed/);
    await hub.call('PATCH', `accounts/${account}`, { state: 'running' });
  });

  it('says who types, and who is there', async () => {
    const agent = await hub.agent();
    const visitor = await hub.visitor(await hub.account());
    const heard: string[] = [];
    agent.socket.on('typing', ({ from }: Message) => heard.push(`${from.role} types`));
    agent.socket.on('presence', ({ online }: { online: boolean }) => heard.push(online ? 'there' : 'gone'));
    visitor.socket.on('typing', () => heard.push('agent types'));
    await visitor.say('Hei');
    expect(await agent.socket.emitWithAck('watch', { conversation: visitor.conversation })).to.include({
      online: true,
    });
    for (let n = 0; n < 100; n++) visitor.socket.emit('typing'); // agents are told of it, not flooded
    await until('the visitor typing', () => heard.includes('visitor types'));
    expect(await visitor.say('Kuulolla?')).to.include({ ok: true });
    expect(heard.filter(one => one === 'visitor types')).to.have.length(1);
    agent.socket.emit('typing', { conversation: visitor.conversation });
    await until('the agent typing', () => heard.includes('agent types'));
    visitor.socket.close();
    await until('the end', () => heard.includes('gone'));
  });
});

describe('chat: two hubs', () => {
  it('take messages of one conversation at once: each reaches the other side, nothing twice', async () => {
    const one = await openHub();
    const other = await openHub(one);
    const account = await one.account();
    const visitor = await one.visitor(account);
    await visitor.say('0');
    const agent = await other.agent();
    const both = Array.from({ length: 15 }, (_, n) => [visitor.say(`v${n}`), agent.say(visitor.conversation, `a${n}`)]);
    const acks = await Promise.all(both.flat());
    expect(acks.filter(({ ok }) => !ok)).to.deep.equal([]);
    await until('both sides', () => visitor.got.length === 15 && agent.got.length === 15);
    const { body } = await one.call('GET', `interactions/${visitor.conversation}`);
    expect(body.messages.map(({ seq }: Message) => seq)).to.deep.equal(Array.from({ length: 31 }, (_, n) => n + 1));
    await other.close();
    await one.close();
  });

  it('tell each other who types and who is there, also when one of them stops', async () => {
    const one = await openHub();
    const other = await openHub(one);
    const account = await one.account();
    const agent = await other.agent();
    const heard: string[] = [];
    agent.socket.on('typing', ({ from }: Message) => heard.push(`${from.name} types`));
    agent.socket.on('presence', ({ online }: { online: boolean }) => heard.push(online ? 'there' : 'gone'));
    const visitor = await one.visitor(account, { name: 'Aino' });
    visitor.socket.on('typing', () => heard.push('agent types'));
    visitor.socket.on('presence', ({ agents }: { agents: boolean }) => heard.push(agents ? 'agents' : 'no agents'));
    await visitor.say('Hei');
    await until('the visitor', () => heard.includes('there'));
    const { conversation } = visitor;
    expect(await agent.socket.emitWithAck('watch', { conversation })).to.include({ ok: true, online: true });
    visitor.socket.emit('typing');
    await until('the visitor typing', () => heard.includes('Aino types'));
    agent.socket.emit('typing', { conversation });
    await until('the agent typing', () => heard.includes('agent types'));
    const again = await one.visitor(account, { session: visitor.session });
    expect((again as unknown as { agents: boolean }).agents, 'an agent of the other hub').to.equal(true);
    again.socket.close();
    visitor.socket.close();
    await until('the end', () => heard.includes('gone'));
    const [later, seen] = [await one.visitor(account), [] as boolean[]];
    later.socket.on('presence', ({ agents }: { agents: boolean }) => seen.push(agents));
    await other.close();
    await until('the end of the other hub', () => seen.includes(false));
    await one.close();
  });
});
