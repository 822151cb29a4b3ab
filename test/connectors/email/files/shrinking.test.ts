import { truncate } from 'node:fs/promises';
import { expect } from 'chai';
import { openFile, spoolRange } from '../../../../connectors/email/files/bytes.ts';
import { piecesIn } from '../../../../connectors/email/files/index.ts';
import type { Place } from '../../../../connectors/email/files/pieces.ts';
import { type Bench, mail, makeBench, mbox } from './support.ts';

const MB = 2 ** 20;
const LINE = `${'Zm9vYmFy'.repeat(9)}\n`;
const mails = Array.from({ length: 40 }, (_, n) => mail(n, LINE.repeat(1400)));

describe('files that shrink while they are read', function () {
  this.timeout(10_000);
  let bench: Bench;
  let path: string;
  beforeEach(async () => {
    bench = await makeBench();
    path = await bench.write('a.mbox', mbox(mails));
  });
  afterEach(() => bench.remove());

  const refused = (work: Promise<unknown>) =>
    work.then(
      () => 'no error',
      error => error.code,
    );

  it('break an import off, which begins them again as they are now', async () => {
    let last: Place | null = null;
    let count = 0;
    const readOn = async (from: Place | null) => {
      for await (const { file, end, version } of piecesIn({ name: 'a.mbox', path }, bench.account, from)) {
        if (count++ === 0) await truncate(path, 2 * MB);
        last = { file, end, version };
      }
    };
    expect(await refused(readOn(null))).to.equal('CHANGED');
    expect(count).to.be.within(1, 20);
    count = 1;
    await readOn(last);
    // the last of them is cut, as the file is now
    expect(count - 1).to.equal(Math.ceil((2 * MB) / (mbox(mails).length / mails.length)));
  });

  it('give no mail that is shorter than what was found of it', async () => {
    const bytes = await openFile(path);
    await truncate(path, MB + 7);
    try {
      expect(await refused(bytes.read(MB, MB + 8))).to.equal('CHANGED');
      expect(await bytes.read(MB, MB + 7)).to.have.lengthOf(7);
      expect(await refused(bytes.from(3 * MB))).to.equal('CHANGED');
      expect(await refused(spoolRange(bytes, 0, 2 * MB, bench.spool))).to.equal('CHANGED');
      expect(await bench.left()).to.deep.equal([]);
    } finally {
      await bytes.close();
    }
  });
});
