import { expect } from 'chai';
import { type ChatHub, identity, openHub, refusal } from '../../connectors/chat/support.ts';

const SHOP = 'https://shop.example';

describe('live: an account that this hub changes', () => {
  let hub: ChatHub;
  before(async () => {
    hub = await openHub();
  });
  after(() => hub.close());

  const patch = async (account: string, json: object): Promise<void> => {
    expect((await hub.call('PATCH', `accounts/${account}`, json)).status).to.equal(200);
  };

  it('takes nothing more from the moment it is paused or deleted', async () => {
    for (const close of [
      (account: string) => hub.call('PATCH', `accounts/${account}`, { state: 'paused' }),
      (account: string) => hub.call('DELETE', `accounts/${account}`),
    ]) {
      const account = await hub.account();
      const visitor = await hub.visitor(account);
      expect((await visitor.say('before')).ok).to.equal(true);
      expect((await close(account)).status).to.be.oneOf([200, 204]);
      expect((await visitor.say('after')).ok).to.equal(false);
      expect(await refusal(hub.visitor(account))).not.to.equal('taken');
    }
  });

  it('opens to an origin from the moment it is listed, and no longer', async () => {
    const account = await hub.account();
    expect(await refusal(hub.visitor(account, {}, SHOP))).not.to.equal('taken');
    await patch(account, { config: { origins: [SHOP] } });
    const visitor = await hub.visitor(account, {}, SHOP);
    expect((await visitor.say('listed')).ok).to.equal(true);
    await patch(account, { config: { origins: [] } });
    const isTaken = visitor.say('no longer').then(
      ({ ok }) => ok,
      () => false, // it is cut off
    );
    expect(await isTaken).to.equal(false);
    expect(await refusal(hub.visitor(account, {}, SHOP))).not.to.equal('taken');
  });

  it('believes its new identity secret only', async () => {
    const account = await hub.account({ identitySecret: 'the old secret of the account' });
    const known = (secret: string) => refusal(hub.visitor(account, { identity: identity('paivi', { secret }) }));
    expect(await known('the old secret of the account')).to.equal('taken');
    await patch(account, { config: { identitySecret: 'the new secret of the account' } });
    expect(await known('the old secret of the account')).not.to.equal('taken');
    expect(await known('the new secret of the account')).to.equal('taken');
  });
});
