import { expect } from 'chai';
import { batchOf, freshStore, mailItem, makeHub } from '../../support/capture.ts';

describe('capture: a thread of hundreds', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  beforeEach(async () => {
    store = await freshStore();
  });
  afterEach(() => store.close());

  it('goes on in its conversation, and joins another, though not all of it is read', async () => {
    const hub = makeHub(store);
    const thread = (from: number, count: number) =>
      Array.from({ length: count }, (_, n) => mailItem(from + n, { threadKeys: ['ticket', `m${from + n}`] }));
    for (let n = 0; n < 6; n++) await hub.take([batchOf(thread(n * 100, 100))]);
    await hub.take([batchOf([mailItem(700, { threadKeys: ['aside'] })])]);
    await hub.take([batchOf([mailItem(701, { threadKeys: ['ticket', 'aside'] })])]);
    await hub.take([batchOf([mailItem(702, { threadKeys: ['aside'] })])]);
    expect(await store.models.interactions.countDocuments()).to.equal(603);
    expect(await store.models.interactions.distinct('conversation')).to.have.length(1);
  });
});
