import { readdir } from 'node:fs/promises';
import { expect } from 'chai';
import { type Dovecot, startDovecot } from '../../../support/dovecot.ts';
import { needs } from '../../../support/needs.ts';
import { hashOf, mailOf, type Running, readHashes, startPull } from './consumer.ts';

describe('email: pull from Dovecot', function () {
  this.timeout(30_000);
  let dovecot: Dovecot;
  let running: Running | undefined;
  let serial = 0;

  before(async function () {
    needs(this, 'dovecot', 'openssl');
    dovecot = await startDovecot({ users: Array.from({ length: 30 }, (_, i) => `u${i}`) });
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });

  const fresh = () => {
    const { user, password } = dovecot.user(`u${serial++}`);
    return { user, config: { host: dovecot.host, port: dovecot.port, security: 'none', user, password } };
  };

  it('brings what lies in INBOX, byte for byte, in UID order', async () => {
    const { user, config } = fresh();
    const mails = Array.from({ length: 250 }, (_, i) => mailOf(i));
    await dovecot.deliverAll(user, 'INBOX', mails);
    running = await startPull(config);
    const { store, until } = running;
    await until(() => store.items.length === 250);
    expect(store.items.map(item => item.raw?.sha256)).to.deep.equal(mails.map(hashOf));
    expect(store.batches.filter(batch => batch.items.length).map(batch => batch.items.length)).to.deep.equal([
      100, 100, 50,
    ]);
    expect(store.positions.get('INBOX')).to.include({ lastUid: 250 });
  });

  it('has a new mail by IDLE, long before it would ask', async () => {
    const { user, config } = fresh();
    running = await startPull(config, { times: { status: 60_000 } });
    const { store, until } = running;
    await until(() => store.positions.get('INBOX')?.comparedAt != null);
    await new Promise(resolve => setTimeout(resolve, 300));
    await dovecot.deliver(user, 'INBOX', mailOf('live'));
    await until(() => store.items.length === 1);
  });

  it('reads every folder but Trash, Junk and Drafts; Sent is outbound', async () => {
    const { user, config } = fresh();
    const folders = ['INBOX', 'Sent', 'Trash', 'Junk', 'Drafts', 'Työt/2024', 'Trash/old'];
    for (const folder of folders)
      await dovecot.deliver(user, folder.replaceAll(/[^\x20-\x7e]+/g, '&APY-'), mailOf(folder));
    running = await startPull(config);
    const { store, until } = running;
    await until(() => store.positions.size === 3 && store.items.length === 3);
    const found = store.items.map(item => [item.sighting?.folder, item.direction]).sort();
    expect(found).to.deep.equal([
      ['INBOX', 'inbound'],
      ['Sent', 'outbound'],
      ['Työt/2024', 'inbound'],
    ]);
  });

  it('reads only the folders it is told, and finds a folder that is made later', async () => {
    const { user, config } = fresh();
    await dovecot.deliver(user, 'INBOX', mailOf('inbox'));
    await dovecot.deliver(user, 'Junk', mailOf('junk'));
    running = await startPull({ ...config, folders: ['Junk', 'Later'] });
    const { store, until } = running;
    await until(() => store.items.length === 1);
    await dovecot.doveadm('mailbox', 'create', '-u', user, 'Later');
    await dovecot.deliver(user, 'Later', mailOf('later'));
    await until(() => store.items.length === 2);
    expect(store.items.map(item => item.sighting?.folder)).to.deep.equal(['Junk', 'Later']);
  });

  it('fetches nothing on a second run, and only what is new on a third', async () => {
    const { user, config } = fresh();
    await dovecot.deliverAll(user, 'INBOX', [mailOf(1), mailOf(2)]);
    running = await startPull(config);
    const { store } = running;
    await running.until(() => store.positions.get('INBOX')?.comparedAt != null);
    await running.stop();
    const known = store.batches.length;
    running = await startPull(config, { store });
    await new Promise(resolve => setTimeout(resolve, 700));
    expect(store.batches.slice(known).flatMap(batch => batch.items)).to.deep.equal([]);
    await running.stop();
    await dovecot.deliver(user, 'INBOX', mailOf(3));
    running = await startPull(config, { store });
    await running.until(() => store.items.length === 3);
    expect(store.uidsOf('INBOX', String(store.positions.get('INBOX')?.uidValidity))).to.deep.equal([1, 2, 3]);
  });

  it('sees moved and copied mails where they are now, and changes no flag', async () => {
    const { user, config } = fresh();
    await dovecot.deliverAll(user, 'INBOX', [mailOf(1), mailOf(2), mailOf(3)]);
    await dovecot.doveadm('mailbox', 'create', '-u', user, 'Done');
    running = await startPull(config);
    const { store, until } = running;
    await until(() => store.items.length === 3);
    await dovecot.doveadm('move', '-u', user, 'Done', 'mailbox', 'INBOX', 'uid', '1');
    await dovecot.doveadm('copy', '-u', user, 'Done', 'mailbox', 'INBOX', 'uid', '2');
    await until(() => store.items.length === 5);
    const done = store.items.filter(item => item.sighting?.folder === 'Done').map(item => item.sourceKey);
    expect(done).to.deep.equal([mailOf(1), mailOf(2)].map(hashOf));
    const flags = await dovecot.doveadm('fetch', '-u', user, 'flags', 'all');
    expect(flags).to.not.match(/Seen|Deleted/);
  });

  it('goes on when mail is expunged while it is being fetched', async () => {
    const { user, config } = fresh();
    await dovecot.deliverAll(
      user,
      'INBOX',
      Array.from({ length: 600 }, (_, i) => mailOf(i, 20_000)),
    );
    // three batches are fetched ahead at most, so the sixth is still at the server
    let hold = true;
    const held: typeof readHashes = async (mails, where, account) => {
      while (hold) await new Promise(resolve => setTimeout(resolve, 20));
      return readHashes(mails, where, account);
    };
    running = await startPull(config, { read: held });
    const { store, until } = running;
    await new Promise(resolve => setTimeout(resolve, 500));
    await dovecot.doveadm('expunge', '-u', user, 'mailbox', 'INBOX', 'uid', '550:590');
    hold = false;
    await until(() => store.positions.get('INBOX')?.comparedAt != null);
    expect(store.failed).to.deep.equal([]);
    const uids = store.items.map(item => item.sighting?.uid ?? 0);
    expect(uids).to.deep.equal([...uids].sort((a, b) => a - b));
    for (const uid of [1, 549, 591, 600]) expect(uids).to.include(uid);
    expect(store.counts.get('INBOX')).to.deep.equal({ held: 559, missing: 0 });
  });

  it('begins again under a new UIDVALIDITY and says so', async () => {
    const { user, config } = fresh();
    await dovecot.deliverAll(user, 'INBOX', [mailOf(1), mailOf(2)]);
    running = await startPull(config);
    const { store } = running;
    await running.until(() => store.positions.get('INBOX')?.comparedAt != null);
    const before = store.batches.at(-1)?.uidValidity;
    // Dovecot keeps the old one up while a session is open; the new one is the second's
    await running.stop();
    await new Promise(resolve => setTimeout(resolve, 1100));
    await dovecot.resetUids(user, 'INBOX');
    running = await startPull(config, { store });
    await running.until(() => store.items.length === 4);
    const after = store.batches.at(-1)?.uidValidity;
    expect(after).to.not.equal(before);
    expect(store.batches.find(batch => batch.uidValidity === after)?.items).to.deep.equal([]);
    expect(store.uidsOf('INBOX', String(after))).to.deep.equal([1, 2]);
  });

  it('finds by the comparison what was lost, and leaves the position', async () => {
    const { user, config } = fresh();
    await dovecot.deliverAll(user, 'INBOX', [mailOf(1), mailOf(2), mailOf(3)]);
    running = await startPull(config, { times: { compare: 800 } });
    const { store, until } = running;
    await until(() => store.positions.get('INBOX')?.comparedAt != null);
    store.lose(2);
    store.counts.clear();
    await until(() => store.items.length === 3);
    expect(store.items.at(-1)?.sighting?.uid).to.equal(2);
    await until(() => store.counts.get('INBOX')?.missing === 0);
    expect(store.positions.get('INBOX')?.lastUid).to.equal(3);
  });

  it('streams a mail of 100 MB in bounded memory, a batch of its own, and leaves no file', async function () {
    this.timeout(60_000);
    const { user, config } = fresh();
    const line = `${'b'.repeat(76)}\r\n`;
    const big = Buffer.from(`From: a@b.example\r\nSubject: big\r\n\r\n${line.repeat(Math.ceil(1e8 / line.length))}`);
    await dovecot.deliverAll(user, 'INBOX', [mailOf(1), big, mailOf(3)]);
    running = await startPull(config);
    const { store, until, account } = running;
    let peak = 0;
    const external = () => process.memoryUsage().arrayBuffers;
    const base = external();
    await until(() => {
      peak = Math.max(peak, external() - base);
      return store.items.length === 3;
    }, 50_000);
    expect(store.items.map(item => item.raw?.sha256)).to.deep.equal([mailOf(1), big, mailOf(3)].map(hashOf));
    expect(store.batches.filter(({ items }) => items.length).map(({ items }) => items.length)).to.deep.equal([1, 1, 1]);
    // freed buffers are collected when there is time for it
    expect(peak).to.be.below(80 * 2 ** 20);
    expect(await readdir(account.spool)).to.deep.equal([]);
  });

  it('reports no lag when level, and lag while mail waits', async () => {
    const { user, config } = fresh();
    let hold = true;
    const stuck: typeof readHashes = async (mails, where, account) => {
      while (hold) await new Promise(resolve => setTimeout(resolve, 20));
      return readHashes(mails, where, account);
    };
    await dovecot.deliver(user, 'INBOX', mailOf(1));
    running = await startPull(config, { read: stuck });
    const { store, until } = running;
    await until(() => store.lag() > 1);
    hold = false;
    await until(() => store.items.length === 1 && store.lag() === 0);
  });

  it('opens at most four connections', async () => {
    const { user, config } = fresh();
    for (const folder of ['INBOX', 'Sent', 'A', 'B', 'C']) await dovecot.deliver(user, folder, mailOf(folder));
    running = await startPull(config);
    await running.until(() => running?.store.items.length === 5);
    await new Promise(resolve => setTimeout(resolve, 600));
    const who = await dovecot.doveadm('who', '-1', user);
    expect(who.split('\n').filter(row => row.startsWith(`${user} `)).length).to.be.within(3, 4);
  });

  it('picks up where it was when the server was restarted', async () => {
    const { user, config } = fresh();
    await dovecot.deliver(user, 'INBOX', mailOf(1));
    running = await startPull(config);
    const { store, until } = running;
    await until(() => store.items.length === 1);
    await dovecot.restart();
    await dovecot.deliver(user, 'INBOX', mailOf(2));
    await until(() => store.items.length === 2);
  });

  it('goes by TLS and by STARTTLS with a CA of our own', async () => {
    for (const security of ['tls', 'starttls']) {
      const { user, config } = fresh();
      await dovecot.deliver(user, 'INBOX', mailOf(security));
      const port = security === 'tls' ? dovecot.tlsPort : dovecot.port;
      running = await startPull({ ...config, port, security, tls: { ca: dovecot.ca } });
      await running.until(() => running?.store.items.length === 1);
      await running.stop();
    }
    running = undefined;
  });

  it('never signs in to a server whose certificate is not trusted', async () => {
    const { config } = fresh();
    running = await startPull({ ...config, port: dovecot.tlsPort, security: 'tls' });
    const error = await running.ended;
    running = undefined;
    expect(error).to.have.property('remedy', 'retry');
    expect((error as Error).message).to.match(/self-signed/);
  });

  it('does all its work on one connection where the server allows no more', async () => {
    const strict = await startDovecot({ users: ['anna'], tls: false, extra: 'mail_max_userip_connections = 1' });
    try {
      for (const folder of ['INBOX', 'Sent', 'Other']) await strict.deliver('anna', folder, mailOf(folder));
      const { user, password } = strict.user('anna');
      running = await startPull({ host: strict.host, port: strict.port, security: 'none', user, password });
      await running.until(() => running?.store.items.length === 3);
      await strict.deliver('anna', 'INBOX', mailOf('later'));
      await running.until(() => running?.store.items.length === 4);
      expect(await strict.log()).to.match(/Maximum number of connections/);
    } finally {
      await running?.stop();
      running = undefined;
      await strict.stop();
    }
  });
});
