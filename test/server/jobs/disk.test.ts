import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { makeDiskWatch } from '../../../server/jobs/disk.ts';

describe('the watch over the free disk', () => {
  it('says that it can not look, and lets nothing in after some of that', async () => {
    const told: object[] = [];
    const folder = { dataDir: join(tmpdir(), 'there-is-no-such-folder'), minFreeMb: 1 };
    const watch = makeDiskWatch(folder, { warn: data => told.push(data) }, 1);
    for (let n = 0; watch.hasRoom() && n < 1000; n++) await sleep(2);
    watch.stop();
    expect(watch.hasRoom()).to.equal(false);
    expect(told.slice(0, 3).map(one => ({ ...one }))).to.eql([
      { code: 'ENOENT', intake: true },
      { code: 'ENOENT', intake: true },
      { code: 'ENOENT', intake: false },
    ]);
  });
});
