import { expect } from 'chai';

/** What a promise fails with; it must fail, and with that kind of error. */
export const failure = async <T extends Error>(
  promise: Promise<unknown>,
  kind: new (...args: never[]) => T,
): Promise<T> => {
  try {
    await promise;
  } catch (error) {
    expect(error).to.be.instanceOf(kind);
    return error as T;
  }
  throw new Error('did not fail');
};
