import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { mongo } from 'mongoose';
import { itemId } from '../server/rules/keys.ts';
import { makeDataDir } from '../test/faults/data-dir.ts';
import { startHub } from '../test/faults/hub.ts';
import { until } from '../test/faults/until.ts';
import { atEnd } from '../test/support/closers.ts';
import { type Bench, type Figure, median, milliseconds, percentile, sizeOf } from './harness/figure.ts';
import { freshMongod } from './harness/floor.ts';
import { fire, type LoadResult, type Shot } from './harness/load.ts';

const CONNECTIONS = 50;
const SENDERS = 500;
const KEY = Buffer.from('a secret of the benchmark');
const FLOOR = fileURLToPath(new URL('./floor/webhook.mjs', import.meta.url));
const LAG_GOAL_MS = 1000;
const TEXT =
  'Hei! Siirtäisimme tiistaivuorot joulukuun ajaksi keskiviikolle, jos sali on silloin vapaana. Laskun voi lähettää samaan osoitteeseen kuin ennenkin.';

const itemOf = (n: number) => ({
  type: 'interaction',
  id: `sms-${n}`,
  channel: 'sms',
  direction: 'inbound',
  occurredAt: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
  from: { type: 'phone', value: `+35840${1_000_000 + (n % SENDERS)}`, name: `Eero Niemi ${n % SENDERS}` },
  to: [{ type: 'phone', value: '+358931570000' }],
  text: `${TEXT} (${n})`,
});

/** Signed before the clock starts, so that both are sent the same and the load costs the same. */
const shotsOf = (count: number): Shot[] => {
  const timestamp = String(Math.floor(Date.now() / 1000));
  return Array.from({ length: count }, (_, n) => {
    const body = JSON.stringify(itemOf(n));
    const signature = createHmac('sha256', KEY).update(`msg_${n}.${timestamp}.${body}`).digest('base64');
    const headers = {
      'webhook-id': `msg_${n}`,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    };
    return { body, headers: { 'content-type': 'application/json', ...headers } };
  });
};

interface Round extends LoadResult {
  /** ms from the answer to the commit of the timeline entry */
  lags: number[];
  /** items that waited halfway through and at the end */
  backlog: [number, number];
}

const floorRound = async (shots: readonly Shot[], seconds: number): Promise<LoadResult> => {
  const mongod = await freshMongod();
  const env = { ...process.env, FLOOR_MONGODB: mongod.uri, NODE_OPTIONS: '' };
  const child = spawn(process.execPath, [FLOOR], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const forget = atEnd(async () => void child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  const url = String(line).trim();
  await fire(url, shots.slice(0, 500), { connections: CONNECTIONS, seconds });
  const result = await fire(url, shots, { connections: CONNECTIONS, seconds });
  forget();
  child.kill('SIGKILL');
  await mongod.close();
  return result;
};

interface Logged {
  wall: Date;
  o: { applyOps?: { ns: string; o: { interaction?: string } }[] };
}

/** Interaction → Unix time in ms of the commit of its entry, by MongoDB's own operation log. */
const committed = async (local: mongo.Db): Promise<Map<string, number>> => {
  const found = local.collection<Logged>('oplog.rs').find({ op: 'c', 'o.applyOps.ns': 'talteen.timeline' } as object);
  const times = new Map<string, number>();
  for await (const { wall, o } of found)
    for (const { ns, o: entry } of o.applyOps ?? [])
      if (ns === 'talteen.timeline' && entry.interaction) times.set(entry.interaction, wall.getTime());
  return times;
};

const hubRound = async (shots: readonly Shot[], seconds: number): Promise<Round> => {
  const data = await makeDataDir();
  const profile = process.env.BENCH_CPU_PROF;
  const nodeArguments = profile ? ['--cpu-prof', '--cpu-prof-dir', profile] : [];
  const hub = await startHub({ dataDir: data.path, nodeArguments });
  const api = await hub.api();
  const config = { secrets: [`whsec_${KEY.toString('base64')}`] };
  const account = await api.send<{ id: string }>('POST', '/accounts', { connector: 'webhook', name: 'Bench', config });
  const url = `${await hub.ready}/webhooks/${account.id}/events`;
  const db = await data.db();
  const waiting = () => db.collection('inbox').countDocuments();
  const warm = Math.min(500, shots.length);
  await fire(url, shots.slice(0, warm), { connections: CONNECTIONS, seconds });
  await until('the warm-up', async () => (await waiting()) === 0, 60_000);
  const halfway = new Promise<number>(resolve => setTimeout(() => resolve(waiting()), seconds * 500));
  const result = await fire(url, shots.slice(warm), { connections: CONNECTIONS, seconds });
  const backlog: [number, number] = [await halfway, await waiting()];
  await until('the inbox', async () => (await waiting()) === 0, 120_000);
  const times = await committed(await data.db('local'));
  const lags = result.answeredAt.map((at, n) => {
    const key = { sourceKey: `interaction:sms-${n + warm}`, kind: 'interaction' };
    return Math.max(0, (times.get(itemId(account.id, key)) ?? Number.NaN) - at);
  });
  if (lags.some(Number.isNaN))
    throw new Error(`${lags.filter(Number.isNaN).length} acknowledged items are on no timeline.`);
  await hub.stop();
  await data.remove();
  return { ...result, lags, backlog };
};

const rate = ({ requests, seconds }: LoadResult): number => requests / seconds;
const middle = <Result extends LoadResult>(rounds: readonly Result[]): Result =>
  [...rounds].sort((a, b) => rate(a) - rate(b))[Math.floor(rounds.length / 2)] as Result;

const intakeFigure = (floor: LoadResult, our: Round): Figure => {
  const [floor99, our99] = [percentile(floor.latencies, 0.99), percentile(our.latencies, 0.99)];
  const share = rate(our) / rate(floor);
  return {
    figure: `webhook intake, ${CONNECTIONS} connections, signed, majority and journal, to acknowledgement`,
    floor: `bare Express handler writing one document: ${rate(floor).toFixed(0)}/s, p99 ${milliseconds(floor99)}`,
    measured: `${rate(our).toFixed(0)}/s (${share.toFixed(2)} ×), p99 ${milliseconds(our99)} (${(our99 / floor99).toFixed(2)} ×)`,
    goal: '≥ 1.0 × its requests/s, p99 ≤ 1.5 ×',
    met: share >= 1 && our99 <= 1.5 * floor99,
    numbers: { floor: rate(floor), ours: rate(our), floor99, ours99: our99 },
  };
};

const lagFigure = ({ lags, backlog: [halfway, end] }: Round): Figure => {
  const p99 = percentile(lags, 0.99);
  return {
    figure: 'acknowledged → on the timeline under that load',
    floor: '',
    measured: `p50 ${milliseconds(median(lags))}, p99 ${milliseconds(p99)}; waiting halfway ${halfway}, at the end ${end}`,
    goal: 'p99 < 1 s, backlog level',
    met: p99 < LAG_GOAL_MS && end <= halfway + 500,
    numbers: { p50: median(lags), p99, halfway, end },
  };
};

/** Signed webhooks on 50 connections to their acknowledgement, against a bare handler that writes one document. */
export const webhooks: Bench = async ({ quick, say }) => {
  const seconds = sizeOf('BENCH_SECONDS', quick ? 3 : 10);
  const rounds = sizeOf('BENCH_ROUNDS', quick ? 1 : 3);
  const shots = shotsOf(seconds * 4000);
  const [floors, ours]: [LoadResult[], Round[]] = [[], []];
  for (let n = 0; n < rounds; n++) {
    const floor = await floorRound(shots, seconds);
    const our = await hubRound(shots, seconds);
    floors.push(floor);
    ours.push(our);
    say(
      `bare ${rate(floor).toFixed(0)}/s p99 ${milliseconds(percentile(floor.latencies, 0.99))}; ` +
        `ours ${rate(our).toFixed(0)}/s p99 ${milliseconds(percentile(our.latencies, 0.99))}; ` +
        `on the timeline p50 ${milliseconds(median(our.lags))} p99 ${milliseconds(percentile(our.lags, 0.99))}; waiting ${our.backlog.join(', ')}`,
    );
  }
  return [intakeFigure(middle(floors), middle(ours)), lagFigure(middle(ours))];
};
