import { expect } from 'chai';
import { type ScriptedServer, startScript } from '../../../support/imap-script.ts';
import { mailOf, type Running, startPull } from './consumer.ts';
import { configAt, inbox, mails } from './scripted.ts';

describe('email: what is asked of a server', function () {
  this.timeout(20_000);
  let server: ScriptedServer | undefined;
  let running: Running | undefined;

  afterEach(async () => {
    await running?.stop();
    await server?.stop();
    running = server = undefined;
  });

  const uids = () => running?.store.items.map(item => item.sighting?.uid);

  it('never asks for anything that changes the mailbox', async () => {
    server = await startScript({ folders: inbox(1, 2, 3) });
    running = await startPull(configAt(server));
    await running.until(() => running?.store.positions.get('INBOX')?.comparedAt != null);
    const names = new Set(server.commands.map(({ name }) => name));
    for (const { line } of server.commands) expect(line).to.not.match(/MODSEQ|QRESYNC|ENABLE/);
    expect([...names])
      .to.include('EXAMINE')
      .and.to.not.include.members(['SELECT']);
    for (const name of ['SELECT', 'STORE', 'UID STORE', 'EXPUNGE', 'CLOSE', 'UID MOVE', 'APPEND'])
      expect([...names]).to.not.include(name);
    const bodies = server.commands.filter(({ args }) => args.includes('BODY'));
    for (const { args } of bodies)
      expect(args)
        .to.match(/BODY\.PEEK\[/)
        .and.to.not.match(/BODY\[|ENVELOPE/);
  });

  it('says which of the folders that are to be read is not there, and reads the others', async () => {
    server = await startScript({ folders: inbox(1) });
    running = await startPull(configAt(server, { folders: ['inbox', 'Tuki', 'L\u00e4hetetyt'] }));
    const { store, until } = running;
    await until(() => store.notice() !== undefined && store.items.length === 1);
    expect(store.notice()).to.match(/no folder "Tuki", "L\u00e4hetetyt"/);
    server.folders.Tuki = { uidValidity: 2, mails: mails(5) };
    server.folders['L&AOQ-hetetyt'] = { uidValidity: 3, mails: [] };
    await until(() => store.notice() === undefined && store.items.length === 2);
  });

  it('leaves out mail from before `since`, and does not count it as missing', async () => {
    const old = { uid: 1, bytes: mailOf(1), internalDate: '01-Jan-2020 10:00:00 +0000' };
    server = await startScript({ folders: { INBOX: { uidValidity: 7, mails: [old, ...mails(2)] } } });
    running = await startPull(configAt(server, { since: '2024-01-01' }));
    await running.until(() => running?.store.positions.get('INBOX')?.comparedAt != null);
    expect(uids()).to.deep.equal([2]);
    expect(running.store.counts.get('INBOX')).to.deep.equal({ held: 1, missing: 0 });
    const { store } = running;
    await running.stop();
    running = await startPull(configAt(server), { store });
    await running.until(() => store.counts.get('INBOX')?.held === 2);
    expect(uids()).to.deep.equal([2, 1]);
    expect(store.positions.get('INBOX')?.lastUid).to.equal(2);
  });
});
