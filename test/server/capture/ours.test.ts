import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { makeOurs } from '../../../server/capture/ours.ts';
import { freshStore } from '../../support/capture.ts';

describe('capture: what is ours', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  before(async () => {
    store = await freshStore();
  });
  after(() => store.close());

  const email = (value: string) => ({ type: 'email', value });
  const account = (id: string, ...addresses: string[]) =>
    store.models.accounts.create({
      _id: id,
      connector: 'email',
      name: id,
      addresses,
      state: 'paused',
      createdAt: new Date(),
    });

  it('is what the accounts have now, in the sets that were given out', async () => {
    const ours = makeOurs({ models: store.models, ownDomains: ['own.example'] });
    const { addresses } = ours.sets;
    await account('one', 'support@a.example', 'anna@customer.example');
    await account('two', 'sales@a.example');
    await ours.refresh();
    expect([...addresses]).to.have.members(['support@a.example', 'anna@customer.example', 'sales@a.example']);
    await store.models.accounts.updateOne({ _id: 'one' }, { $set: { addresses: ['support@a.example'] } });
    await store.models.accounts.updateOne({ _id: 'two' }, { $set: { deletedAt: new Date() } });
    await ours.refresh();
    expect([...addresses]).to.eql(['support@a.example']);
    expect(ours.has(email('anna@customer.example'))).to.equal(false);
    expect(ours.has(email('support@a.example'))).to.equal(true);
    expect(ours.has(email('anybody@own.example'))).to.equal(true);
  });

  it('is learnt of what another hub changes, until it is no longer watched', async () => {
    const ours = makeOurs({ models: store.models, ownDomains: [] });
    const watch = ours.watch(20);
    const knows = async (address: string) => {
      for (let i = 0; i < 100 && !ours.sets.addresses.has(address); i++) await sleep(20);
      return ours.sets.addresses.has(address);
    };
    await account('three', 'new@a.example');
    expect(await knows('new@a.example')).to.equal(true);
    await watch.stop();
    await account('four', 'later@a.example');
    await sleep(100);
    expect(ours.sets.addresses.has('later@a.example')).to.equal(false);
  });

  it('is what was read last, whichever reading ends last', async () => {
    const ours = makeOurs({ models: store.models, ownDomains: [] });
    for (let i = 0; i < 30; i++) {
      const address = `round${i}@a.example`;
      const older = ours.refresh();
      await store.models.accounts.updateOne({ _id: 'three' }, { $set: { addresses: [address] } });
      await Promise.all([older, ours.refresh(), ours.refresh()]);
      expect(ours.sets.addresses.has(address), address).to.equal(true);
    }
  });
});
