import { mkdir, readdir, rm } from 'node:fs/promises';
import { expect } from 'chai';
import { type ScriptedServer, startScript, type Twist } from '../../../support/imap-script.ts';
import { hashOf, mailOf, type Running, startPull } from './consumer.ts';
import { configAt } from './scripted.ts';

const MB = 2 ** 20;

describe('email: large mails of servers and disks that have a bad time', function () {
  this.timeout(60_000);
  let server: ScriptedServer | undefined;
  let running: Running | undefined;
  afterEach(async () => {
    await running?.stop();
    await server?.stop();
    running = server = undefined;
  });

  const large = mailOf('large', 5 * MB);
  const start = async (twist: Twist) => {
    const folders = { INBOX: { uidValidity: 7, mails: [{ uid: 1, bytes: large }] } };
    server = await startScript({ folders, twist });
    running = await startPull(configAt(server), { times: { answer: 5000 } });
    return running;
  };
  const isChunk = ({ name, args }: { name: string; args: string }) =>
    name === 'UID FETCH' && args.includes('BODY.PEEK[]');
  const arrives = async ({ store, until, account }: Running) => {
    await until(() => store.items.length + store.failed.length > 0, 20_000);
    expect(store.failed).to.deep.equal([]);
    await until(() => store.positions.get('INBOX')?.comparedAt != null);
    expect(store.items[0]?.raw?.sha256).to.equal(hashOf(large));
    expect(await readdir(account.spool)).to.deep.equal([]);
  };

  it('fetches one again and again while the server says that it is unavailable', async () => {
    let times = 6;
    await arrives(
      await start((command, talk) => {
        if (!isChunk(command) || times-- <= 0) return false;
        talk.say(`${command.tag} NO [UNAVAILABLE] in five minutes`);
        return true;
      }),
    );
    expect(server?.commands.filter(isChunk)).to.have.lengthOf.above(6);
  });

  it('fetches one again and again while the disk takes nothing', async () => {
    let full = false;
    // until then none may have a file to write to
    const pull = await start((command, talk) => {
      if (full || !isChunk(command)) return false;
      talk.say(`${command.tag} NO [UNAVAILABLE] in five minutes`);
      return true;
    });
    await rm(pull.account.spool, { recursive: true });
    full = true;
    const attempts = () => server?.commands.filter(({ name }) => name === 'EXAMINE').length ?? 0;
    const before = attempts();
    await pull.until(() => attempts() >= before + 6, 20_000);
    expect(pull.store.failed).to.deep.equal([]);
    await mkdir(pull.account.spool, { mode: 0o700 });
    await arrives(pull);
  });

  it('gives one up that is refused three times', async () => {
    const { store, until } = await start((command, talk) => {
      if (!isChunk(command)) return false;
      talk.say(`${command.tag} NO not this one`);
      return true;
    });
    await until(() => store.failed.length > 0);
    expect(store.failed[0]).to.include({
      locator: 'INBOX/7/1',
      reason: 'The mail server lists this mail and does not hand it out.',
    });
    expect(server?.connections).to.have.lengthOf.below(4);
  });

  /** Answers chunks of the mail's first `length` bytes, and NIL behind them. */
  const cutAt = (length: number, told: number): Twist => {
    const held = large.subarray(0, length);
    return (command, talk) => {
      if (!isChunk(command)) return false;
      const start = Number(/<(\d+)\./.exec(command.args)?.[1]);
      const bytes = held.subarray(start, start + MB);
      if (!bytes.length) talk.say('* 1 FETCH (UID 1 BODY[] NIL)');
      else {
        talk.write(`* 1 FETCH (UID 1 RFC822.SIZE ${told} BODY[]<${start}> {${bytes.length}}\r\n`);
        talk.write(bytes);
        talk.say(')');
      }
      talk.ok(command);
      return true;
    };
  };

  it('takes a mail that is shorter than RFC822.SIZE, and NIL behind its end', async () => {
    await arrives(await start(cutAt(large.length, large.length + 100)));
  });

  it('takes no half of a mail for all of it', async () => {
    const { store, until } = await start(cutAt(3 * MB, large.length));
    await until(() => store.items.length + store.failed.length > 0);
    expect(store.items).to.deep.equal([]);
  });
});
