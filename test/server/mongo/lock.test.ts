import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { withLock } from '../../../server/mongo/lock.ts';
import { argumentsOf, isAlive, startOf, thisProcess } from '../../../server/mongo/processes.ts';

describe('start lock', () => {
  let dir: string;
  let path: string;
  const held = (owner: object) => writeFile(path, JSON.stringify(owner));

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tlk-'));
    path = join(dir, 'start.lock');
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('lets one in at a time, also when the file of a dead owner is in the way of all', async () => {
    await held({ pid: 2 ** 22 + 1, start: 'long ago' });
    let inside = 0;
    let most = 0;
    let times = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await sleep(2);
      inside--;
      times++;
    };
    await Promise.all(Array.from({ length: 20 }, () => withLock(path, work)));
    expect({ most, times }).to.deep.equal({ most: 1, times: 20 });
    expect(await readdir(dir)).to.deep.equal([]);
  });

  it('takes over from one whose pid another process has by now', async () => {
    await held({ pid: process.pid, start: 'of another process' });
    expect(await withLock(path, async () => 'mine')).to.equal('mine');
  });

  it('takes over a file that says nothing', async () => {
    await writeFile(path, '');
    expect(await withLock(path, async () => 'mine')).to.equal('mine');
  });

  it('waits for a living owner, and gives up in words', async () => {
    await held(await thisProcess());
    const refused = await withLock(path, async () => 'mine', 100).catch(error => error.message);
    expect(refused).to.match(/start\.lock is held by another process that still runs/);
    expect(JSON.parse(await readFile(path, 'utf8')).pid).to.equal(process.pid);
  });

  it('is free again when the work failed', async () => {
    const failed = await withLock(path, () => Promise.reject(new Error('no'))).catch(error => error.message);
    expect(failed).to.equal('no');
    expect(await readdir(dir)).to.deep.equal([]);
  });
});

describe('processes', () => {
  it('tells a living process from a dead one and from another with its pid', async () => {
    const child = spawn('sleep', ['60']);
    const pid = child.pid as number;
    const start = (await startOf(pid)) as string;
    expect(await isAlive({ pid, start })).to.equal(true);
    expect(await isAlive({ pid, start: 'another' })).to.equal(false);
    expect(await argumentsOf(pid)).to.match(/^\S*sleep 60$/);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await isAlive({ pid, start })).to.equal(false);
  });
});
