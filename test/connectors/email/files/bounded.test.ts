import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Bench, FROM_LINE, mail, makeBench, takeAll } from './support.ts';

const MB = 2 ** 20;
const LINE = `${'Zm9vYmFy'.repeat(9)}\n`;

describe('large mboxes', () => {
  let bench: Bench;
  before(async () => {
    bench = await makeBench();
  });
  after(() => bench.remove());

  const write = async (name: string, size: number): Promise<{ path: string; count: number }> => {
    const path = join(bench.dir, name);
    const out = createWriteStream(path);
    let count = 0;
    for (let written = 0; written < size; count++) {
      const lines = count % 100 === 99 ? 10_000 : 200 + ((count * 7919) % 700);
      const text = `${FROM_LINE}${mail(`${name}-${count}`, LINE.repeat(lines))}\n`;
      written += text.length;
      if (!out.write(text)) await once(out, 'drain');
    }
    out.end();
    await once(out, 'close');
    return { path, count };
  };

  const growth = async (path: string): Promise<{ count: number; grown: number }> => {
    const before = process.memoryUsage.rss();
    let most = before;
    let count = 0;
    for await (const { items } of bench.batches(path)) {
      count += items.length;
      most = Math.max(most, process.memoryUsage.rss());
      for (const item of items) await item.dispose?.();
    }
    return { count, grown: (most - before) / MB };
  };

  it('takes 200 MB in bounded memory', async function () {
    this.timeout(60_000);
    const [half, big] = [await write('half', 100 * MB), await write('big', 200 * MB)];
    // heaps of three threads grow to their working size with the first batches, whatever the file's size
    await growth(half.path);
    const { count, grown } = await growth(big.path);
    expect(count).to.equal(big.count);
    expect(grown).to.be.below(80);
    expect(await bench.left()).to.deep.equal([]);
  });

  it('finds a From_ line wherever a piece of the file ends', async () => {
    for (let shift = 0; shift < 24; shift++) {
      const first = mail(1, `${'x'.repeat(76)}\n`);
      const fill = 2 ** 20 - shift - FROM_LINE.length - first.length - 1;
      const long = first + LINE.repeat(Math.floor(fill / LINE.length)) + 'y'.repeat(fill % LINE.length);
      const path = await bench.write('edge', `${FROM_LINE}${long}\n\n${FROM_LINE}${mail(2)}\n`);
      const { seen } = await takeAll(bench, path);
      expect(
        seen.map(({ raw }) => raw.length),
        `${shift}`,
      ).to.deep.equal([long.length + 1, Buffer.byteLength(mail(2), 'latin1')]);
    }
  });
});
