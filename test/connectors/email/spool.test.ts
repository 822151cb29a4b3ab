import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { clearSpool, spoolFile } from '../../../connectors/email/spool.ts';

describe('email: spool files', () => {
  let spool: string;
  beforeEach(async () => {
    spool = await mkdtemp(join(tmpdir(), 'spool-'));
  });
  afterEach(() => rm(spool, { recursive: true, force: true }));

  it('are for our eyes only, and nothing is left of one that fails', async () => {
    const path = await spoolFile(spool, file => file.writeFile('mail'));
    expect(await readFile(path, 'utf8')).to.equal('mail');
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    const failed = spoolFile(spool, async file => {
      await file.writeFile('half a m');
      throw new Error('broken off');
    });
    expect(await failed.catch(error => error.message)).to.equal('broken off');
    expect(await readdir(spool)).to.deep.equal([basename(path)]);
  });

  it('of a process that is gone are removed, also when its pid is ours now', async () => {
    const ours = basename(await spoolFile(spool, file => file.writeFile('mail')));
    const alive = ours.replace(`-${process.pid}-`, `-${process.ppid}-`);
    const gone = ours.replace(`-${process.pid}-`, `-${2 ** 22 + 1}-`);
    const before = ours.replace(/-[0-9a-f]{8}-/, '-00000000-');
    for (const name of [alive, gone, before, 'another']) await writeFile(join(spool, name), '');
    await clearSpool(spool);
    expect(await readdir(spool)).to.have.members([ours, alive, 'another']);
  });
});
