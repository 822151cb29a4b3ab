import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { makeCounter } from '../../../connectors/calllog/files/counter.ts';

const hashOf = (n: number): string => createHash('sha256').update(`${n}`).digest('hex');

describe('the counter of lines', () => {
  it('knows how often each of very many came, however often its tables grow', () => {
    const counter = makeCounter();
    const hashes = Array.from({ length: 60_000 }, (_, n) => hashOf(n));
    for (const hash of hashes) expect(counter.next(hash)).to.equal(1);
    for (const hash of hashes.slice(0, 1000)) expect(counter.next(hash)).to.equal(2);
    counter.put(hashes[7] as string, 9);
    expect(hashes.map(counter.of)).to.eql(hashes.map((_, n) => (n === 7 ? 9 : n < 1000 ? 2 : 1)));
    expect(counter.of(hashOf(-1))).to.equal(0);
  });
});
