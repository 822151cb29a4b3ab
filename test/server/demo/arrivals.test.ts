import { expect } from 'chai';
import { liveMails } from '../../../samples/index.ts';
import { type Arrival, arrivalsAfter } from '../../../server/demo/arrivals.ts';

const now = new Date('2026-03-02T10:00:00Z');
const make = (clock: () => Date) => liveMails({ seed: 2, count: 40, now, meanBytes: 8000, clock });

const take = (arrivals: Iterator<Arrival, never>, count: number): Arrival[] =>
  Array.from({ length: count }, () => arrivals.next().value);

const textOf = ({ bytes }: Arrival): string => Buffer.from(bytes).toString('latin1');

describe('the mails of the living day', () => {
  it('are dated as of now and told apart by name', () => {
    const before = Date.now();
    const [first, second] = take(arrivalsAfter([], make), 2) as [Arrival, Arrival];
    expect(first.at.getTime()).to.be.within(before, Date.now());
    expect(first.again).to.equal(false);
    expect(first.name).to.match(/^(INBOX|Sent)-1\.eml$/);
    expect(second.name).to.match(/^(INBOX|Sent)-2\.eml$/);
    expect(textOf(first)).to.not.equal(textOf(second));
  });

  it('go on after those that were sent, beginning with the last of them, byte for byte', () => {
    const sent = take(arrivalsAfter([], make), 5);
    const resumed = take(
      arrivalsAfter(
        sent.map(({ at }) => at),
        make,
      ),
      3,
    );
    expect(resumed.map(({ again }) => again)).to.deep.equal([true, false, false]);
    expect(textOf(resumed[0] as Arrival)).to.equal(textOf(sent[4] as Arrival));
    expect(resumed.map(({ name }) => Number(/\d+/.exec(name)?.[0]))).to.deep.equal([5, 6, 7]);
    for (const fresh of resumed.slice(1)) expect(sent.map(textOf)).to.not.include(textOf(fresh));
  });
});
