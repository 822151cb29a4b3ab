import { readdir, rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import type { Batch } from '../../../../connectors/contract.ts';
import { makePull } from '../../../../connectors/email/imap/pull.ts';
import { makeMailPool } from '../../../../connectors/email/parse/pool.ts';
import { makeReadMails } from '../../../../connectors/email/read.ts';
import { spoolFile } from '../../../../connectors/email/spool.ts';
import { fetchRow, type ScriptedServer, startScript, type Twist } from '../../../support/imap-script.ts';
import { FAST, hashOf, mailOf, makeAccount, makeStore, type Running, readHashes, startPull } from './consumer.ts';
import { configAt } from './scripted.ts';

const MB = 2 ** 20;
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const bytesIn = ({ items }: Batch) => items.reduce((sum, item) => sum + (item.raw?.size ?? 0), 0);

/** Answers FETCHes of bodies row by row, as `row` has it; undefined leaves one out. */
const rows =
  (row: (uid: number, usual: Buffer, args: string) => Buffer | undefined, reversed = false): Twist =>
  (command, talk, { folders }) => {
    if (command.name !== 'UID FETCH' || !command.args.includes('BODY.PEEK[]')) return false;
    const [from = 0, to = from] = (command.args.split(' ')[0] ?? '').split(':').map(Number);
    const asked = (folders.INBOX?.mails ?? []).filter(({ uid }) => uid >= from && uid <= to);
    for (const mail of reversed ? asked.reverse() : asked)
      talk.write(row(mail.uid, fetchRow(mail.uid, mail, command.args), command.args) ?? '');
    talk.ok(command);
    return true;
  };

const noLarger: Twist = (command, talk) => {
  if (command.name !== 'UID SEARCH' || !command.args.includes('LARGER')) return false;
  talk.say(`${command.tag} BAD what is that`);
  return true;
};

const longer = (row: Buffer): Buffer => {
  const at = row.indexOf('RFC822.SIZE ') + 12;
  const size = Number.parseInt(row.toString('latin1', at, at + 10), 10);
  return Buffer.concat([row.subarray(0, at), Buffer.from(`${size + 1}`), row.subarray(at + `${size}`.length)]);
};

describe('email: batches of IMAP are bounded, whatever a server answers', function () {
  this.timeout(60_000);
  let server: ScriptedServer | undefined;
  let running: Running | undefined;
  afterEach(async () => {
    await running?.stop();
    await server?.stop();
    running = server = undefined;
  });

  const pullAll = async (sizes: number[], twist: Twist) => {
    const mails = sizes.map((size, i) => ({ uid: i + 1, bytes: mailOf(i + 1, size) }));
    server = await startScript({ folders: { INBOX: { uidValidity: 7, mails } }, twist });
    running = await startPull(configAt(server));
    const { store, account, until } = running;
    await until(() => store.positions.get('INBOX')?.comparedAt != null, 50_000);
    expect(store.items.map(item => item.raw?.sha256)).to.deep.equal(mails.map(({ bytes }) => hashOf(bytes)));
    expect(store.failed).to.deep.equal([]);
    expect(await readdir(account.spool)).to.deep.equal([]);
    return { batches: store.batches.filter(({ items }) => items.length), commands: server.commands };
  };

  const isGroup = (args: string) => args.includes(':');
  const cases: [string, Twist][] = [
    ['one left out', rows((uid, usual, args) => (uid === 1 && isGroup(args) ? undefined : usual))],
    ['all but the last left out', rows((uid, usual, args) => (uid < 14 && isGroup(args) ? undefined : usual))],
    ['one whose size is told too large', rows((uid, usual) => (uid === 1 ? longer(usual) : usual))],
    ['all of them told too large', rows((_uid, usual) => longer(usual))],
    ['the last one first', rows((_uid, usual) => usual, true)],
  ];
  for (const [what, twist] of cases)
    it(`14 mails of 1 MB: ${what}`, async () => {
      const { batches } = await pullAll(
        numbers(14).map(() => MB),
        twist,
      );
      for (const batch of batches) expect(bytesIn(batch)).to.be.below(6 * MB);
    });

  it('a large mail that no SEARCH told of is a batch of its own', async () => {
    const { batches } = await pullAll([200, 200, 5 * MB, 6 * MB, 200, 5 * MB, 200], noLarger);
    expect(batches.map(({ items }) => items.map(item => item.sighting?.uid))).to.deep.equal([
      [1, 2],
      [3],
      [4],
      [5],
      [6],
      [7],
    ]);
    expect(batches.map(({ next }) => next.lastUid)).to.deep.equal([2, 3, 4, 5, 6, 7]);
  });

  it('leaves no spool file when it is stopped, wherever it is then', async () => {
    for (const taken of [0, 1, 3]) {
      const mails = numbers(8).map(uid => ({ uid, bytes: mailOf(uid, 4 * MB + uid) }));
      const fake = await startScript({ folders: { INBOX: { uidValidity: 7, mails } }, twist: noLarger });
      const account = await makeAccount(configAt(fake, { folders: ['INBOX'] }));
      const ending = new AbortController();
      const batches = makePull({ read: readHashes, fetch, times: FAST })(
        account,
        makeStore().checkpoints,
        ending.signal,
      );
      for (let n = 0; n < taken; n++)
        for (const item of (await batches.next()).value?.items ?? []) await item.dispose?.();
      const next = taken ? undefined : batches.next();
      await setTimeout(300);
      ending.abort();
      for (const item of (await next)?.value?.items ?? []) await item.dispose?.();
      await batches.return(undefined);
      for (const end = Date.now() + 5000; (await readdir(account.spool)).length && Date.now() < end; )
        await setTimeout(20);
      expect(await readdir(account.spool), `${taken}`).to.deep.equal([]);
      await fake.stop();
      await rm(account.spool, { recursive: true });
    }
  });

  it('leaves no spool file of a mail that could not be parsed', async () => {
    const account = await makeAccount({ host: 'h', user: 'u', password: 'p' });
    const path = await spoolFile(account.spool, file => file.writeFile('Subject: x\n\n'));
    const pool = makeMailPool({ size: 1 });
    await pool.close();
    const where = { folder: 'INBOX', folderIsSent: false, uidValidity: '7' };
    const failed = await makeReadMails(() => pool)([{ uid: 1, path }], where, account).catch(() => 'failed');
    expect(failed).to.equal('failed');
    expect(await readdir(account.spool)).to.deep.equal([]);
    await rm(account.spool, { recursive: true });
  });

  it('asks for nothing twice when all is in order', async () => {
    const { commands } = await pullAll(
      numbers(14).map(() => MB),
      () => false,
    );
    expect(commands.filter(({ args }) => args.includes('BODY.PEEK['))).to.have.lengthOf(1);
  });
});
