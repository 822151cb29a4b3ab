import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { mongo } from 'mongoose';
import { chromium, type Page } from 'playwright-core';
import { makeDataDir } from '../test/faults/data-dir.ts';
import { type Hub, startHub } from '../test/faults/hub.ts';
import { type Incoming, makeMailbox } from '../test/faults/mailbox.ts';
import { ADMINISTRATOR } from '../test/faults/program.ts';
import { until } from '../test/faults/until.ts';
import { atEnd } from '../test/support/closers.ts';
import { locate } from '../test/support/needs.ts';
import { type Bench, median, milliseconds, percentile, sizeOf } from './harness/figure.ts';

const GOAL_MS = 250;
/** from one's commit to the next one's arrival */
const BETWEEN_MS = 50;
/** after the last commit */
const SETTLED_MS = 3000;
/** there before the page is opened */
const BEFORE = 60;
const IN_PAGE = fileURLToPath(new URL('./harness/in-page.mjs', import.meta.url));
const CUSTOMER = 'paivi@kuusilahti.example';

/** A second apart, as INTERNALDATE has no less: each is the newest when it comes. */
function* letters(count: number): Generator<Incoming> {
  const now = Date.now();
  for (let n = 0; n < count; n++) {
    const date = new Date(now - (count - n) * 1000);
    const lines = [
      `From: =?utf-8?q?P=C3=A4ivi_M=C3=A4kel=C3=A4?= <${CUSTOMER}>`,
      'To: tuki@varaamo.example',
      `Subject: Vuorot ${n}`,
      `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
      `Message-ID: <live-${n}@kuusilahti.example>`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      '',
      `Hei! Siirtäisimme vuoron ${n} keskiviikolle.`,
      '',
    ];
    yield { folder: 'INBOX', raw: Buffer.from(lines.join('\r\n')), date };
  }
}

/** Goes to the newest entry, where a reader sees what arrives: the page never moves one who reads further up. */
const toEnd = (page: Page): Promise<void> =>
  until('the end of the timeline', async () => {
    await page.evaluate("document.querySelector('.stream').scrollTop = 1e9");
    await sleep(200);
    return page.evaluate<boolean>(`(({scrollHeight, scrollTop, clientHeight}) => scrollHeight - scrollTop - clientHeight < 2)
      (document.querySelector('.stream'))`);
  });

/** Signs in and opens the contact's timeline; resolves once its entries are there. */
const openPage = async (hub: Hub, contact: string): Promise<Page> => {
  const executablePath = locate('chromium');
  if (!executablePath) throw new Error('Chromium is not installed (apt-get install chromium).');
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox'],
    handleSIGINT: false,
    handleSIGTERM: false,
  });
  atEnd(() => browser.close());
  const context = await browser.newContext({ baseURL: await hub.ready, viewport: { width: 1440, height: 900 } });
  const answer = await context.request.post('/api/v1/session', { data: ADMINISTRATOR });
  if (!answer.ok()) throw new Error(`Signing in: HTTP ${answer.status()}`);
  const page = await context.newPage();
  await page.goto(`/contacts/${contact}`);
  await page.locator('.stream:not([data-opening]) article.entry').first().waitFor();
  await toEnd(page);
  return page;
};

/** The page notes when each entry is drawn. */
const watch = async (page: Page): Promise<void> => void (await page.evaluate(await readFile(IN_PAGE, 'utf8')));

const shownIn = async (page: Page): Promise<Map<string, number>> =>
  new Map(await page.evaluate<[string, number][]>('[...shownAt]'));

interface Logged {
  wall: Date;
  o: { applyOps?: { ns: string; o: { _id: string } }[] };
}

/** Entry → Unix time in ms of its commit, by MongoDB's own operation log (`wall`): before any reader could see it. */
const commits = async (local: mongo.Db, since: Date): Promise<Map<string, number>> => {
  const found = local
    .collection<Logged>('oplog.rs')
    .find({ op: 'c', 'o.applyOps.ns': 'talteen.timeline', wall: { $gte: since } } as object);
  const times = new Map<string, number>();
  for await (const { wall, o } of found)
    for (const { ns, o: document } of o.applyOps ?? [])
      if (ns === 'talteen.timeline') times.set(document._id, wall.getTime());
  return times;
};

/** The contact that capture made of the sender. */
const contactOf = async (hub: Hub): Promise<string> => {
  const api = await hub.api();
  const { items } = await api.get<{ items: { id: string }[] }>(`/contacts?q=${encodeURIComponent(CUSTOMER)}`);
  const [contact] = items;
  if (!contact || items.length > 1) throw new Error(`${items.length} contacts of one sender.`);
  return contact.id;
};

/** Mails arrive one by one at a real mail server while a browser has the sender's timeline open. Returns ms from commit to screen. */
const delays = async (arrivals: number, say: (line: string) => void): Promise<number[]> => {
  const mailbox = await makeMailbox(letters(BEFORE + arrivals));
  await mailbox.deliver(BEFORE);
  const data = await makeDataDir();
  const hub = await startHub({ dataDir: data.path });
  const db = await data.db();
  await (await hub.api()).send('POST', '/accounts', mailbox.account());
  const captured = (count: number) => async () => (await db.collection('timeline').estimatedDocumentCount()) >= count;
  await until('the first mails', captured(BEFORE), 60_000);
  const page = await openPage(hub, await contactOf(hub));
  await watch(page);
  await sleep(1000); // what the page shows from the start is not an arrival
  const since = new Date();
  for (let n = 0; n < arrivals; n++) {
    await mailbox.deliver(1);
    await until('the next mail', captured(BEFORE + n + 1), 60_000, 10);
    await sleep(BETWEEN_MS);
  }
  say(`${arrivals} mails arrived`);
  const committed = await commits(await data.db('local'), since);
  if (committed.size !== arrivals) throw new Error(`${committed.size} commits of ${arrivals} entries.`);
  await sleep(SETTLED_MS);
  const shown = await shownIn(page);
  const unseen = [...committed.keys()].filter(id => !shown.has(id)).length;
  if (unseen > 0) throw new Error(`${unseen} of ${arrivals} entries never came onto the page.`);
  await page.context().browser()?.close();
  await hub.stop();
  await mailbox.stop();
  await data.remove();
  return [...committed].map(([id, at]) => (shown.get(id) ?? Number.NaN) - at);
};

/** From an entry's commit to its row on the screen of a browser that has the timeline open. */
export const live: Bench = async ({ quick, say }) => {
  const arrivals = sizeOf('BENCH_ARRIVALS', quick ? 25 : 200);
  const all = await delays(arrivals, say);
  const p99 = percentile(all, 0.99);
  return [
    {
      figure: `committed → visible in an open browser, ${arrivals} mails that arrive one by one`,
      floor: '',
      measured: `p50 ${milliseconds(median(all))}, p99 ${milliseconds(p99)}`,
      goal: 'p99 < 250 ms',
      met: p99 < GOAL_MS,
      numbers: { p50: median(all), p99, longest: Math.max(...all), shortest: Math.min(...all) },
    },
  ];
};
