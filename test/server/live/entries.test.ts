import { expect } from 'chai';
import { type ChatHub, openHub, until } from '../../connectors/chat/support.ts';
import { batchOf, mailItem, makeHub } from '../../support/capture.ts';

describe('live: the entries that agents are told', () => {
  let hub: ChatHub;
  before(async () => {
    hub = await openHub();
  });
  after(() => hub.close());

  const agentOf = async (account: string) =>
    hub.agent((await hub.hub.core.access.tokens.create({ name: account, role: 'agent', account })).token);

  it('include a mail that an account they see has got after another one', async () => {
    const { models, policies } = hub.hub.core;
    const capture = makeHub({ models, policies });
    const [one, other] = [await agentOf('a'), await agentOf('b')];
    await capture.take([batchOf([mailItem(1)])], { account: 'a' });
    await until('the first account', () => one.entries.length === 1);
    expect(other.entries).to.eql([]);
    await capture.take([batchOf([mailItem(1)])], { account: 'b' });
    await until('the second account', () => other.entries.length === 1);
    expect(other.entries[0]?.entry.id).to.equal(one.entries[0]?.entry.id);
    // a copy of what the account has is no news
    const copy = mailItem(1, { sighting: { folder: 'INBOX', uidValidity: '7', uid: 99 } });
    await capture.take([batchOf([copy, mailItem(2)])], { account: 'b' });
    await until('the next mail', () => other.entries.at(-1)?.entry.preview === 'mail 2');
    expect(other.entries).to.have.length(2);
  });

  it('are of the surviving contact where the one they lie with was absorbed', async () => {
    const account = await hub.account();
    const [agent, visitor] = [await hub.agent(), await hub.visitor(account)];
    await visitor.say('Hei');
    await until('the entry', () => agent.entries.length === 1);
    const absorbed = agent.entries[0]?.contact;
    const { body: survivor } = await hub.call('POST', 'contacts', { name: { last: 'Mäkelä' } });
    const { contacts } = hub.hub.core.models;
    await contacts.updateOne({ _id: absorbed ?? '' }, { $set: { mergedInto: survivor.id } });
    await visitor.say('Oletko siellä?');
    await until('what was added', () => agent.entries.length === 2);
    const told = agent.entries.at(-1);
    expect(told?.contact).to.equal(survivor.id);
    expect(told?.entry).to.deep.include({ contact: survivor.id, preview: 'Oletko siellä?' });
  });
});
