import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { kindOf } from '../../../../connectors/email/files/kind.ts';
import { type Bench, FROM_LINE, mail, makeBench, mbox, takeAll } from './support.ts';

const PIECES = [
  FROM_LINE,
  '\n',
  '\r\n',
  '\r',
  '\n\n',
  'From ',
  '>From ',
  'Content-Length: 12\n',
  '\0',
  'Subject: x\n',
  '\x1f\x8b',
  ' ',
];

interface Cut {
  at: number;
  drop: number;
  put: string;
}

const mutated = (text: string, cuts: readonly Cut[]): string =>
  cuts.reduce((whole, { at, drop, put }) => {
    const place = Math.floor(at * whole.length);
    return whole.slice(0, place) + put + whole.slice(place + drop);
  }, text);

const anyCut = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  drop: fc.nat(40),
  put: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 20 })),
});
const cuts = fc.array(anyCut, { minLength: 1, maxLength: 8 });
const START = mbox([mail(1), mail(2, 'a\n\n>From b\n'), mail(3, '')]);

describe('files with faults', () => {
  let bench: Bench;
  before(async () => {
    bench = await makeBench();
  });
  after(() => bench.remove());

  const twice = async (name: string, bytes: string | Uint8Array) => {
    const path = await bench.write(name, bytes);
    const [once, again] = [await takeAll(bench, path), await takeAll(bench, path)];
    expect(again.positions).to.deep.equal(once.positions);
    expect(once.items.length + once.failed.length).to.be.above(0);
    return once;
  };

  for (const name of ['a.mbox', 'a.eml', 'a.emlx'])
    it(`never throws for ${name}, nor loses a byte of it`, () =>
      fc.assert(
        fc.asyncProperty(cuts, async list => {
          const text = mutated(START, list);
          const { seen } = await twice(name, text);
          const bytes = Buffer.from(text, 'latin1').toString('latin1');
          for (const { raw } of seen) expect(bytes).to.include(raw.toString('latin1'));
        }),
        { numRuns: 150 },
      ));

  it('never throws for gzip', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(255), async (at, value) => {
        const bytes = gzipSync(Buffer.from(START, 'latin1'));
        bytes[at % bytes.length] = value;
        await twice('a.gz', bytes.subarray(0, bytes.length - (at % 5)));
      }),
      { numRuns: 60 },
    ));

  it('tells every kind of file by any bytes and any name', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.string(), (bytes, name) => {
        expect(kindOf(name, bytes).as).to.be.a('string');
      }),
    );
  });
});
