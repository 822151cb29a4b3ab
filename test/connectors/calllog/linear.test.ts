import { expect } from 'chai';
import { asterisk } from '../../../connectors/calllog/dialects/asterisk.ts';
import { readColumns } from '../../../connectors/calllog/dialects/columns.ts';
import type { Reading } from '../../../connectors/calllog/dialects/types.ts';
import { makeNumbers } from '../../../connectors/calllog/parties.ts';
import { makeClock, parseTime } from '../../../connectors/calllog/time.ts';
import { expectLinear } from '../../support/linear.ts';

const reading = { clock: makeClock('Europe/Helsinki'), order: 'dmy', config: {} } as unknown as Reading;
const START = '2026-11-20 10:00:00';
const byAsterisk = (clid: string) =>
  asterisk.open()(
    ['', '', '100', '', clid, 'a', 'b', 'Dial', '', START, '', '', '9', '5', 'ANSWERED', 'DOCUMENTATION'],
    reading,
  );
const byColumns = (from: string) => {
  const read = readColumns();
  read(['start', 'from', 'to'], reading);
  return read([START, from, '100'], reading);
};

describe('calllog: what callers and switches write', () => {
  it('is taken apart into name and number', () => {
    const of = (clid: string) => {
      const { fromName, from } = byAsterisk(clid) ?? {};
      return [fromName, from?.[0]];
    };
    expect(of('"Päivi Mäkelä" <0401234567>')).to.eql(['Päivi Mäkelä', '0401234567']);
    expect(of(' "Rauta "A" <oy>" <0401234567> ')).to.eql(['Rauta "A" <oy>', '0401234567']);
    expect(of('<0401234567>')).to.eql([undefined, '0401234567']);
    expect(of('"" <>')).to.eql([undefined, '']);
    expect(of('0401234567')).to.eql([undefined, '']);
    const side = (text: string) => {
      const { fromName, from } = byColumns(text) ?? {};
      return [fromName, from?.[0]];
    };
    expect(side('Päivi (koti) (+358 40-123)')).to.eql(['Päivi (koti)', '+358 40-123']);
    expect(side('Päivi <0401234567>')).to.eql(['Päivi', '0401234567']);
    expect(side('(0401234567)')).to.eql([undefined, '0401234567']);
    expect(side('Päivi (koti)')).to.eql([undefined, 'Päivi (koti)']);
  });

  it('takes a time in proportion to its length', () => {
    const number = makeNumbers({ country: 'FI', own: [] });
    const time = (text: string) => expect(() => parseTime(text)).to.throw('too long');
    expectLinear(size => `2026-11-20${' '.repeat(size)}x`, time);
    expectLinear(size => `20.11.2026${' '.repeat(size)}x`, time);
    expectLinear(size => `${'@'.repeat(size)}\nx`, number.isOwn);
    expectLinear(size => `a${' '.repeat(size)}<`, byAsterisk, 1000);
    expectLinear(size => `${' "'.repeat(size / 2)}<<`, byAsterisk, 1000);
    expectLinear(size => `a${' '.repeat(size)}(`, byColumns);
    expectLinear(size => `a(1${' '.repeat(size)}(`, byColumns);
    expectLinear(size => '(1'.repeat(size / 2), byColumns);
  });
});
