import { makeDataDir } from './data-dir.ts';
import { whatIsWrong } from './exactly-once.ts';
import { type Hub, spawnHub } from './hub.ts';
import { captured, settle } from './kills.ts';
import { makeMailbox, supportMails } from './mailbox.ts';
import { makeRandom } from './random.ts';
import { until } from './until.ts';

export interface TwoHubsOptions {
  mails: number;
  /** how often one of the two is killed and started again */
  kills: number;
  seed: number;
  meanBytes?: number;
  say?: (line: string) => void;
}

type Data = Awaited<ReturnType<typeof makeDataDir>>;

/** What two that start on an empty folder at the same moment must not make twice. */
const checkFirstStart = async (data: Data): Promise<string[]> => {
  const db = await data.db();
  const count = (name: string) => db.collection(name).countDocuments();
  const [users, tokens, policies] = [
    await count('users'),
    await count('tokens'),
    await db.collection('policies').distinct('id'),
  ];
  return [
    ...(users === 1 ? [] : [`${users} first administrators`]),
    ...(tokens === 1 ? [] : [`${tokens} first tokens`]),
    ...(policies.length === new Set(policies).size ? [] : ['a policy is there twice']),
  ];
};

/** The hub that holds the account's lease, by its process id. */
export const holderOf = async (data: Data, account: string): Promise<number | undefined> => {
  const lease = await (await data.db())
    .collection<{ _id: string; holder: { pid: number } | null }>('leases')
    .findOne({ _id: account });
  return lease?.holder?.pid;
};

/**
 * Two hubs that start at the same moment on one empty data folder, and take in one mailbox together while now this one and
 * now that one is killed. Returns what is wrong afterwards, in words.
 */
export const runTwoHubs = async ({
  mails,
  kills,
  seed,
  meanBytes,
  say = () => undefined,
}: TwoHubsOptions): Promise<string[]> => {
  const random = makeRandom(seed);
  const data = await makeDataDir();
  const mailbox = await makeMailbox(supportMails({ count: mails, seed, ...(meanBytes ? { meanBytes } : {}) }), {
    copyEvery: 40,
  });
  const spawn = () => spawnHub({ dataDir: data.path });
  const hubs: [Hub, Hub] = [spawn(), spawn()];
  await Promise.all(hubs.map(({ ready }) => ready));
  const wrong = await checkFirstStart(data);
  await (await hubs[0].api()).send('POST', '/accounts', mailbox.account());
  for (let n = 0; n < kills; n++) {
    const before = await captured(data);
    await mailbox.deliver(Math.ceil(mails / (kills + 1)));
    const some = before + random() * (mailbox.delivered.mails - before);
    await until('mails', async () => (await captured(data)) >= some, 60_000, 2);
    const which = random() < 0.5 ? 0 : 1;
    await hubs[which].kill();
    say(`killed hub ${which + 1} of 2 after mail ${await captured(data)}`);
    hubs[which] = spawn();
    if (random() < 0.5) await hubs[which].ready;
  }
  await mailbox.deliver();
  await Promise.all(hubs.map(({ ready }) => ready));
  wrong.push(...(await settle(data, mailbox, hubs[0])));
  // the other one answers the same
  wrong.push(...(await whatIsWrong(await data.db(), await hubs[1].api(), await mailbox.held())));
  for (const hub of hubs) {
    const ended = await hub.stop();
    if (ended !== 'exit code 0') wrong.push(`a hub ended with ${ended}`);
  }
  if (await data.mongod().catch(() => null)) wrong.push('mongod still runs after both hubs have left');
  say(`${mailbox.delivered.mails} mails, ${wrong.length} faults`);
  await mailbox.stop();
  await data.remove();
  return wrong;
};
