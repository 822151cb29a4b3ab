import { expect } from 'chai';
import { makeUnnamed } from '../../../server/live/unnamed.ts';
import { blobId } from '../../../server/rules/keys.ts';
import { refusal, type Session, until } from '../../connectors/chat/support.ts';
import { openLive } from './support.ts';

const HOUR_MS = 3600_000;
const written = () => Promise.resolve();

describe('live: files that no message names yet', () => {
  const open = () => {
    const time = { ms: 0 };
    const unnamed = makeUnnamed({ most: { conversation: 100, account: 150 }, least: 10, now: () => time.ms });
    let n = 0;
    const hold = (conversation: string, size: number, { sha256 = `${n++}`, account = 'A', write = written } = {}) =>
      refusal(unnamed.hold({ account, conversation, sha256, size }, write));
    return { time, unnamed, hold };
  };

  it('are bounded by conversation and by account, in words', async () => {
    const { hold } = open();
    expect(await hold('one', 90)).to.equal('taken');
    expect(await hold('one', 11)).to.match(/not sent.*Send some/);
    expect(await hold('other', 60)).to.equal('taken');
    expect(await hold('third', 1)).to.match(/Try again later/);
    expect(await hold('third', 100, { account: 'B' })).to.equal('taken');
  });

  it('count for something though they are small, and once though they come again', async () => {
    const { hold } = open();
    for (let n = 0; n < 10; n++) expect(await hold('one', 0)).to.equal('taken');
    expect(await hold('one', 0)).to.not.equal('taken');
    expect(await hold('one', 0, { sha256: '3' })).to.equal('taken');
  });

  it('make room for others once they are named, too old, or were not written after all', async () => {
    const { time, unnamed, hold } = open();
    expect(await hold('one', 100, { sha256: 'x' })).to.equal('taken');
    unnamed.named([{}, { blob: blobId('other', 'x') }]);
    expect(await hold('one', 1)).to.not.equal('taken');
    unnamed.named([{ blob: blobId('one', 'x') }]);
    const write = () => Promise.reject(new Error('MongoDB is away'));
    expect(await hold('one', 100, { write })).to.equal('MongoDB is away');
    expect(await hold('one', 100)).to.equal('taken');
    time.ms = 26 * HOUR_MS;
    expect(await hold('one', 100)).to.equal('taken');
    unnamed.forget();
    expect(await hold('one', 100)).to.equal('taken');
  });

  it('are refused to a chat until one of its messages names some of them', async () => {
    const unnamed = makeUnnamed({ most: { conversation: 100, account: 1000 }, least: 10 });
    const { address, account, connect, close } = await openLive({ unnamed });
    const socket = connect('/visitor', { account });
    const { session } = await new Promise<Session>(resolve => socket.once('session', resolve));
    const post = async (name: string) => {
      const form = new FormData();
      form.append('account', account);
      form.append('session', session);
      form.append('file', new Blob([name.repeat(60)], { type: 'text/plain' }), 'a.txt');
      const answer = await fetch(`${address}/visitor/files`, { method: 'POST', body: form });
      return { status: answer.status, body: (await answer.json()) as { part: string; detail: string } };
    };
    const { body } = await post('a');
    const refused = await post('b');
    expect(refused.status).to.equal(429);
    expect(refused.body.detail).to.match(/uploaded in this chat and not sent/);
    expect(await socket.emitWithAck('message', { id: '1', parts: [body.part] })).to.deep.equal({ ok: true, seq: 1 });
    await until('room for more', async () => (await post('b')).status === 201);
    await close();
  });
});
