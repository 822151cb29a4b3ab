import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeDataId } from '../../server/data-id.ts';

describe('the id of a data folder', () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'talteen-id-'));
  });
  after(() => rm(root, { recursive: true, force: true }));

  it('is one for all who have the folder, also when they ask for it first at the same moment', async () => {
    const folder = join(root, 'data');
    const ids = await Promise.all(Array.from({ length: 20 }, () => makeDataId(folder)()));
    expect(new Set(ids).size).to.equal(1);
    expect(ids[0]).to.match(/^[\da-f-]{36}$/);
    expect(await makeDataId(folder)()).to.equal(ids[0]);
    expect(await readdir(folder)).to.eql(['id']);
  });

  it('is another for another folder', async () => {
    expect(await makeDataId(join(root, 'a'))()).to.not.equal(await makeDataId(join(root, 'b'))());
  });
});
