import { mongo } from 'mongoose';
import { Client } from 'undici';
import { makeDataDir } from '../test/faults/data-dir.ts';
import { startHub } from '../test/faults/hub.ts';
import { TOKEN } from '../test/faults/program.ts';
import { seedContacts, seedEntries } from './harness/entries.ts';
import { type Bench, type Figure, median, percentile, sizeOf } from './harness/figure.ts';

const PAGE = 50;
const ABOVE_MS = 3;
const GROWTH = 1.2;
const WARM_UP = 200;
/** so many of the same one after the other, as who turns pages asks */
const TURN = 20;
const CONTACTS = 4000;
/** of the contact that is one of many */
const USUAL = 1000;

interface Sample {
  floor: number[];
  hub: number[];
}

const timed = async (work: () => Promise<number>): Promise<number> => {
  const began = performance.now();
  const entries = await work();
  const took = performance.now() - began;
  if (entries !== PAGE) throw new Error(`A page of ${PAGE} had ${entries} entries.`);
  return took;
};

const several = async (work: () => Promise<number>): Promise<number[]> => {
  const times: number[] = [];
  for (let n = 0; n < TURN; n++) times.push(await timed(work));
  return times;
};

/** How many are there, in a word: 10k, 1M. */
const short = (count: number): string =>
  count >= 1e6 ? `${count / 1e6}M` : count >= 1000 ? `${count / 1000}k` : `${count}`;

/** A store of `size` entries: spread over many contacts, one of whom has 1,000; or with a contact who has them all besides. */
const openStore = async (size: number, say: (line: string) => void) => {
  const data = await makeDataDir();
  const hub = await startHub({ dataDir: data.path, env: { LOG_LEVEL: 'error' } });
  const api = await hub.api();
  const db = await data.db();
  const create = async (last: string) =>
    (await api.send<{ id: string }>('POST', '/contacts', { name: { first: 'Päivi', last } })).id;
  const [usual, large] = [await create('Mäkelä'), await create('Suuronen')];
  const others = await seedContacts(db, CONTACTS);
  const began = performance.now();
  const every = Math.max(2, Math.floor(size / USUAL));
  // every other entry is of the one who has as many as the store has besides
  const whose = (n: number): string => {
    if (n % 2 === 1) return large;
    const at = n / 2;
    return at % every === 0 ? usual : (others[(at * 7919) % others.length] as string);
  };
  await seedEntries(db, 2 * size, whose);
  await db.admin().command({ fsync: 1 });
  say(`${2 * size} entries in ${((performance.now() - began) / 1000).toFixed(0)} s`);

  // a client of its own with one connection, kept alive as a browser's is
  const client = new mongo.MongoClient(await data.uri());
  const timeline = client.db('talteen').collection('timeline');
  const http = new Client(await hub.ready);
  const contacts = { usual, large };

  const bare = (contact: string, channel?: string) => async () =>
    (
      await timeline
        .find({ contact, ...(channel ? { channel } : {}) }, { sort: { occurredAt: -1, _id: -1 }, limit: PAGE + 1 })
        .toArray()
    ).slice(0, PAGE).length;
  const rest = (contact: string, channel?: string) => async () => {
    const path = `/api/v1/contacts/${contact}/timeline?limit=${PAGE}${channel ? `&channel=${channel}` : ''}`;
    const answer = await http.request({ method: 'GET', path, headers: { authorization: `Bearer ${TOKEN}` } });
    const { items } = (await answer.body.json()) as { items: unknown[] };
    return items.length;
  };
  return {
    size,
    /** the bare query, then the hub's page, as often as one turn has, each timed in ms */
    turn: async (whom: 'usual' | 'large', channel?: string): Promise<Sample> => ({
      floor: await several(bare(contacts[whom], channel)),
      hub: await several(rest(contacts[whom], channel)),
    }),
    close: async () => {
      await http.close();
      await client.close();
      await hub.stop();
      await data.remove();
    },
  };
};

type Store = Awaited<ReturnType<typeof openStore>>;

/** The stores take turns, and in each the floor and the hub: whatever else the machine does hits all alike. */
const sample = async (
  stores: Store[],
  { rounds, warmUp }: { rounds: number; warmUp: number },
  whom: 'usual' | 'large',
  channel?: string,
) => {
  const samples = new Map<number, Sample>(stores.map(({ size }) => [size, { floor: [], hub: [] }]));
  for (let round = -warmUp; round < rounds; round += TURN) {
    for (const store of stores) {
      const { floor, hub } = await store.turn(whom, channel);
      if (round < 0) continue;
      samples.get(store.size)?.floor.push(...floor);
      samples.get(store.size)?.hub.push(...hub);
    }
  }
  return samples;
};

const inWords = (values: number[]): string =>
  `${median(values).toFixed(2)} (p99 ${percentile(values, 0.99).toFixed(1)})`;

const figureOf = (what: string, samples: Map<number, Sample>, count: (size: number) => string): Figure => {
  const rows = [...samples].map(([size, { floor, hub }]) => ({ size: count(size), floor, hub }));
  const above = rows.map(({ floor, hub }) => median(hub) - median(floor));
  const growth = median(rows.at(-1)?.hub ?? []) / median(rows[0]?.hub ?? []);
  const words = (side: 'floor' | 'hub') => rows.map(row => `${row.size}: ${inWords(row[side])}`).join(', ');
  const numbers = rows.flatMap(({ size, floor, hub }) => [
    [`floor p50 ${size}`, median(floor)],
    [`hub p50 ${size}`, median(hub)],
    [`hub p99 ${size}`, percentile(hub, 0.99)],
  ]);
  return {
    figure: `timeline page of ${PAGE} through the REST API, ms at p50, ${what}`,
    floor: `bare query ${words('floor')}`,
    measured: `${words('hub')}; at most ${Math.max(...above).toFixed(2)} above; last/first ${growth.toFixed(2)}`,
    goal: '≤ 3 ms above the floor, within 20 % from first to last',
    met: Math.max(...above) <= ABOVE_MS && growth <= GROWTH,
    numbers: { ...Object.fromEntries(numbers), above: Math.max(...above), growth },
  };
};

/** A page of a timeline through the API, access log included, against the bare query; in small and in large stores. */
export const timeline: Bench = async ({ quick, say }) => {
  const times = { rounds: sizeOf('BENCH_REQUESTS', quick ? 50 : 300), warmUp: quick ? 20 : WARM_UP };
  const largest = sizeOf('BENCH_ENTRIES', quick ? 20_000 : 1_000_000);
  const stores: Store[] = [];
  const sizes = new Set([largest / 100, largest / 10, largest].map(size => Math.max(size, 2 * USUAL)));
  for (const size of sizes) stores.push(await openStore(size, say));
  const figures: Figure[] = [];
  for (const whom of ['usual', 'large'] as const) {
    const who = whom === 'usual' ? 'of a contact of 1k, by entries in the store' : 'by entries of the contact itself';
    for (const channel of [undefined, 'email']) {
      const samples = await sample(stores, times, whom, channel);
      // a store holds as much again besides what its largest contact has
      const count = (size: number): string => short(whom === 'usual' ? 2 * size : size);
      figures.push(figureOf(`${channel ? `channel ${channel}` : 'unfiltered'}, ${who}`, samples, count));
    }
  }
  for (const store of stores) await store.close();
  return figures;
};
