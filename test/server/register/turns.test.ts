import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { makeTurns } from '../../../server/register/turns.ts';
import { failure } from './failure.ts';

class TooLong extends Error {}

describe('register: turns', () => {
  it('are taken one at a time, in the order they came; a fault is its own only', async () => {
    const inTurn = makeTurns();
    const seen: string[] = [];
    const one = (name: string) => async () => {
      seen.push(`${name} begins`);
      await sleep(5);
      seen.push(`${name} ends`);
      if (name === 'b') throw new RangeError(name);
      return name;
    };
    const [a, b, c] = ['a', 'b', 'c'].map(name => inTurn(one(name), new TooLong()));
    expect(await a).to.equal('a');
    expect(await failure(b as Promise<unknown>, RangeError)).to.include({ message: 'b' });
    expect(await c).to.equal('c');
    expect(seen).to.eql(['a', 'b', 'c'].flatMap(name => [`${name} begins`, `${name} ends`]));
  });

  it('are given up by whoever waits too long', async () => {
    const inTurn = makeTurns(100);
    const slow = inTurn(() => sleep(130, 'done'), new TooLong());
    await failure(
      inTurn(async () => expect.fail('it was begun'), new TooLong()),
      TooLong,
    );
    expect(await slow).to.equal('done');
    expect(await inTurn(async () => 'next', new TooLong())).to.equal('next');
  });
});
