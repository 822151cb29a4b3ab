import { expect } from 'chai';
import mongoose, { type mongo } from 'mongoose';
import { isMongoAway } from '../../../server/store/away.ts';
import { makeGroupInsert, makeInsertNew } from '../../../server/store/group-insert.ts';
import { freshStore } from '../../support/capture.ts';

interface Row {
  _id: string;
  data: unknown;
}

describe('inserts that many share', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  let collection: mongo.Collection<Row>;
  before(async () => {
    store = await freshStore();
    collection = store.models.connection.collection('rows') as unknown as mongo.Collection<Row>;
  });
  beforeEach(() => collection.deleteMany({}));
  after(() => store.close());

  const options = { writeConcern: { w: 'majority', j: true }, mostWaiting: 1000 } as const;
  const row = (n: number, data: unknown = n): Row => ({ _id: String(n), data });
  const bad = [{ _bsontype: 'x' }, { deep: [{ _bsontype: 1 }] }, { 'a\0b': 1 }];
  const there = async (): Promise<string[]> =>
    (await collection.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id);

  it('fail for whose document can’t be written, and for nobody else', async () => {
    const insert = makeGroupInsert(collection, options);
    const asked = [
      ...bad.map((data, n) => [row(n, data)]),
      ...[3, 4, 5, 6].map(n => [row(n)]),
      [row(7), row(8, bad[0])],
    ];
    const ended = await Promise.allSettled(asked.map(insert));
    expect(ended.map(({ status }) => status)).to.deep.equal([
      ...['rejected', 'rejected', 'rejected'],
      ...['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled', 'rejected'],
    ]);
    expect(await there()).to.deep.equal(['3', '4', '5', '6', '7']);
  });

  it('say which were there already, also beside one that can’t be written', async () => {
    const insert = makeInsertNew(collection, options);
    await insert([row(1)]);
    const [again, fresh] = [row(1), row(2)];
    expect([...(await insert([again, fresh]))]).to.deep.equal([again]);
    expect(await insert([row(3), row(4, bad[1]), row(1)]).catch(error => error)).to.be.instanceOf(Error);
    expect(await there()).to.deep.equal(['1', '2', '3']);
  });

  it('fail for all when it is no document’s fault', async () => {
    const insert = makeGroupInsert(collection, { ...options, writeConcern: { w: 99, wtimeoutMS: 100 } });
    const ended = await Promise.allSettled([[row(1)], [row(2)]].map(insert));
    expect(ended.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
  });

  it('fail where it is not sure that a majority has what was there already', async () => {
    await makeInsertNew(collection, options)([row(1)]);
    const unsure = makeInsertNew(collection, { writeConcern: { w: 99, wtimeoutMS: 100 } });
    for (const documents of [[row(1)], [row(1), row(2)]]) {
      const error = await unsure(documents).catch(error => error);
      expect(error).to.be.instanceOf(Error);
      expect(error.code).not.to.equal(11000);
    }
  });

  it('tell of a database that is away what it is, also when many are written at once', async () => {
    const client = new mongoose.mongo.MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 50 });
    const away = makeInsertNew(client.db('x').collection<Row>('rows') as never, options);
    expect(isMongoAway(await away([row(1), row(2)]).catch(error => error))).to.equal(true);
    await client.close();
  });
});
