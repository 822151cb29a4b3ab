import { expect } from 'chai';
import { makeAdmit } from '../../../server/capture/admit.ts';
import { freshStore } from '../../support/capture.ts';

describe('inbox: what can’t be written as it is', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  before(async () => {
    store = await freshStore();
  });
  after(() => store.close());

  const one = (n: number, payload: unknown = n) => {
    const now = new Date();
    const row = { _id: String(n), account: 'a', key: String(n), arrivedAt: now, order: n, sha256: 'x', nextAt: now };
    return { item: { kind: 'event' as const }, row: { ...row, payload } };
  };
  const bad = { data: { _bsontype: 'x' } };

  it('fails who brings it, and nobody whose requests come at the same time', async () => {
    const admit = makeAdmit(store.models);
    const ended = await Promise.allSettled(
      Array.from({ length: 60 }, (_, n) =>
        admit({ account: 'a', came: [n % 6 === 3 ? one(n, bad) : one(n)], failed: [] }),
      ),
    );
    const refused = ended.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []));
    expect(refused).to.deep.equal([3, 9, 15, 21, 27, 33, 39, 45, 51, 57]);
    expect(await store.models.inbox.countDocuments()).to.equal(50);
  });

  it('is not answered as a duplicate of itself', async () => {
    const admit = makeAdmit(store.models);
    const arrival = () => ({ account: 'a', came: [one(100, bad)], failed: [] });
    const ended = await Promise.allSettled([1, 2, 3].map(() => admit(arrival())));
    expect(ended.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected', 'rejected']);
  });
});
