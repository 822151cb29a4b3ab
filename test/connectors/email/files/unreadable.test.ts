import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Group, grouped } from '../../../../connectors/email/files/batches.ts';
import type { Place } from '../../../../connectors/email/files/pieces.ts';
import { readFound } from '../../../../connectors/email/files/read-file.ts';
import { type Bench, mail, makeBench, takeAll } from './support.ts';

describe('files that open and can not be read', function () {
  this.timeout(20_000);
  let bench: Bench;
  beforeEach(async () => {
    bench = await makeBench();
  });
  afterEach(() => bench.remove());

  /** A directory opens as a file does, and each read of it fails. */
  const read = async (name: string, isMaildir: boolean, from: Place | null = null) => {
    const path = join(bench.dir, name);
    await mkdir(path, { recursive: true });
    await bench.write(`${name}/so that it has a size`, 'x');
    const groups: Group[] = [];
    const found = { name, path, isMaildir, folderIsSent: false, among: true };
    for await (const group of grouped(readFound(found, bench.spool, from))) groups.push(group);
    return groups;
  };

  for (const [name, isMaildir] of [
    ['a.mbox', false],
    ['b.mbox.gz', false],
    ['INBOX/1.a', true],
  ] as const)
    it(`${name} goes to quarantine, once, and the import goes on`, async () => {
      const [group, ...others] = await read(name, isMaildir);
      expect(others).to.deep.equal([]);
      expect(group?.mails).to.deep.equal([]);
      expect(group?.failed).to.deep.equal([{ locator: name, reason: "This file can't be read (EISDIR)." }]);
      expect(await bench.left()).to.deep.equal([]);
      expect(await read(name, isMaildir, group?.place)).to.deep.equal([]);
    });

  it('links in a Maildir that lead out are told of', async () => {
    await bench.write('elsewhere', mail('out'));
    await bench.write('md/cur/1.a', mail(1));
    await mkdir(join(bench.dir, 'md/new'));
    await symlink(join(bench.dir, 'elsewhere'), join(bench.dir, 'md/cur/2.a:2,S'));
    await symlink(join(bench.dir, 'elsewhere'), join(bench.dir, 'md/new/0.a'));
    await symlink(join(bench.dir, 'md/cur/1.a'), join(bench.dir, 'md/new/3.a'));
    const { items, failed } = await takeAll(bench, join(bench.dir, 'md'), 'md');
    expect(items).to.have.lengthOf(1);
    expect(failed.map(({ locator }) => locator)).to.deep.equal(['INBOX/0.a', 'INBOX/2.a']);
    for (const { reason } of failed) expect(reason).to.match(/a link to something outside/);
  });
});
