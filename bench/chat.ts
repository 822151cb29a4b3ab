import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { io, type Socket } from 'socket.io-client';
import { makeDataDir } from '../test/faults/data-dir.ts';
import { startHub } from '../test/faults/hub.ts';
import { TOKEN } from '../test/faults/program.ts';
import { atEnd } from '../test/support/closers.ts';
import { type Bench, median, milliseconds, percentile, sizeOf } from './harness/figure.ts';

const GOAL_MS = 100;
const FLOOR = fileURLToPath(new URL('./floor/chat.mjs', import.meta.url));
/** each visitor says something so often, at a time of its own */
const EVERY_MS = 5000;

interface Round {
  /** ms from the sending to the agent's socket, one a message */
  arrived: number[];
  /** ms from the sending to the acknowledgement */
  acknowledged: number[];
}

interface Server {
  address: string;
  account: string;
}

const opened = (socket: Socket, event = 'connect'): Promise<unknown> =>
  new Promise((resolve, reject) => socket.once(event, resolve).once('connect_error', reject));

const socketTo = (address: string, auth: object): Socket =>
  io(address, { auth, transports: ['websocket'], forceNew: true, reconnection: false });

/** `chats` visitors talk for `seconds`, an agent listens. Throws when a message doesn't come, or comes twice. */
const talk = async ({ address, account }: Server, chats: number, seconds: number): Promise<Round> => {
  const round: Round = { arrived: [], acknowledged: [] };
  const sentAt = new Map<string, number>();
  const agent = socketTo(`${address}/agent`, { token: TOKEN });
  await opened(agent);
  const came = new Set<string>();
  agent.on('message', ({ id }: { id: string }) => {
    if (came.has(id)) throw new Error('A message came twice.');
    came.add(id);
    round.arrived.push(performance.now() - (sentAt.get(id) ?? Number.NaN));
  });

  const visitors: { socket: Socket; conversation: string }[] = [];
  for (let n = 0; n < chats; n++) {
    const socket = socketTo(`${address}/visitor`, { account });
    const { conversation } = (await opened(socket, 'session')) as { conversation: string };
    visitors.push({ socket, conversation });
  }
  const say = async ({ socket, conversation }: (typeof visitors)[0], id: string, counted: boolean): Promise<void> => {
    const at = performance.now();
    sentAt.set(id, at);
    const ack = await socket.emitWithAck('message', { id, conversation, text: `Hei! Onko vuoro ${id} vapaana?` });
    if (!ack.ok) throw new Error(`A message was not taken: ${ack.error}`);
    if (counted) round.acknowledged.push(performance.now() - at);
  };
  // each chat is opened by its first message, which isn't counted
  for (const [n, visitor] of visitors.entries()) await say(visitor, `first-${n}`, false);
  await sleep(1000);
  round.arrived.length = 0;

  const until = performance.now() + seconds * 1000;
  const one = async (visitor: (typeof visitors)[0], n: number): Promise<void> => {
    await sleep(Math.random() * EVERY_MS);
    for (let k = 0; performance.now() < until; k++) {
      await say(visitor, `${n}-${k}`, true);
      await sleep(EVERY_MS * (0.5 + Math.random()));
    }
  };
  await Promise.all(visitors.map(one));
  for (let tries = 0; came.size < sentAt.size && tries < 100; tries++) await sleep(50);
  if (came.size !== sentAt.size) throw new Error(`${sentAt.size - came.size} messages never came.`);
  agent.close();
  for (const { socket } of visitors) socket.close();
  return round;
};

const onHub = async (chats: number, seconds: number): Promise<Round> => {
  const data = await makeDataDir();
  const hub = await startHub({ dataDir: data.path });
  const api = await hub.api();
  const { id } = await api.send<{ id: string }>('POST', '/accounts', { connector: 'chat', name: 'chat', config: {} });
  const round = await talk({ address: await hub.ready, account: id }, chats, seconds);
  const stored = await (await data.db()).collection('messages').countDocuments();
  if (stored !== round.acknowledged.length + chats) throw new Error(`${stored} messages are stored.`);
  await hub.stop();
  await data.remove();
  return round;
};

const onFloor = async (chats: number, seconds: number): Promise<Round> => {
  const child = spawn(process.execPath, [FLOOR], { stdio: ['ignore', 'pipe', 'inherit'] });
  const forget = atEnd(async () => void child.kill());
  const [address] = (await once(child.stdout, 'data')) as [Buffer];
  const round = await talk({ address: String(address).trim(), account: '' }, chats, seconds);
  forget();
  child.kill();
  return round;
};

/** From a visitor's sending to the agent's page's socket, committed on the way (majority, journal), while many chats are open. */
export const chat: Bench = async ({ quick, say }) => {
  const chats = sizeOf('BENCH_CHATS', quick ? 20 : 200);
  const seconds = quick ? 10 : 45;
  const floor = await onFloor(chats, seconds);
  say(`floor: p50 ${milliseconds(median(floor.arrived))}, p99 ${milliseconds(percentile(floor.arrived, 0.99))}`);
  const { arrived, acknowledged } = await onHub(chats, seconds);
  const p99 = percentile(arrived, 0.99);
  return [
    {
      figure: `chat: visitor → agent, ${chats} open chats, each a message every 5 s, committed`,
      floor: `bare socket.io relay, nothing kept: p99 ${milliseconds(percentile(floor.arrived, 0.99))}`,
      measured: `p50 ${milliseconds(median(arrived))}, p99 ${milliseconds(p99)}; acknowledged p99 ${milliseconds(percentile(acknowledged, 0.99))}`,
      goal: 'p99 < 100 ms',
      met: p99 < GOAL_MS,
      numbers: {
        p50: median(arrived),
        p99,
        longest: Math.max(...arrived),
        ackP50: median(acknowledged),
        ackP99: percentile(acknowledged, 0.99),
        messages: arrived.length,
        floorP50: median(floor.arrived),
        floorP99: percentile(floor.arrived, 0.99),
      },
    },
  ];
};
