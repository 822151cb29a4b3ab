import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, ApiError } from './api.ts';
import { type DataDir, makeDataDir } from './data-dir.ts';
import { type Hub, startHub } from './hub.ts';
import { captured, settle } from './kills.ts';
import { type Mailbox, makeMailbox, supportMails } from './mailbox.ts';
import { until } from './until.ts';

interface Scene {
  data: DataDir;
  mailbox: Mailbox;
  hub: Hub;
  api: Api;
  say: (line: string) => void;
}

const statusOf = (api: Api): Promise<number> =>
  api.get('/contacts?limit=1').then(
    () => 200,
    error => (error instanceof ApiError ? error.status : 0),
  );

/** Asks the API again and again until `over`, and says which answers there were besides 200 and 503. */
const watchAnswers = async (api: Api, over: AbortSignal): Promise<string[]> => {
  const odd = new Set<number>();
  while (!over.aborted) {
    const status = await statusOf(api);
    if (status !== 200 && status !== 503) odd.add(status);
    await sleep(100);
  }
  return [...odd].map(status => `the API answered ${status || 'nothing'} while MongoDB was away`);
};

/** Takes MongoDB away, lets mail come in meanwhile, gives it back; all without touching the hub. */
const outage = async (
  { data, mailbox, hub, api, say }: Scene,
  name: string,
  { take, giveBack }: { take: (pid: number) => void; giveBack: (pid: number) => void },
): Promise<string[]> => {
  const { pid } = await data.mongod();
  const over = new AbortController();
  take(pid);
  const answers = watchAnswers(api, over.signal);
  await mailbox.deliver(20);
  await until(`503 by /readyz (${name})`, async () => (await api.status('/readyz')) === 503, 30_000);
  await until(`503 by the API (${name})`, async () => (await statusOf(api)) === 503, 30_000);
  const alive = await api.status('/healthz');
  giveBack(pid);
  const since = performance.now();
  await until(`200 by /readyz (${name})`, async () => (await api.status('/readyz')) === 200, 60_000);
  await until(`200 by the API (${name})`, async () => (await statusOf(api)) === 200, 60_000);
  say(`${name}: back ${Math.round(performance.now() - since)} ms after MongoDB`);
  const all = (await mailbox.held()).length;
  await until(`the mail that came meanwhile (${name})`, async () => (await captured(data)) >= all, 90_000);
  over.abort();
  return [
    ...(await answers),
    ...(alive === 200 ? [] : [`/healthz answered ${alive} while MongoDB was away`]),
    ...(hub.isGone() ? ['the hub ended because MongoDB was away'] : []),
  ];
};

/**
 * MongoDB hangs, and then is away altogether: the hub answers 503 and nothing else, and is back by itself. Returns what is
 * wrong, in words.
 */
export const takeMongoAway = async ({
  say = () => undefined,
}: {
  say?: (line: string) => void;
} = {}): Promise<string[]> => {
  const data = await makeDataDir();
  const mailbox = await makeMailbox(supportMails({ count: 100, seed: 3, meanBytes: 9000 }));
  await mailbox.deliver(20);
  const hub = await startHub({ dataDir: data.path });
  const api = await hub.api();
  await api.send('POST', '/accounts', mailbox.account());
  await until('the first mails', async () => (await captured(data)) >= 20, 60_000);
  const scene = { data, mailbox, hub, api, say };
  const wrong = await outage(scene, 'MongoDB hangs', {
    take: pid => process.kill(pid, 'SIGSTOP'),
    giveBack: pid => process.kill(pid, 'SIGCONT'),
  });
  await mailbox.deliver();
  wrong.push(...(await settle(data, mailbox, hub)));
  await hub.stop();
  await mailbox.stop();
  await data.remove();
  return wrong;
};
