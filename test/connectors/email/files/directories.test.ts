import { chmod, link, mkdir, rename, symlink, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Bench, mail, makeBench, mbox, takeAll } from './support.ts';

const folders = (items: readonly { sighting?: { folder: string } }[]) => items.map(({ sighting }) => sighting?.folder);
const subjects = (items: readonly { subject?: string }[]) => items.map(({ subject }) => subject);

/** Root may read everything. */
const asNobody = async <T>(work: () => Promise<T>): Promise<T> => {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
};

describe('directories', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await makeBench();
  });
  afterEach(() => bench.remove());

  const take = () => takeAll(bench, bench.dir, 'given');
  const other = (n: number | string) => mail(n).replace('anna@asiakas', 'somebody@else');

  it('reads a Maildir: cur and new, by base name, dated by the file', async () => {
    const path = await bench.write('cur/1700000002.M1P1.host,S=9:2,RS', mail(2));
    await bench.write('new/1700000001.M1P1.host', mail(1));
    await bench.write('tmp/1700000003.M1P1.host', mail(3));
    await bench.write('dovecot-uidlist', '3 V1 N4\n');
    await bench.write('cur/.hidden', mail(4));
    await utimes(path, new Date('2026-11-20T08:00:00Z'), new Date('2026-11-20T08:00:00Z'));
    const { items, failed } = await take();
    expect(folders(items)).to.deep.equal(['INBOX/1700000001.M1P1.host', 'INBOX/1700000002.M1P1.host,S=9']);
    expect(items[1]?.occurredAt.toISOString()).to.equal('2026-11-20T08:00:00.000Z');
    expect(failed).to.deep.equal([]);
  });

  it('knows side files by the names that servers give them, and no mail by a name like theirs', async () => {
    const named = ['shared-inbox.mbox', 'courier.mbox', 'dovecot.mbox', 'dovecot-list.mbox', 'lista.index.mbox'];
    for (const name of named) await bench.write(name, mbox([mail(name)]));
    await bench.write('shared-archive.eml', mail('archive'));
    await bench.write('shared-old', mbox([mail('old')]));
    await bench.write('courierlista', mbox([mail('list')]));
    await bench.write('Inbox.msf', '// mork');
    await bench.write('md/cur/1.a', mail('md'));
    for (const name of ['dovecot-uidlist', 'dovecot.index.cache', 'courierimapuiddb', 'maildirsize', 'shared-maildirs'])
      await bench.write(`md/${name}`, '3 V1\n');
    const { items, failed } = await take();
    expect(items).to.have.lengthOf(named.length + 4);
    expect(failed).to.deep.equal([]);
  });

  it('reads folders of Maildir++, in modified UTF-7, and of a tree', async () => {
    await bench.write('cur/1.a', mail(1));
    await bench.write('.Sent/cur/2.a:2,S', other(2));
    await bench.write('.Archive.2024/new/3.a', mail(3));
    await bench.write('.L&AOQ-hetetyt/cur/4.a:2,S', other(4));
    await bench.write('Projekti/Uusi/cur/5.a', mail(5));
    await bench.write('.R&D/cur/6.a', mail(6));
    const { items } = await take();
    expect(folders(items)).to.have.members([
      'INBOX/1.a',
      'Sent/2.a',
      'Archive/2024/3.a',
      'Lähetetyt/4.a',
      'Projekti/Uusi/5.a',
      'R&D/6.a',
    ]);
    const sent = items.filter(({ direction }) => direction === 'outbound');
    expect(subjects(sent)).to.have.members(['mail 2', 'mail 4']);
  });

  describe('what a pull leaves out', () => {
    const within = async (path: string) => folders((await takeAll(bench, join(bench.dir, path), 'given')).items);

    it('leaves out Trash, Junk and Drafts of a Maildir, by their usual names and with what lies in them', async () => {
      await bench.write('cur/1.a', mail(1));
      for (const folder of ['.Trash', '.Trash.Old', '.Roskaposti', '.INBOX.Drafts', '.Archive.Bin', '.Draft ideas'])
        await bench.write(`${folder}/cur/${folder.slice(1)}.a`, mail(folder));
      expect(await within('.')).to.deep.equal(['INBOX/1.a', 'Archive/Bin/Archive.Bin.a', 'Draft ideas/Draft ideas.a']);
    });

    it('leaves one a role out, the name that fits best', async () => {
      for (const folder of ['.Deleted Items', '.Bin', '.Trash mails'])
        await bench.write(`${folder}/cur/${folder.slice(1)}.a`, mail(folder));
      await mkdir(join(bench.dir, 'cur'));
      expect(await within('.')).to.deep.equal(['Deleted Items/Deleted Items.a', 'Trash mails/Trash mails.a']);
    });

    it('does so with Maildirs side by side and in trees, and leaves folders that are no Maildir', async () => {
      await bench.write('a/INBOX/cur/1.a', mail(1));
      await bench.write('a/Trash/cur/2.a', mail(2));
      await bench.write('a/Luonnokset/new/3.a', mail(3));
      await bench.write('b/cur/4.a', mail(4));
      await bench.write('b/Junk/cur/5.a', mail(5));
      await bench.write('b/Junk/Old/cur/6.a', mail(6));
      await bench.write('spam/7.eml', mail(7));
      expect(await within('.')).to.deep.equal(['a/INBOX/1.a', 'b/4.a', 'spam/7.eml']);
    });

    it('takes all of one that is handed in itself', async () => {
      await bench.write('.Trash/cur/1.a', mail(1));
      await bench.write('.Trash/Junk/cur/2.a', mail(2));
      expect(await within('.Trash')).to.deep.equal(['INBOX/1.a', 'Junk/2.a']);
    });
  });

  it('takes whatever is in a Maildir as mail, and what is empty as an empty mail', async () => {
    await bench.write('cur/1.a', '');
    await bench.write('cur/2.a', 'no header at all');
    await bench.write(
      'cur/3.a',
      `From anna@x.example Mon Nov 23 10:00:00 2026\n${mail(3)}\nFrom b@x.example Mon Nov 23 10:00:00 2026\n${mail(4)}`,
    );
    expect((await take()).items).to.have.lengthOf(3);
  });

  it('gives the same positions when flags change and mail moves from new to cur', async () => {
    for (const n of [1, 2, 3]) await bench.write(`new/${n}.a`, mail(n));
    await mkdir(join(bench.dir, 'cur'));
    const before = await take();
    await rename(join(bench.dir, 'new/2.a'), join(bench.dir, 'cur/2.a:2,S'));
    const after = await take();
    expect(after.positions).to.deep.equal(before.positions);
    expect(folders(after.items)).to.deep.equal(folders(before.items));
  });

  it('follows a file that moves while it is read, and passes over one that is deleted', async () => {
    for (let n = 0; n < 420; n++) await bench.write(`new/${1000 + n}.a`, mail(n));
    await mkdir(join(bench.dir, 'cur'));
    const seen: (string | undefined)[] = [];
    let first = true;
    for await (const { items } of bench.batches(bench.dir)) {
      seen.push(...subjects(items));
      if (first) {
        await rename(join(bench.dir, 'new/1418.a'), join(bench.dir, 'cur/1418.a:2,S'));
        await unlink(join(bench.dir, 'new/1419.a'));
      }
      first = false;
    }
    expect(seen).to.have.lengthOf(419);
    expect(seen.at(-1)).to.equal('mail 418');
  });

  it('reads a folder of .eml and mbox files, recursively and sorted', async () => {
    await bench.write('b/posti.mbox', mbox([mail(2), mail(3)]));
    await bench.write('a.eml', mail(1));
    await bench.write('b/Sent/4.eml', other(4));
    await bench.write('c/INBOX.msf', '// <!-- <mdb:mork:z v="1.4"/> -->');
    await bench.write('c/.DS_Store', '\0\0\0');
    await bench.write('c/Drafts', '');
    await bench.write('d/kuva.png', '\x89PNG\r\n');
    await bench.write('e/Sent Messages.mbox/mbox', mbox([other(5)]));
    const { items, failed, positions } = await take();
    expect(folders(items)).to.deep.equal([
      'a.eml',
      'b/Sent/4.eml',
      'b/posti.mbox',
      'b/posti.mbox',
      'e/Sent Messages.mbox/mbox',
    ]);
    expect(items.map(({ direction }) => direction)).to.deep.equal([
      'inbound',
      'outbound',
      'inbound',
      'inbound',
      'outbound',
    ]);
    expect(failed.map(({ locator }) => locator.split(' ')[0])).to.deep.equal(['d/kuva.png']);
    expect((await take()).positions).to.deep.equal(positions);
  });

  it('follows no link, and says so of one that leads out', async () => {
    await bench.write('in/a.eml', mail(1));
    await symlink(join(bench.dir, 'in/a.eml'), join(bench.dir, 'b.eml'));
    await symlink(bench.dir, join(bench.dir, 'loop'));
    await symlink('/etc', join(bench.dir, 'out'));
    const { items, failed } = await take();
    expect(folders(items)).to.deep.equal(['in/a.eml']);
    expect(failed.map(({ locator }) => locator)).to.deep.equal(['out']);
    expect(failed[0]?.reason).to.match(/link/);
  });

  it('says what it may not read', async () => {
    await bench.write('b.eml', mail(2));
    const [file, folder] = [await bench.write('a.eml', mail(1)), join(bench.dir, 'c')];
    await mkdir(folder);
    for (const path of [file, folder]) await chmod(path, 0);
    for (const path of [join(bench.dir, '..'), bench.spool]) await chmod(path, 0o777);
    const { items, failed } = await asNobody(take);
    expect(subjects(items)).to.deep.equal(['mail 2']);
    expect(failed.map(({ locator }) => locator)).to.deep.equal(['a.eml', 'c']);
    for (const { reason } of failed) expect(reason).to.match(/can't be read \(EACCES\)/);
  });

  it('keeps copies apart by their sightings and together by their keys', async () => {
    const path = await bench.write('a.eml', mail(1));
    await link(path, join(bench.dir, 'b.eml'));
    await bench.write('c.mbox', mbox([mail(1), mail(1)]));
    const { items } = await take();
    expect(new Set(items.map(({ sourceKey }) => sourceKey)).size).to.equal(1);
    expect(new Set(items.map(({ sighting }) => JSON.stringify(sighting))).size).to.equal(4);
  });

  it('reads nothing out of an empty directory', async () => {
    const { items, failed } = await take();
    expect([items, failed]).to.deep.equal([[], []]);
  });
});
