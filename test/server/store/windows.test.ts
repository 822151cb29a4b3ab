import { expect } from 'chai';
import fc from 'fast-check';
import { readInWindows, windowsOf } from '../../../server/store/windows.ts';

const CHUNK = 255 * 1024;
const place = fc.integer({ min: 0, max: 2 ** 32 });

describe('windows of a large file', () => {
  it('make up the range, and break it between chunks only', () => {
    fc.assert(
      fc.property(place, fc.integer({ min: 0, max: 40_000_000 }), (start, length) => {
        const windows = [...windowsOf({ start, end: start + length })];
        let at = start;
        for (const window of windows) {
          expect(window.start).to.equal(at);
          expect(window.end).to.be.above(window.start);
          at = window.end;
        }
        expect(at).to.equal(start + length);
        for (const { end } of windows.slice(0, -1)) expect(end % CHUNK).to.equal(0);
      }),
    );
  });

  it('begin with one chunk, so that a seek waits for no more', () => {
    const [first] = windowsOf({ start: 100_000_000, end: 500_000_000 });
    expect((first?.end ?? 0) - (first?.start ?? 0)).to.be.within(1, CHUNK);
  });

  it('are opened one after the other, and none behind the place where the reader leaves', async () => {
    const opened: number[] = [];
    const open = async function* ({ start }: { start: number }) {
      opened.push(start);
      yield Buffer.from('x');
    };
    for await (const _ of readInWindows(open, { start: 0, end: 100 * CHUNK })) if (opened.length === 2) break;
    expect(opened).to.deep.equal([0, CHUNK]);
  });
});
