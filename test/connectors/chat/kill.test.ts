import { expect } from 'chai';
import { io, type Socket } from 'socket.io-client';
import { makeDataDir } from '../../faults/data-dir.ts';
import { type Hub, startHub } from '../../faults/hub.ts';
import type { Ack } from './support.ts';

const VISITORS = 8;
const MESSAGES = 30;

interface Said {
  id: string;
  text: string;
  kind: string;
}

/** A browser as the widget is one: keeps what isn't acknowledged, and sends it again, in order, over the next line. */
const makeBrowser = (account: string) => {
  let session: string | undefined;
  let conversation = '';
  let socket: Socket | undefined;
  const acknowledged: string[] = [];
  const open = async (hub: Hub): Promise<void> => {
    socket?.close();
    const opened = io(`${await hub.ready}/visitor`, {
      auth: { account, session },
      transports: ['websocket'],
      forceNew: true,
    });
    socket = opened;
    ({ session, conversation } = await new Promise<{ session: string; conversation: string }>(resolve =>
      opened.once('session', resolve),
    ));
  };
  const ask = (id: string, ms: number): Promise<Ack> =>
    (socket as Socket).timeout(ms).emitWithAck('message', { id, conversation, text: `text of ${id}` });
  const say = (id: string): Promise<boolean> =>
    ask(id, 2000).then(
      ({ ok }) => {
        if (ok) acknowledged.push(id);
        return ok;
      },
      () => false,
    );
  return { open, ask, say, acknowledged, conversation: () => conversation, close: () => socket?.close() };
};

describe('chat: a hub that is killed', function () {
  this.timeout(180_000);

  it('has lost nothing that it acknowledged, and doubles nothing that is sent again', async () => {
    const data = await makeDataDir();
    const first = await startHub({ dataDir: data.path });
    const body = { connector: 'chat', name: 'chat', config: {} };
    const { id: account } = await (await first.api()).send<{ id: string }>('POST', '/accounts', body);
    const browsers = Array.from({ length: VISITORS }, () => makeBrowser(account));
    await Promise.all(browsers.map(browser => browser.open(first)));

    let hub = first;
    let next: Promise<Hub> | undefined;
    let sent = 0;
    const talk = async (browser: ReturnType<typeof makeBrowser>): Promise<void> => {
      for (let n = 0; n < MESSAGES; n++) {
        sent += 1;
        if (sent === (VISITORS * MESSAGES) / 2) next = first.kill().then(() => startHub({ dataDir: data.path }));
        while (!(await browser.say(`m${n}`))) {
          hub = (await next) ?? hub;
          await browser.open(hub);
        }
      }
    };
    await Promise.all(browsers.map(talk));
    const api = await hub.api();
    const expected = Array.from({ length: MESSAGES }, (_, n) => `m${n}`);
    for (const browser of browsers) {
      const { messages } = await api.get<{ messages: Said[] }>(`/interactions/${browser.conversation()}`);
      expect(messages.map(({ id }) => id)).to.deep.equal(expected);
      expect(messages.map(({ text }) => text)).to.deep.equal(expected.map(id => `text of ${id}`));
      expect(new Set(browser.acknowledged)).to.deep.equal(new Set(expected));
      browser.close();
    }
    expect(await (await data.db()).collection('messages').countDocuments()).to.equal(VISITORS * MESSAGES);
    await hub.stop();
    await data.remove();
  });

  it('answers within seconds when MongoDB hangs, and stores once what is sent again', async () => {
    const data = await makeDataDir();
    const hub = await startHub({ dataDir: data.path });
    const body = { connector: 'chat', name: 'chat', config: {} };
    const { id: account } = await (await hub.api()).send<{ id: string }>('POST', '/accounts', body);
    const browser = makeBrowser(account);
    await browser.open(hub);
    expect(await browser.say('before')).to.equal(true);
    const { pid } = await data.mongod();
    process.kill(pid, 'SIGSTOP');
    const began = performance.now();
    const ack = await browser.ask('during', 15_000).finally(() => process.kill(pid, 'SIGCONT'));
    expect(performance.now() - began).to.be.below(7000);
    expect(ack).to.include({ ok: false, again: true });
    let taken = false;
    for (let tries = 0; tries < 20 && !taken; tries++) taken = await browser.say('during');
    expect(taken).to.equal(true);
    const { messages } = await (await hub.api()).get<{ messages: Said[] }>(`/interactions/${browser.conversation()}`);
    expect(messages.map(({ id }) => id)).to.deep.equal(['before', 'during']);
    browser.close();
    await hub.stop();
    await data.remove();
  });
});
