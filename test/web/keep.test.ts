import { expect } from 'chai';
import { makeKeep } from '../../web/widget/keep.ts';

describe('what the widget keeps', () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'localStorage');
  afterEach(() => {
    if (before) Object.defineProperty(globalThis, 'localStorage', before);
    else Reflect.deleteProperty(globalThis, 'localStorage');
  });
  const unsent = { id: 'm1', text: 'Hei', parts: [], files: [], at: 1 };

  it('has a message that the browser has no room for, as long as the page lives', () => {
    const value = {
      getItem: () => null,
      setItem: () => {
        throw new Error('QuotaExceededError');
      },
      removeItem: () => undefined,
    };
    Object.defineProperty(globalThis, 'localStorage', { value, configurable: true });
    const keep = makeKeep('talteen/a/');
    keep.put(unsent);
    keep.save({ session: 's' });
    expect(keep.unsent()).to.deep.equal([unsent]);
    expect(keep.load()).to.deep.equal({ session: 's' });
    keep.drop('m1');
    expect(keep.unsent()).to.deep.equal([]);
  });
});
