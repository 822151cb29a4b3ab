import { expect } from 'chai';
import { changesOf, type Edited } from '../../web/contacts/changes.ts';

const email = (value: string) => ({ type: 'email', value });
const before: Edited = {
  name: { first: 'Helmi', last: null },
  organisation: 'Tervasaari',
  relationship: { startedAt: '2024-02-01', endedAt: null },
  identifiers: [email('a@x.example'), email('b@x.example')],
};

describe('what the contact dialog sends', () => {
  it('is nothing when nothing was changed', () => {
    expect(changesOf(before, structuredClone(before))).to.deep.equal({});
  });

  it('is what was changed only, down to the name and the date', () => {
    const after: Edited = {
      ...before,
      name: { first: 'Helmi', last: 'Salo' },
      relationship: { startedAt: null, endedAt: null },
    };
    expect(changesOf(before, after)).to.deep.equal({ name: { last: 'Salo' }, relationship: { startedAt: null } });
    expect(changesOf(before, { ...before, organisation: null })).to.deep.equal({ organisation: null });
  });

  it('keeps an identifier that came meanwhile, and brings back none that was taken off', () => {
    const after = { ...before, identifiers: [email('a@x.example'), email('new@x.example')] };
    expect(changesOf(before, after)).to.deep.equal({ identifiers: after.identifiers });
    const now = { ...before, identifiers: [email('b@x.example'), email('came@x.example')] };
    expect(changesOf(before, after, now)).to.deep.equal({
      identifiers: [email('came@x.example'), email('new@x.example')],
    });
  });
});
