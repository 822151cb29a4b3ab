import { Readable } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import { makePacker, packBase64 } from '../../../server/store/base64-runs.ts';
import { unpack } from '../../../server/store/unpack.ts';

const lines = (bytes: Buffer, chars: number, eol: string): string =>
  bytes
    .toString('base64')
    .replace(new RegExp(`.{1,${chars}}`, 'g'), line => line + eol)
    .toString();

/** Text, base64 in lines, base64 with something wrong in it, and lines that only look like it. */
const stretch = fc.oneof(
  fc.string({ maxLength: 300 }),
  fc
    .tuple(fc.uint8Array({ maxLength: 3000 }), fc.constantFrom(32, 60, 64, 76, 77, 400), fc.constantFrom('\r\n', '\n'))
    .map(([bytes, chars, eol]) => lines(Buffer.from(bytes), chars, eol)),
  fc
    .tuple(
      fc.uint8Array({ minLength: 1000, maxLength: 3000 }),
      fc.nat(1300),
      fc.constantFrom('-', '=', ' ', '\r', '\n', 'é'),
    )
    .map(([bytes, at, wrong]) => {
      const text = lines(Buffer.from(bytes), 76, '\r\n');
      return text.slice(0, at) + wrong + text.slice(at + 1);
    }),
  fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom('-'.repeat(76), 'A'.repeat(75), 'x'.repeat(64)))
    .map(([count, line]) => `${line}\r\n`.repeat(count)),
);
const original = fc.array(stretch, { maxLength: 8 }).map(all => Buffer.from(all.join(''), 'latin1'));

/** What a store does: gives a range of what is kept, in pieces of any size. */
const reader = (data: Buffer, size: number) =>
  async function* ({ start, end }: { start: number; end: number }) {
    for (let at = start; at < end; at += size) yield data.subarray(at, Math.min(at + size, end));
  };

const read = async (
  data: Buffer,
  runs: Parameters<typeof unpack>[1],
  length: number,
  start = 0,
  end = length,
  size = 700,
) => Buffer.concat(await Readable.from(unpack(reader(data, size), runs, length, { start, end })).toArray());

describe('base64 that is kept decoded', () => {
  it('comes back byte for byte, in whole and in any part', () =>
    fc.assert(
      fc.asyncProperty(original, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 900 }), async (bytes, a, b, size) => {
        const { data, runs } = packBase64(bytes);
        expect((await read(data, runs, bytes.length, 0, bytes.length, size)).equals(bytes)).to.equal(true);
        const [start = 0, end = 0] = [a % (bytes.length + 1), b % (bytes.length + 1)].sort((x, y) => x - y);
        const part = await read(data, runs, bytes.length, start, end, size);
        expect(part.equals(bytes.subarray(start, end))).to.equal(true);
      }),
      { numRuns: 400 },
    ));

  it('comes back the same when it was packed in chunks', () =>
    fc.assert(
      fc.asyncProperty(
        original,
        fc.integer({ min: 1, max: 4000 }),
        fc.integer({ min: 200, max: 5000 }),
        async (bytes, cut, window) => {
          const packer = makePacker(window);
          const kept: Buffer[] = [];
          for (let at = 0; at < bytes.length; at += cut)
            kept.push(packer.write(bytes.subarray(at, at + cut)) ?? Buffer.alloc(0));
          kept.push(packer.end());
          expect((await read(Buffer.concat(kept), packer.runs, bytes.length)).equals(bytes)).to.equal(true);
        },
      ),
      { numRuns: 200 },
    ));

  it('takes three quarters of an attachment, as one run however it was cut', () => {
    const file = Buffer.from(Array.from({ length: 57 * 1000 }, (_, n) => (n * n) % 251));
    const mail = Buffer.from(`Subject: a file\r\n\r\n${lines(file, 76, '\r\n')}\r\n--end--\r\n`);
    const { data, runs } = packBase64(mail);
    expect(runs).to.deep.equal([{ at: 19, lines: 1000, chars: 76, eol: 2 }]);
    expect(data.length).to.equal(mail.length - 1000 * (78 - 57));
    const packer = makePacker(4000);
    for (let at = 0; at < mail.length; at += 1000) packer.write(mail.subarray(at, at + 1000));
    packer.end();
    expect(packer.runs).to.deep.equal(runs);
  });

  it('leaves other bytes as they are, without a copy', () => {
    const bytes = Buffer.from(`${'Lorem ipsum dolor sit amet, consectetur adipisci elit.\n'.repeat(50)}`);
    const packed = packBase64(bytes);
    expect(packed.runs).to.deep.equal([]);
    expect(packed.data).to.equal(bytes);
  });

  it('says so when what is kept is shorter than it was', async () => {
    const bytes = Buffer.from(lines(Buffer.alloc(5700, 7), 76, '\n'));
    const { data, runs } = packBase64(bytes);
    const error = await read(data.subarray(0, 1000), runs, bytes.length).catch(caught => caught);
    expect(error)
      .to.be.an('error')
      .with.property('message')
      .that.matches(/shorter/);
  });
});
