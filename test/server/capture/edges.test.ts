import { expect } from 'chai';
import { makeCheckpoints } from '../../../server/capture/checkpoints.ts';
import { inTransaction, isConflict, transactionOptions } from '../../../server/store/transaction.ts';
import { accountOf, batchOf, freshStore, mailConnector, mailItem, makeHub } from '../../support/capture.ts';

/** Each of MongoDB's edges in DESIGN 6, provoked; then the capture's answer to it. */
describe("capture: MongoDB's edges", () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  before(async () => {
    store = await freshStore();
  });
  after(() => store.close());

  const begin = async () => {
    const session = await store.models.connection.startSession();
    session.startTransaction(transactionOptions);
    return session;
  };

  it('a duplicate key in a transaction aborts all of it, without the label that says "again"', async () => {
    const { leases } = store.models;
    const row = (id: string) => ({ _id: id, token: 1 }) as never;
    await leases.collection.insertOne(row('taken'));
    const session = await begin();
    await leases.collection.insertOne(row('beside'), { session });
    const error = await leases.collection.insertOne(row('taken'), { session }).catch(caught => caught);
    expect(error.code).to.equal(11000);
    expect(error.hasErrorLabel('TransientTransactionError')).to.equal(false);
    expect(isConflict(error)).to.equal(true);
    await session.abortTransaction();
    await session.endSession();
    expect(await leases.countDocuments({ _id: 'beside' })).to.equal(0);
  });

  it('two open transactions that insert one _id conflict', async () => {
    const [first, second] = [await begin(), await begin()];
    const { leases } = store.models;
    await leases.collection.insertOne({ _id: 'both', token: 1 } as never, { session: first });
    const error = await leases.collection
      .insertOne({ _id: 'both', token: 2 } as never, { session: second })
      .catch(caught => caught);
    expect(error.codeName).to.equal('WriteConflict');
    expect(isConflict(error)).to.equal(true);
    await first.commitTransaction();
    await Promise.all([first.endSession(), second.endSession()]);
  });

  it('two that move one checkpoint conflict', async () => {
    await store.models.checkpoints.create({ _id: 'edge:x', account: 'edge', stream: 'x' });
    const [first, second] = [await begin(), await begin()];
    const move = (session: typeof first) =>
      store.models.checkpoints.collection.updateOne(
        { _id: 'edge:x' as never, seq: 0 },
        { $inc: { seq: 1 } },
        { session },
      );
    await move(first);
    expect((await move(second).catch(caught => caught)).codeName).to.equal('WriteConflict');
    await first.commitTransaction();
    await Promise.all([first.endSession(), second.endSession()]);
    expect((await store.models.checkpoints.findById('edge:x').lean())?.seq).to.equal(1);
  });

  it('a transaction that lost a race for an _id runs again from its read', async () => {
    let runs = 0;
    const upsert = () =>
      inTransaction(store.models.connection, async session => {
        runs += 1;
        const there = await store.models.leases.collection.findOne({ _id: 'raced' as never }, { session });
        if (!there) await store.models.leases.collection.insertOne({ _id: 'raced', token: 0 } as never, { session });
        else
          await store.models.leases.collection.updateOne(
            { _id: 'raced' as never },
            { $inc: { token: 1 } },
            { session },
          );
      });
    await Promise.all(Array.from({ length: 5 }, upsert));
    expect((await store.models.leases.findById('raced').lean())?.token).to.equal(4);
    expect(runs).to.be.greaterThan(5);
  });

  it("gives up on an error that running again can't help, and on conflicts after its tries", async () => {
    const wrong = inTransaction(store.models.connection, async () => {
      throw new RangeError('no');
    });
    expect(await wrong.catch(error => error)).to.be.instanceOf(RangeError);
    let runs = 0;
    const always = inTransaction(
      store.models.connection,
      async () => {
        runs += 1;
        throw Object.assign(new Error('again'), { code: 112 });
      },
      { tries: 3 },
    );
    expect((await always.catch(error => error)).message).to.equal('again');
    expect(runs).to.equal(3);
  });

  it("one provisional contact, however many hubs take in a stranger's mail at once", async () => {
    const hubs = Array.from({ length: 6 }, (_, index) => ({ hub: makeHub(store), account: `strangers-${index}` }));
    await Promise.all(
      hubs.map(({ hub, account }, index) =>
        hub.take(
          [0, 1, 2].map(n => batchOf([mailItem(1000 + index * 10 + n, { from: `Stranger+tag${n}@Else.example` })])),
          { account },
        ),
      ),
    );
    expect(await store.models.identifiers.countDocuments({ _id: 'email:stranger@else.example' })).to.equal(1);
    const contacts = await store.models.contacts.find({ search: 'else.example' }).lean();
    expect(contacts).to.have.length(1);
    expect(await store.models.timeline.countDocuments({ contact: contacts[0]?._id ?? '' })).to.equal(18);
  });

  it('the same mails through two hubs at once are each there once', async () => {
    const items = Array.from({ length: 60 }, (_, n) => mailItem(2000 + n, { from: `p${n % 7}@both.example` }));
    const batches = () => [0, 20, 40].map(at => batchOf(items.slice(at, at + 20)));
    await Promise.all(['a', 'b'].map(account => makeHub(store).take(batches(), { account: `both-${account}` })));
    const stored = await store.models.interactions.find({ sourceKey: /^key-20/ }).lean();
    expect(stored).to.have.length(60);
    expect(stored.every(({ accounts }) => accounts.length === 2)).to.equal(true);
    expect(await store.models.sightings.countDocuments({ account: /^both-/ })).to.equal(120);
    expect(await store.models.contacts.countDocuments({ search: 'both.example' })).to.equal(7);
  });

  it('a merge that leads to nobody holds nothing up: the last that there is has it', async () => {
    const { take } = makeHub(store);
    await take([batchOf([mailItem(2100, { from: 'gone@edge.example' })])], { account: 'merged' });
    await store.models.contacts.updateOne({ search: 'gone@edge.example' }, { $set: { mergedInto: 'nobody' } });
    await take([batchOf([mailItem(2101, { from: 'gone@edge.example' })])], { account: 'merged' });
    const whose = await store.models.contacts.find({ search: 'gone@edge.example' }).lean();
    expect(whose).to.have.length(1);
    expect(await store.models.timeline.countDocuments({ contact: whose[0]?._id })).to.equal(2);
  });

  it('one holder of a lease loses the race for the checkpoint and stops', async () => {
    const hub = makeHub(store);
    const [a, b] = [1, 1].map(token => makeCheckpoints(store.models, 'fence', token, () => undefined));
    const pull = (checkpoints: typeof a, n: number) =>
      hub.pump(
        { account: accountOf('fence'), connector: mailConnector },
        (async function* () {
          yield batchOf([mailItem(n)]);
        })(),
        checkpoints as NonNullable<typeof a>,
        new AbortController(),
      );
    await Promise.all([a?.get('INBOX'), b?.get('INBOX')]);
    const ended = await Promise.allSettled([pull(a, 3001), pull(b, 3002)]);
    expect(ended.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected']);
    expect(await store.models.sightings.countDocuments({ account: 'fence' })).to.equal(1);
  });
});
