import { setTimeout as sleep } from 'node:timers/promises';
import { passedOver } from './checkpoints.ts';
import { type DataDir, makeDataDir } from './data-dir.ts';
import { whatIsWrong } from './exactly-once.ts';
import { type Hub, spawnHub, startHub } from './hub.ts';
import { type Mailbox, makeMailbox, supportMails } from './mailbox.ts';
import { makeRandom, type Random } from './random.ts';
import { until } from './until.ts';

export interface KillOptions {
  mails: number;
  /** how often the hub is killed, and MongoDB under it */
  hubKills: number;
  mongodKills: number;
  /** of the mails and of the moments */
  seed: number;
  meanBytes?: number;
  /** told what happens, a line at a time */
  say?: (line: string) => void;
}

interface Scene extends KillOptions {
  mailbox: Mailbox;
  data: DataDir;
  random: Random;
  say: (line: string) => void;
}

/** Counted, not estimated: a killed mongod estimates wrongly. */
export const captured = async (data: DataDir): Promise<number> =>
  (await data.db()).collection('sightings').countDocuments({}, { hint: '_id_' });

/** Waits for a random moment of the intake: until so many mails are captured and a little longer, or a time after the hub was spawned. */
const randomMoment = async ({ data, random }: Scene, hub: Hub, share: number): Promise<string> => {
  if (random() < 0.2) {
    const ms = Math.round(random() * 1500);
    await sleep(ms);
    return `${ms} ms after it was spawned`;
  }
  await hub.ready;
  const before = await captured(data);
  const wanted = before + Math.round(random() * share);
  const reached = async () => (await captured(data)) >= wanted;
  await until('mails', reached, 5_000, 2).catch(() => undefined);
  const ms = Math.round(random() * 60);
  await sleep(ms);
  return `${ms} ms after mail ${await captured(data)}`;
};

/** Faults that show at once: what the killed hub left may be less than the mailbox holds, but nothing may be passed over. */
const checkNow = async ({ data, mailbox }: Scene): Promise<string[]> => {
  if (!(await data.mongod().catch(() => null))) return []; // killed before its mongod was up
  const passed = await passedOver(await data.db(), await mailbox.held());
  return passed.length === 0
    ? []
    : [`${passed.length} mails passed over by a checkpoint, right after a kill, ${passed[0]} first`];
};

const killHub = async (scene: Scene, share: number): Promise<string[]> => {
  const hub = spawnHub({ dataDir: scene.data.path });
  const incoming = scene.mailbox.deliver(share);
  const when = await randomMoment(scene, hub, share);
  await hub.kill();
  await incoming;
  scene.say(`killed the hub ${when}`);
  return checkNow(scene);
};

const gone = (hub: Hub): string[] => (hub.isGone() ? [`a hub that nobody killed is gone: ${hub.complaints()}`] : []);

/** The hub lives through it, starts MongoDB again and goes on. */
const killMongod = async (scene: Scene, share: number): Promise<string[]> => {
  const { data, mailbox, say } = scene;
  const hub = await startHub({ dataDir: data.path });
  const incoming = mailbox.deliver(share);
  const when = await randomMoment(scene, hub, share);
  const before = await data.mongod();
  process.kill(before.pid, 'SIGKILL');
  await incoming;
  say(`killed mongod ${when}`);
  await data.otherMongod(before).catch(() => undefined);
  const all = (await mailbox.held()).length;
  const goneOn = async () => hub.isGone() || (await captured(data)) >= all;
  await until('the hub to go on', goneOn, 120_000);
  const wrong = gone(hub);
  await hub.kill();
  return wrong;
};

const setUp = async (options: KillOptions): Promise<Scene> => {
  const { mails, seed, meanBytes } = options;
  const data = await makeDataDir();
  const source = supportMails({ count: mails, seed, ...(meanBytes ? { meanBytes } : {}) });
  const mailbox = await makeMailbox(source, { copyEvery: 40 });
  const scene = { say: () => undefined, ...options, mailbox, data, random: makeRandom(seed) };
  const first = await startHub({ dataDir: data.path });
  await mailbox.deliver(Math.ceil(mails / 4));
  await (await first.api()).send('POST', '/accounts', mailbox.account());
  await first.kill();
  return scene;
};

/** Waits until everything the mailbox holds is captured, and says what is wrong then. */
export const settle = async (data: DataDir, mailbox: Mailbox, hub: Hub): Promise<string[]> => {
  const held = await mailbox.held();
  const all = async () => hub.isGone() || (await captured(data)) >= held.length;
  await until('all mails to be captured', all, 120_000).catch(() => undefined);
  if (hub.isGone()) return gone(hub);
  return whatIsWrong(await data.db(), await hub.api(), held);
};

/** Which kind comes when: the kills of mongod lie evenly among those of the hub. */
const order = ({ hubKills, mongodKills }: KillOptions): ('hub' | 'mongod')[] => {
  const kinds: ('hub' | 'mongod')[] = Array(hubKills).fill('hub');
  for (let n = 0; n < mongodKills; n++) kinds.splice(Math.floor(((n + 0.5) * kinds.length) / mongodKills), 0, 'mongod');
  return kinds;
};

/**
 * kill -9 of the hub, and of MongoDB under it, at random moments while mail comes in from a real Dovecot. Returns what is
 * wrong afterwards, in words: nothing, when every mail is there exactly once.
 */
export const killAtRandom = async (options: KillOptions): Promise<string[]> => {
  const scene = await setUp(options);
  const { data, mailbox, mails } = scene;
  const kinds = order(options);
  const share = Math.ceil((mails * 0.75) / kinds.length);
  const wrong: string[] = [];
  for (const kind of kinds) {
    wrong.push(...(await (kind === 'hub' ? killHub : killMongod)(scene, share)));
  }
  await mailbox.deliver();
  const hub = await startHub({ dataDir: data.path });
  scene.say('the last hub is ready');
  wrong.push(...(await settle(data, mailbox, hub)));
  scene.say(`${await captured(data)} mails captured, ${wrong.length} faults`);
  const ended = await hub.stop();
  if (ended !== 'exit code 0') wrong.push(`the last hub ended with ${ended}`);
  await mailbox.stop();
  await data.remove();
  return wrong;
};
