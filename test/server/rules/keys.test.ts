import { expect } from 'chai';
import { entryId, entryIdsOf, itemOfEntryId } from '../../../server/rules/keys.ts';

describe("rules: ids of a timeline's entries", () => {
  const item = 'a_-Z9';

  it('are found by what they are of, whoever they are with, and no others', () => {
    const { $gte, $lt } = entryIdsOf(item);
    const isIn = (id: string) => id >= $gte && id < $lt;
    for (const contact of [null, '0', 'contact', 'zz~'])
      expect(isIn(entryId(item, contact)), `${contact}`).to.equal(true);
    for (const other of ['a_-Z', 'a_-Z90', 'a_-Z9-', 'a_-Z:'])
      expect(isIn(entryId(other, null)), other).to.equal(false);
  });

  it('name what they are of', () => {
    for (const contact of [null, 'contact']) expect(itemOfEntryId(entryId(item, contact))).to.equal(item);
  });
});
