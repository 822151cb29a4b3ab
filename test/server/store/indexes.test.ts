import { expect } from 'chai';
import type { Models } from '../../../models/index.ts';
import { interactionsPage } from '../../../server/read/interactions.ts';
import type { RegisterContext } from '../../../server/register/context.ts';
import { listHistory } from '../../../server/register/lists.ts';
import { migrate, migrations } from '../../../server/store/migrate.ts';
import { freshStore } from '../../support/capture.ts';
import { examined } from '../../support/profile.ts';

describe('store: indexes', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  let models: Models;
  before(async () => {
    store = await freshStore();
    models = store.models;
  });
  after(() => store.close());

  it('lose those that no query has, also where the start was killed in between', async () => {
    await models.interactions.collection.createIndex({ externalId: 1 }, { sparse: true });
    await models.history.collection.createIndex({ id: 1, at: -1 });
    await models.meta.updateOne({ _id: 'schema' }, { $set: { value: 2 } });
    expect(await migrate(models)).to.equal(migrations.at(-1)?.version);
    const names = async (of: 'interactions' | 'history') =>
      (await models[of].collection.indexes()).map(({ name }) => name);
    expect(await names('interactions')).not.to.include('externalId_1');
    expect(await names('history')).to.eql(['_id_', 'id_1_at_-1__id_-1']);
  });

  it('find interactions of a channel that has few, or none, without the others', async () => {
    const at = (minute: number) => new Date(Date.UTC(2026, 10, 1, 0, minute));
    const rows = Array.from({ length: 300 }, (_, n) => ({
      _id: `${n}`,
      channel: n === 7 ? 'fax' : 'email',
      accounts: ['a'],
      capturedAt: at(n),
    }));
    await models.interactions.collection.insertMany(rows as never[]);
    const read = (channel: string) =>
      examined(models, 'find', () => interactionsPage(models, { accounts: null, channel }, { limit: 50 }));
    expect(await read('none')).to.eql({ keys: 0, docs: 0 });
    expect(await read('fax')).to.eql({ keys: 1, docs: 1 });
  });

  it('sort a history', async () => {
    const at = new Date();
    const rows = Array.from({ length: 300 }, (_, n) => ({
      _id: `${n}`,
      id: n % 2 ? 'c' : 'absorbed',
      at,
      changes: [],
    }));
    await models.history.collection.insertMany(rows as never[]);
    const read = () => listHistory({ models } as RegisterContext, ['c', 'absorbed'], { limit: 50 });
    expect((await examined(models, 'find', read)).docs).to.equal(51);
  });
});
