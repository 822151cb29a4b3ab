import { expect } from 'chai';
import { readMapiProps } from '../../../../connectors/email/parse/tnef-mapi.ts';

const words = (...values: number[]): Buffer => {
  const out = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) out.writeUInt32LE(value >>> 0, i * 4);
  return out;
};

/** Reads properties; fails when that takes long. */
const read = (data: Buffer) => {
  const began = performance.now();
  const props = readMapiProps(data);
  expect(performance.now() - began).to.be.below(200);
  return props;
};

const MANY = 0xffffffff;
const first = words((0x1000 << 16) | 0x1e, 1, 4, 0x00696548);

describe('winmail.dat: properties that claim more than there is', () => {
  const claims: [string, Buffer][] = [
    ['values of no length', words((0x0017 << 16) | 0x1001, MANY, 0)],
    ['values of fixed length', words((0x0017 << 16) | 0x1003, MANY, 1, 2)],
    ['texts', words((0x0017 << 16) | 0x101e, MANY, 0, 0)],
    ['properties', Buffer.alloc(0)],
  ];
  for (const [what, claim] of claims)
    it(`${what}: what comes before stands, at once`, () => {
      const data = Buffer.concat([words(MANY), first, claim]);
      expect(read(data).get(0x1000)?.data.toString()).to.equal('Hei\0');
    });

  it('steps over values of fixed length, padded to four bytes', () => {
    const skipped = words((0x0017 << 16) | 0x1002, 3, 1, 2, 3);
    const data = Buffer.concat([words(2), skipped, first]);
    expect(read(data).get(0x1000)?.data.toString()).to.equal('Hei\0');
  });
});
