import { expect } from 'chai';
import { insert, update } from '../../../server/store/insert.ts';
import { inTransaction, isConflict } from '../../../server/store/transaction.ts';
import { freshStore } from '../../support/capture.ts';

describe('store: inserts of a transaction', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  beforeEach(async () => {
    store = await freshStore();
  });
  afterEach(() => store.close());

  const collection = () => store.models.contents.collection;
  const put = (documents: object[]) =>
    inTransaction(store.models.connection, session => insert(collection(), documents, session), { tries: 1 });

  it('takes more at once than one command may have', async () => {
    const text = 'ä'.repeat(1024 * 1024);
    await put(Array.from({ length: 12 }, (_, n) => ({ _id: `large-${n}`, text, html: undefined })));
    const found = await store.models.contents.find().lean();
    expect(found.map(one => [one.text === text, 'html' in one])).to.deep.equal(Array(12).fill([true, false]));
  });

  it('of two alike keeps none, and says that it is a conflict', async () => {
    const error = await put([{ _id: 'a' }, { _id: 'b' }, { _id: 'a' }]).catch((cause: unknown) => cause);
    expect(isConflict(error)).to.equal(true);
    expect(await store.models.contents.countDocuments()).to.equal(0);
  });

  it('updates one document each', async () => {
    await put([{ _id: 'a' }, { _id: 'b' }]);
    const changes = ['a', 'b'].map(id => ({ q: { _id: id }, u: { $set: { text: id } } }));
    await inTransaction(store.models.connection, session => update(collection(), changes, session));
    expect((await store.models.contents.find().sort({ _id: 1 }).lean()).map(({ text }) => text)).to.deep.equal([
      'a',
      'b',
    ]);
  });
});
