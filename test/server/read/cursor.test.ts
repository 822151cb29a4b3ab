import { expect } from 'chai';
import type { HistoryDoc } from '../../../models/history.ts';
import { type Cursor, cutPage, olderThan } from '../../../server/read/cursor.ts';
import { native } from '../../../server/store/native.ts';
import { freshStore } from '../../support/capture.ts';

describe('read: a list that is newest first', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  before(async () => {
    store = await freshStore();
    const docs = ids.map((_id, index): HistoryDoc => {
      const at = new Date(Date.UTC(2026, 10, 1, index < 5 ? 8 : 9)); // five of one moment
      return { _id, at, of: 'contact', id: 'somebody', who: 'test', source: 'test', changes: [] };
    });
    await native(store.models.history).insertMany(docs);
  });
  after(() => store.close());

  const LIMIT = 2;
  const sort = { at: -1, _id: -1 } as const;
  const ways: Record<string, (filter: object) => Promise<HistoryDoc[]>> = {
    'the driver': filter =>
      native(store.models.history)
        .find(filter, { sort, limit: LIMIT + 1 })
        .toArray(),
    'the models': filter =>
      store.models.history
        .find(filter)
        .sort(sort)
        .limit(LIMIT + 1)
        .lean<HistoryDoc[]>(),
  };

  for (const [name, find] of Object.entries(ways)) {
    it(`is paged through once, whatever happened at one moment, by ${name}`, async () => {
      const seen: string[] = [];
      let pages = 0;
      let before: Cursor | undefined;
      do {
        const { shown, next } = cutPage(await find(olderThan('at', before)), LIMIT, ({ at, _id: id }) => ({ at, id }));
        seen.push(...shown.map(({ _id }) => _id));
        before = next ?? undefined;
        pages += 1;
      } while (before && pages < 10);
      expect(seen).to.deep.equal([...ids].reverse());
      expect(pages).to.equal(4);
    });
  }
});
