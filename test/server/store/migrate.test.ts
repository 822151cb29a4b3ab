import { expect } from 'chai';
import { migrate, migrations } from '../../../server/store/migrate.ts';
import { batchOf, freshStore, mailItem, makeHub } from '../../support/capture.ts';

describe('store: migrations', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  before(async () => {
    store = await freshStore();
  });
  after(() => store.close());

  it('find older contacts by an international domain as it is written', async () => {
    const { contacts, meta } = store.models;
    await makeHub(store).take([batchOf([mailItem(1, { from: 'a@mäkelä.example' })])]);
    const search = ['a', 'a@xn--mkel-load.example', 'older'];
    await contacts.updateMany({}, { $set: { search } });
    await meta.updateOne({ _id: 'schema' }, { $set: { value: 3 } });
    expect(await migrate(store.models)).to.equal(migrations.at(-1)?.version);
    const words = (await contacts.findOne().lean())?.search;
    expect(words).to.include.members([...search, 'a@mäkelä.example', 'mäkelä.example']);
    expect(words).to.have.length(new Set(words).size);
  });
});
