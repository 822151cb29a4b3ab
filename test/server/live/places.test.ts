import { expect } from 'chai';
import { TOKEN, until } from '../../connectors/chat/support.ts';
import { openLive } from './support.ts';

describe('live: places for visitors', () => {
  let live: Awaited<ReturnType<typeof openLive>>;
  before(async () => {
    live = await openLive({ mostVisitors: { ofOne: 3, all: 5 } });
  });
  after(() => live.close());

  const enter = (from: string, auth = {}) => {
    const socket = live.connect('/visitor', { account: live.account, ...auth }, { 'X-Forwarded-For': from });
    const answer = live.opened(socket).then(
      () => 'taken',
      ({ message, data }: Error & { data?: { again: boolean } }) => `${message} again: ${data?.again ?? false}`,
    );
    return { socket, answer };
  };

  it('are so many for one address, and so many in all, and free again for the next; agents have others', async () => {
    const first = [1, 2, 3].map(() => enter('203.0.113.5'));
    expect(await Promise.all(first.map(({ answer }) => answer))).to.deep.equal(['taken', 'taken', 'taken']);
    const mine = 'Too many chats are open from this address. Try again later. again: true';
    expect(await enter('203.0.113.5').answer).to.equal(mine);
    // whose network it is counts, and what the proxy says, not who says to stand before it
    const others = [enter('2001:db8::1'), enter('203.0.113.5, 2001:db8::2')];
    expect(await Promise.all(others.map(({ answer }) => answer))).to.deep.equal(['taken', 'taken']);
    expect(await enter('203.0.113.6').answer).to.equal('Too many chats are open. Try again later. again: true');
    await live.opened(live.connect('/agent', { token: TOKEN }));
    first[0]?.socket.close();
    await until('the place', async () => (await enter('203.0.113.5').answer) === 'taken');
    expect(await enter('203.0.113.5').answer).to.not.equal('taken');
    for (const { socket } of [...first, ...others]) socket.close();
  });

  it('are not kept by who is refused, and a refusal that lasts says so', async () => {
    for (let n = 0; n < 6; n++)
      expect(await enter('203.0.113.7', { account: 'nothing' }).answer).to.equal('There is no such chat. again: false');
    await until('the places', async () => (await enter('203.0.113.7').answer) === 'taken');
  });

  it('are the only ones: who names no channel is not let in, and a line that is left is closed', async () => {
    const nobody = live.connect('/', {});
    expect(await live.opened(nobody).catch(({ message }: Error) => message)).to.equal('There is nothing here.');
    const { socket, answer } = enter('203.0.113.8');
    expect(await answer).to.equal('taken');
    const { engine } = socket.io;
    socket.io.engine.write('1/visitor,'); // the namespace is left, the line is not
    await until('the end of the line', () => engine.readyState === 'closed');
  });
});
