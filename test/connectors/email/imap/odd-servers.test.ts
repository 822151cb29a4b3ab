import { rm } from 'node:fs/promises';
import { expect } from 'chai';
import { makeFetchAgain } from '../../../../connectors/email/imap/again.ts';
import { fetchRow, type ScriptedServer, startScript, type Twist } from '../../../support/imap-script.ts';
import { hashOf, mailOf, makeAccount, type Running, readHashes, startPull } from './consumer.ts';
import { configAt, inbox, mails } from './scripted.ts';

/** Twists only a command of this name, `times` times. */
const once =
  (name: string, act: Twist, times = 1): Twist =>
  (command, talk, server) => {
    if (command.name !== name || times <= 0) return false;
    times--;
    return act(command, talk, server);
  };

const isBodies = (args: string) => args.includes('BODY.PEEK[');

describe('email: servers that misbehave', function () {
  this.timeout(20_000);
  let server: ScriptedServer | undefined;
  let running: Running | undefined;

  afterEach(async () => {
    await running?.stop();
    await server?.stop();
    running = server = undefined;
  });

  const uids = () => running?.store.items.map(item => item.sighting?.uid);

  it('asks again for a UID that was promised and left out', async () => {
    let left = 1;
    server = await startScript({
      folders: inbox(1, 2, 3),
      twist: (command, talk, { folders }) => {
        if (command.name !== 'UID FETCH' || !isBodies(command.args) || left-- <= 0) return false;
        const all = folders.INBOX?.mails ?? [];
        for (const i of [0, 2]) talk.write(fetchRow(i + 1, all[i] as never, command.args));
        talk.ok(command);
        return true;
      },
    });
    running = await startPull(configAt(server));
    await running.until(() => running?.store.items.length === 3);
    expect(uids()).to.deep.equal([1, 2, 3]);
    expect(running.store.failed).to.deep.equal([]);
  });

  it('puts a mail into quarantine that is listed and never handed out, and goes on', async () => {
    server = await startScript({
      folders: inbox(1, 2, 3),
      twist: (command, talk, { folders }) => {
        if (command.name !== 'UID FETCH' || !isBodies(command.args)) return false;
        for (const [i, mail] of (folders.INBOX?.mails ?? []).entries())
          if (mail.uid !== 2) talk.write(fetchRow(i + 1, mail, command.args));
        talk.ok(command);
        return true;
      },
    });
    running = await startPull(configAt(server));
    await running.until(() => running?.store.positions.get('INBOX')?.comparedAt != null);
    expect(uids()).to.deep.equal([1, 3]);
    expect(running.store.failed.map(({ locator }) => locator)).to.deep.equal(['INBOX/7/2']);
    expect(running.store.counts.get('INBOX')).to.deep.equal({ held: 3, missing: 0 });
  });

  it('fetches one mail again on request, and knows when it is gone', async () => {
    server = await startScript({ folders: inbox(1, 2) });
    const account = await makeAccount(configAt(server));
    const again = makeFetchAgain({ read: readHashes, fetch: globalThis.fetch });
    const at = (uid: number, uidValidity = '7') =>
      again(account, { folder: 'INBOX', uidValidity, uid }, AbortSignal.timeout(5000));
    expect((await at(2))?.raw?.sha256).to.equal(hashOf(mailOf(2)));
    expect(await at(3)).to.equal(null);
    expect(await at(2, '6')).to.equal(null);
    await rm(account.spool, { recursive: true });
  });

  it('takes a UID that is gone from a new SEARCH for expunged', async () => {
    server = await startScript({
      folders: inbox(1, 2, 3),
      twist: once('UID FETCH', (_command, _talk, { folders }) => {
        folders.INBOX?.mails.splice(1, 1);
        return false;
      }),
    });
    running = await startPull(configAt(server));
    await running.until(() => running?.store.positions.get('INBOX')?.comparedAt != null);
    expect(uids()).to.deep.equal([1, 3]);
    expect(running.store.failed).to.deep.equal([]);
    expect(running.store.positions.get('INBOX')?.lastUid).to.equal(3);
  });

  it('gets a mail by its header and text when its body is NIL', async () => {
    server = await startScript({
      folders: inbox(1),
      twist: (command, talk, { folders }) => {
        if (command.name !== 'UID FETCH' || !isBodies(command.args)) return false;
        const bytes = folders.INBOX?.mails[0]?.bytes ?? Buffer.alloc(0);
        const cut = bytes.indexOf('\r\n\r\n') + 4;
        if (!command.args.includes('[HEADER]')) talk.say('* 1 FETCH (UID 1 ENVELOPE NIL BODY[] NIL)');
        else {
          talk.write(`* 1 FETCH (UID 1 BODY[HEADER] {${cut}}\r\n`);
          talk.write(bytes.subarray(0, cut));
          talk.write(` BODY[TEXT] {${bytes.length - cut}}\r\n`);
          talk.write(Buffer.concat([bytes.subarray(cut), Buffer.from(')\r\n')]));
        }
        talk.ok(command);
        return true;
      },
    });
    running = await startPull(configAt(server));
    await running.until(() => running?.store.items.length === 1);
    expect(running.store.items[0]?.raw?.sha256).to.equal(hashOf(mailOf(1)));
  });

  it('goes on after a connection that broke in mid-message, and yields nothing half', async () => {
    let breaks = 2;
    server = await startScript({
      folders: inbox(1, 2, 3),
      twist: (command, talk, { folders }) => {
        if (command.name !== 'UID FETCH' || !isBodies(command.args) || breaks-- <= 0) return false;
        const [first, second] = folders.INBOX?.mails ?? [];
        talk.write(fetchRow(1, first as never, command.args));
        talk.write(fetchRow(2, second as never, command.args).subarray(0, 150));
        setTimeout(() => talk.socket.destroy(), 20);
        return true;
      },
    });
    running = await startPull(configAt(server));
    await running.until(() => running?.store.items.length === 3);
    expect(running.store.items.map(item => item.raw?.sha256)).to.deep.equal([1, 2, 3].map(n => hashOf(mailOf(n))));
  });

  it('gives up on one mail that breaks the connection every time, not on those beside it', async () => {
    server = await startScript({
      folders: inbox(1, 2, 3),
      twist: (command, talk) => {
        if (command.name !== 'UID FETCH' || !isBodies(command.args)) return false;
        if (!/^(1:3|2:3|2|1:2) /.test(command.args)) return false;
        talk.socket.destroy();
        return true;
      },
    });
    running = await startPull(configAt(server));
    await running.until(() => running?.store.positions.get('INBOX')?.lastUid === 3);
    expect(uids()).to.deep.equal([1, 3]);
    expect(running.store.failed.map(({ locator }) => locator)).to.deep.equal(['INBOX/7/2']);
  });

  it('survives a BYE', async () => {
    server = await startScript({
      folders: inbox(1),
      twist: once('UID SEARCH', (_command, talk) => {
        talk.say('* BYE going down');
        talk.socket.end();
        return true;
      }),
    });
    running = await startPull(configAt(server));
    await running.until(() => running?.store.items.length === 1);
  });

  it('keeps UID order when the server answers out of order, with unsolicited rows and literal8 between', async () => {
    server = await startScript({
      folders: inbox(1, 2, 3, 4),
      twist: (command, talk, { folders }) => {
        if (command.name !== 'UID FETCH' || !isBodies(command.args)) return false;
        const all = folders.INBOX?.mails ?? [];
        talk.say('* 9 FETCH (FLAGS (\\Seen) UID 99)', '* 1 FETCH (FLAGS (\\Answered))', '* 5 EXISTS', '* 2 RECENT');
        for (const i of [3, 1, 0, 2]) {
          const row = fetchRow(i + 1, all[i] as never, command.args).toString('latin1');
          talk.write(Buffer.from(row.replace('> {', '> ~{'), 'latin1'));
          talk.say('* OK still working', `* ${i + 1} FETCH (FLAGS (\\Seen) UID ${i + 1})`);
        }
        talk.ok(command);
        return true;
      },
    });
    running = await startPull(configAt(server));
    await running.until(() => running?.store.items.length === 4);
    expect(uids()).to.deep.equal([1, 2, 3, 4]);
    expect(running.store.items.map(item => item.raw?.sha256)).to.deep.equal([1, 2, 3, 4].map(n => hashOf(mailOf(n))));
  });

  it('notices new mail in spite of an IDLE that is silently dead', async () => {
    server = await startScript({
      folders: inbox(1),
      // the connection stays open and nothing is heard of it any more once it idles
      twist: (command, talk) => {
        if (command.name === 'IDLE') talk.socket.pause();
        return false;
      },
    });
    running = await startPull(configAt(server), { times: { answer: 300 } });
    await running.until(() => running?.store.positions.get('INBOX')?.comparedAt != null);
    server.silence = true;
    server.add('INBOX', { uid: 2, bytes: mailOf(2) });
    await running.until(() => running?.store.items.length === 2, 5000);
    expect(uids()).to.deep.equal([1, 2]);
  });

  it('does without IDLE, CONDSTORE and SPECIAL-USE: folders by their usual names, changes by STATUS', async () => {
    server = await startScript({
      capabilities: 'IMAP4rev1',
      folders: {
        INBOX: { uidValidity: 1, mails: mails(1) },
        'L&AOQ-hetetyt': { uidValidity: 2, mails: mails(11) },
        Roskaposti: { uidValidity: 3, mails: mails(21) },
        Luonnokset: { uidValidity: 4, mails: mails(31) },
        '[Gmail]': { uidValidity: 5, mails: [], flags: '\\Noselect \\HasChildren' },
        'Asiakkaat/2024': { uidValidity: 6, mails: mails(41) },
      },
    });
    running = await startPull(configAt(server));
    const { store, until } = running;
    await until(() => store.items.length === 3);
    const byFolder = Object.fromEntries(store.items.map(item => [item.sighting?.folder, item.direction]));
    expect(byFolder).to.deep.equal({ INBOX: 'inbound', Lähetetyt: 'outbound', 'Asiakkaat/2024': 'inbound' });
    server.add('INBOX', { uid: 2, bytes: mailOf(2) });
    await until(() => store.items.length === 4);
    expect(server.commands.some(({ name }) => name === 'IDLE')).to.equal(false);
  });

  it('notices a new UIDVALIDITY while it is running, also of a folder that is empty then', async () => {
    const folders = { ...inbox(1, 2), Other: { uidValidity: 3, mails: mails(5) } };
    server = await startScript({ folders });
    running = await startPull(configAt(server));
    const { store, until } = running;
    await until(() => ['INBOX', 'Other'].every(name => store.positions.get(name)?.comparedAt != null));
    Object.assign(folders.Other, { uidValidity: 4, mails: [] });
    folders.INBOX.uidValidity = 8;
    await until(() => store.items.length === 5 && store.positions.get('Other')?.uidValidity === '4');
    expect(store.uidsOf('INBOX', '8')).to.deep.equal([1, 2]);
    expect(store.batches.filter(batch => batch.uidValidity === '4').flatMap(({ items }) => items)).to.deep.equal([]);
  });

  it('waits for a slow server', async () => {
    server = await startScript({
      folders: inbox(1, 2),
      twist: async (command, talk, { folders }) => {
        if (command.name !== 'UID FETCH' || !isBodies(command.args)) return false;
        const rows = (folders.INBOX?.mails ?? []).map((mail, i) => fetchRow(i + 1, mail, command.args));
        for (const byte of Buffer.concat(rows)) {
          talk.write(Buffer.from([byte]));
          await new Promise(resolve => setImmediate(resolve));
        }
        talk.ok(command);
        return true;
      },
    });
    running = await startPull(configAt(server));
    await running.until(() => running?.store.items.length === 2);
    expect(running.store.items.map(item => item.raw?.sha256)).to.deep.equal([1, 2].map(n => hashOf(mailOf(n))));
  });
});
