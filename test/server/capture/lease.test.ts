import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { makeLeases } from '../../../server/capture/lease.ts';
import { LeaseLostError } from '../../../server/capture/types.ts';
import { freshStore } from '../../support/capture.ts';

describe('leases', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  before(async () => {
    store = await freshStore();
  });
  after(() => store.close());

  const hub = (pid: number, alive = true) =>
    makeLeases({ models: store.models, self: { host: 'here', pid, start: '1' }, mayBeAlive: async () => alive });

  it('one of many that ask at once gets it, the next one after its release, with a higher token', async () => {
    const asked = await Promise.all([1, 2, 3, 4, 5].map(pid => hub(pid)('one')));
    const held = asked.filter(lease => lease !== null);
    expect(held).to.have.length(1);
    await held[0]?.release();
    expect(held[0]?.signal.reason).to.be.instanceOf(LeaseLostError);
    const next = await hub(6)('one');
    expect(next?.token).to.be.greaterThan(held[0]?.token ?? 0);
    await next?.release();
  });

  it('is renewed while it is held, past its 10 seconds', async () => {
    const lease = await hub(1)('kept');
    const first = (await store.models.leases.findById('kept').lean())?.expiresAt.getTime() ?? 0;
    await sleep(3500);
    expect((await store.models.leases.findById('kept').lean())?.expiresAt.getTime()).to.be.greaterThan(first);
    expect(await hub(2)('kept')).to.equal(null);
    await lease?.release();
  });

  it('is taken over at once from a holder that is dead, and tells the old holder when it looks', async () => {
    const old = await hub(1)('dead');
    const next = await hub(2, false)('dead');
    expect(next?.token).to.equal((old?.token ?? 0) + 1);
    for (let waited = 0; waited < 50 && !old?.signal.aborted; waited++) await sleep(100);
    expect(old?.signal.reason).to.be.instanceOf(LeaseLostError);
    expect(next?.signal.aborted).to.equal(false);
    await Promise.all([old?.release(), next?.release()]);
  });

  it('an old holder that lets go does not end the new one', async () => {
    const old = await hub(1)('late');
    const next = await hub(2, false)('late');
    await old?.release();
    expect(await hub(3)('late')).to.equal(null);
    await next?.release();
  });

  it('runs out for a holder that no longer renews', async () => {
    const lease = await hub(1)('expired');
    await store.models.leases.updateOne({ _id: 'expired' }, { $set: { expiresAt: new Date(Date.now() - 1) } });
    const next = await hub(2)('expired');
    expect(next?.token).to.equal((lease?.token ?? 0) + 1);
    await Promise.all([lease?.release(), next?.release()]);
  });
});
