import { expect } from 'chai';
import type { Contact } from '../../server/http/dto/contacts.ts';
import { placed } from '../../web/contacts/useContactArrivals.ts';

const contact = (id: string, at: string): Contact => ({
  id,
  name: { first: id, last: null },
  organisation: null,
  identifiers: [],
  provisional: false,
  relationship: { startedAt: null, endedAt: null } as Contact['relationship'],
  externalId: null,
  lastEntry: { at, channel: 'email', direction: 'inbound', text: '' },
  createdAt: at,
  updatedAt: at,
});
const list = (next: string | null) => ({
  pages: [{ items: [contact('c', '2026-03-01'), contact('b', '2026-02-01')], next }],
  pageParams: [undefined],
});
const ids = ({ pages }: ReturnType<typeof placed>) => pages.flatMap(({ items }) => items.map(({ id }) => id));

describe('the list of contacts as entries arrive', () => {
  it('has one in its place by its newest activity, once', () => {
    expect(ids(placed(list('n'), contact('b', '2026-04-01')))).to.deep.equal(['b', 'c']);
    expect(ids(placed(list('n'), contact('new', '2026-02-15')))).to.deep.equal(['c', 'new', 'b']);
  });

  it('leaves out one below all that is loaded while there is a next page, which brings it', () => {
    expect(ids(placed(list('n'), contact('old', '2026-01-01')))).to.deep.equal(['c', 'b']);
    expect(ids(placed(list(null), contact('old', '2026-01-01')))).to.deep.equal(['c', 'b', 'old']);
  });
});
