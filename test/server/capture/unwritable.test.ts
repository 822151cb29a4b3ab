import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { makeAdmit } from '../../../server/capture/admit.ts';
import { makeInbox } from '../../../server/capture/inbox.ts';
import { accountOf, freshStore, mailItem, makeHub, otherConnector } from '../../support/capture.ts';

describe('inbox: what can’t be written as it is', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  beforeEach(async () => {
    store = await freshStore();
  });
  afterEach(() => store.close());

  const bad = { data: { _bsontype: 'x' } };
  const one = (n: number, payload: unknown = n) => {
    const now = new Date();
    const row = { _id: String(n), account: 'a', key: String(n), arrivedAt: now, order: n, sha256: 'x', nextAt: now };
    return { item: { kind: 'event' as const }, row: { ...row, payload } };
  };

  it('is told of by itself, and takes nobody along whose requests come at the same time', async () => {
    const admit = makeAdmit(store.models);
    const admitted = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        admit({ account: 'a', came: [n % 6 === 3 ? one(n, bad) : one(n)], failed: [] }),
      ),
    );
    const refused = admitted.flatMap(([what], n) => (what === 'unwritable' ? [n] : []));
    expect(refused).to.deep.equal([3, 9, 15, 21, 27, 33, 39, 45, 51, 57]);
    expect(await store.models.inbox.countDocuments()).to.equal(50);
    const again = await Promise.all(
      [1, 2, 3].map(() => admit({ account: 'a', came: [one(100, bad), one(1)], failed: [] })),
    );
    for (const what of again) expect(what).to.deep.equal(['unwritable', 'duplicate']);
  });

  it('goes to quarantine with its bytes, and all else of its request and of others’ is captured', async () => {
    const { models } = store;
    await models.accounts.collection.insertOne({ _id: 'hook', connector: 'other', name: 'hook' } as never);
    const { blobs, capture, acquire } = makeHub(store);
    const connectors = new Map([['other', otherConnector]]);
    const open = async ({ _id }: { _id: string }) => accountOf(_id);
    const log = { warn: () => undefined };
    const inbox = makeInbox({ models, blobs, capture, acquire, connectors, open, log });
    const pushed = (n: number, over = {}) =>
      mailItem(n, { keyScope: 'account', sighting: undefined as never, ...over });
    const accepted = await Promise.all([
      inbox.accept('hook', { items: [pushed(1), pushed(2, { details: bad }), pushed(3), pushed(3)] }),
      inbox.accept('hook', { items: [pushed(4)] }),
    ]);
    expect(accepted).to.deep.equal([['stored', 'stored', 'stored', 'duplicate'], ['stored']]);
    inbox.start();
    for (let n = 0; n < 200 && (await models.inbox.countDocuments()) > 0; n++) await sleep(20);
    await inbox.stop();
    const captured = await models.interactions.find().sort({ sourceKey: 1 }).lean();
    expect(captured.map(({ sourceKey }) => sourceKey)).to.deep.equal(['key-1', 'key-3', 'key-4']);
    const [row, ...more] = await models.quarantine.find().lean();
    expect(more).to.deep.equal([]);
    expect(row).to.include({ locator: 'key-2', reason: 'It has something that a database can not keep.' });
    const blob = await blobs.open(row?.original?.blob ?? '');
    expect(Buffer.concat(await (blob?.stream.toArray() ?? [])).toString()).to.equal('mail 2');
  });

  it('from a source that is pulled goes to quarantine, and the rest of its batch is stored', async () => {
    const hub = makeHub(store);
    await hub.take([{ stream: 'INBOX', items: [mailItem(1), mailItem(2, { details: bad })], failed: [], next: {} }]);
    expect(await store.models.interactions.countDocuments()).to.equal(1);
    expect((await store.models.quarantine.findOne().lean())?.reason).to.match(/could not be stored/);
  });
});
