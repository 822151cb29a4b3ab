import { expect } from 'chai';
import { type ChatHub, identity, openHub, refusal, SECRET } from './support.ts';

describe('chat: who is signed in at the site', () => {
  let hub: ChatHub;
  let account: string;
  before(async () => {
    hub = await openHub();
    account = await hub.account({ identitySecret: SECRET, askName: true });
  });
  after(() => hub.close());

  it('links whom the site has signed for to the contact, and proves the browser', async () => {
    const { body: contact } = await hub.call('POST', 'contacts', {
      name: { first: 'Päivi', last: 'Mäkelä' },
      identifiers: [{ type: 'username', value: 'paivi' }],
    });
    const visitor = await hub.visitor(account, { identity: identity('paivi') });
    await visitor.say('It is me');
    const { body } = await hub.call('GET', `contacts/${contact.id}/timeline`);
    expect(body.items.map(({ interaction }: { interaction: string }) => interaction)).to.deep.equal([
      visitor.conversation,
    ]);
    const other = await hub.visitor(account, { session: visitor.session, identity: identity('matti') });
    expect(other.session).to.not.equal(visitor.session);
    expect(other.conversation).to.not.equal(visitor.conversation);
  });

  it('begins another conversation for who signs in, and leaves the anonymous one where it was', async () => {
    const { body: contact } = await hub.call('POST', 'contacts', {
      name: { first: 'Aino', last: 'Laine' },
      identifiers: [{ type: 'username', value: 'aino' }],
    });
    const anonymous = await hub.visitor(account);
    await anonymous.say('From a browser that many use');
    const aino = await hub.visitor(account, { session: anonymous.session, identity: identity('aino') });
    expect(aino.session).to.not.equal(anonymous.session);
    expect(aino.conversation).to.not.equal(anonymous.conversation);
    await aino.say('It is me');
    const { body } = await hub.call('GET', `contacts/${contact.id}/timeline`);
    expect(body.items.map(({ interaction }: { interaction: string }) => interaction)).to.eql([aino.conversation]);
    expect(aino.got).to.eql([]);
    const before = await hub.call('GET', `interactions/${anonymous.conversation}`);
    expect(before.body.participants[0].contact).to.be.a('string').and.not.equal(contact.id);
    expect((await hub.visitor(account, { session: anonymous.session })).conversation).to.equal(anonymous.conversation);
    const again = await hub.visitor(account, { session: aino.session, identity: identity('aino') });
    expect(again.conversation).to.equal(aino.conversation);
  });

  it('goes on with the conversation of who is signed for in another writing, as one in it', async () => {
    const first = await hub.visitor(account, { identity: identity('Case.Me@Virta.Example', { type: 'email' }) });
    const { session, conversation } = first;
    await first.say('It is me');
    const again = await hub.visitor(account, {
      session,
      identity: identity('case.me@virta.example', { type: 'email' }),
    });
    expect(again).to.include({ session, conversation });
    expect(await again.say('Me again')).to.deep.equal({ ok: true, seq: 2 });
    const { body } = await hub.call('GET', `interactions/${conversation}`);
    expect(body.participants).to.have.length(1);
    const tagged = identity('case.me+other@virta.example', { type: 'email' });
    expect((await hub.visitor(account, { session, identity: tagged })).conversation).to.not.equal(conversation);
  });

  it('never links by what a visitor only says of itself', async () => {
    const { body: contact } = await hub.call('POST', 'contacts', {
      name: { first: 'Tuula', last: 'Virta' },
      identifiers: [
        { type: 'username', value: 'tuula' },
        { type: 'email', value: 'tuula@virta.example' },
      ],
    });
    const claims = [
      { identity: { type: 'username', value: 'tuula', name: 'Tuula' } },
      { name: 'Tuula Virta', email: 'tuula@virta.example' },
    ];
    for (const claim of claims) {
      const visitor = await hub.visitor(account, claim);
      await visitor.say('I am Tuula');
      const { body } = await hub.call('GET', `interactions/${visitor.conversation}`);
      expect(body.participants[0].contact).to.be.a('string').and.not.equal(contact.id);
      expect(body.visitor).to.include({ verified: false });
    }
    const { body } = await hub.call('GET', `contacts/${contact.id}/timeline`);
    expect(body.items).to.deep.equal([]);
  });

  it('refuses forged and old identities', async () => {
    const tries: [string, object][] = [
      ['wrong', identity('paivi', { secret: 'another secret' })],
      ['wrong', { ...identity('paivi'), value: 'matti' }],
      ['too old', identity('paivi', { exp: Date.now() / 1000 - 1 })],
      ['no time', { ...identity('paivi'), exp: 'tomorrow' }],
    ];
    for (const [, given] of tries)
      expect(await refusal(hub.visitor(account, { identity: given }))).to.match(/identity|signature/i);
    const unsigned = await hub.account();
    expect(await refusal(hub.visitor(unsigned, { identity: identity('paivi') }))).to.match(/no signed identities/);
  });
});
