import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { event, interaction } from '../../../connectors/webhook/fixtures/items.ts';
import { type DataDir, makeDataDir } from '../../faults/data-dir.ts';
import { startHub } from '../../faults/hub.ts';
import { makeRandom } from '../../faults/random.ts';
import { until } from '../../faults/until.ts';
import { type Answer, addAccount, makeSender, type Sender } from './client.ts';

/** Of the moments; FAULTS_SEED repeats a run. */
const seed = Number(process.env.FAULTS_SEED ?? Math.floor(Math.random() * 1e6));
const item = (id: string) => ({ ...interaction, id, attachments: [] });

const drained = (data: DataDir): Promise<void> =>
  until('the inbox', async () => (await (await data.db()).collection('inbox').countDocuments()) === 0, 60_000);

/** How often each sender's id is there as an interaction. */
const timesOf = async (data: DataDir): Promise<Map<string, number>> => {
  const found = await (await data.db())
    .collection('interactions')
    .find({}, { projection: { externalId: 1 } })
    .toArray();
  const times = new Map<string, number>();
  for (const { externalId } of found) times.set(externalId, (times.get(externalId) ?? 0) + 1);
  return times;
};

/** Posts items one after another on several connections until the hub is gone; which of them were acknowledged. */
const postUntilGone = async (sender: Sender, round: number): Promise<{ acknowledged: string[]; end: () => void }> => {
  const acknowledged: string[] = [];
  let over = false;
  const line = async (connection: number): Promise<void> => {
    for (let n = 0; !over; n++) {
      const id = `r${round}-${connection}-${n}`;
      const answer = await sender.signed(item(id)).catch(() => null);
      if (!answer) return;
      if (answer.status === 200) acknowledged.push(id);
    }
  };
  void Promise.all(Array.from({ length: 8 }, (_, connection) => line(connection)));
  return {
    acknowledged,
    end: () => {
      over = true;
    },
  };
};

describe(`webhook: faults (FAULTS_SEED=${seed})`, function () {
  this.timeout(180_000);
  let data: DataDir;
  beforeEach(async () => {
    data = await makeDataDir();
  });
  afterEach(() => data.remove());

  it('the same webhook 1,000 times at once on two hubs is one row, and every answer is a success', async () => {
    const hubs = await Promise.all([startHub({ dataDir: data.path }), startHub({ dataDir: data.path })]);
    const account = await addAccount(await (hubs[0] as (typeof hubs)[0]).api());
    const senders = await Promise.all(hubs.map(async hub => makeSender(await hub.ready, account)));
    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, n) => (senders[n % 2] as Sender).signed(n % 4 < 2 ? item('same') : event)),
    );
    expect([...new Set(answers.map(({ status }) => status))]).to.deep.equal([200]);
    await drained(data);
    const db = await data.db();
    expect([...(await timesOf(data))]).to.deep.equal([['same', 1]]);
    expect(await db.collection('registerEvents').countDocuments()).to.equal(1);
    expect(await db.collection('timeline').countDocuments()).to.equal(2);
    const { counts } = await (await (hubs[0] as (typeof hubs)[0]).api()).get<{ counts: Record<string, number> }>(
      `/accounts/${account}`,
    );
    expect(counts).to.deep.equal({ stored: 2, duplicate: 998, quarantined: 0 });
    for (const hub of hubs) expect(await hub.stop()).to.equal('exit code 0');
  });

  it('kill -9 between acknowledgement and capture loses nothing', async () => {
    const random = makeRandom(seed);
    const acknowledged: string[] = [];
    let account = '';
    for (let round = 0; round < 3; round++) {
      const hub = await startHub({ dataDir: data.path });
      account ||= await addAccount(await hub.api());
      const posting = await postUntilGone(makeSender(await hub.ready, account), round);
      await until('acknowledgements', () => posting.acknowledged.length > 20);
      await sleep(random() * 400);
      await hub.kill();
      posting.end();
      acknowledged.push(...posting.acknowledged);
    }
    const hub = await startHub({ dataDir: data.path });
    await drained(data);
    const times = await timesOf(data);
    expect(acknowledged.filter(id => times.get(id) !== 1)).to.deep.equal([]);
    expect([...times.values()].filter(count => count > 1)).to.deep.equal([]);
    await hub.stop();
  });

  it('answers 503 within five seconds while MongoDB hangs or is gone, and takes it in when it is back', async () => {
    const hub = await startHub({ dataDir: data.path });
    const account = await addAccount(await hub.api());
    const sender = makeSender(await hub.ready, account);
    expect((await sender.signed(item('before'))).status).to.equal(200);
    const answered = async (id: string): Promise<Answer & { ms: number }> => {
      const since = performance.now();
      return { ...(await sender.signed(item(id))), ms: performance.now() - since };
    };
    const { pid } = await data.mongod();
    process.kill(pid, 'SIGSTOP');
    const away = await Promise.all(Array.from({ length: 20 }, (_, n) => answered(`hangs-${n}`)));
    process.kill(pid, 'SIGCONT');
    expect([...new Set(away.map(({ status }) => status))]).to.deep.equal([503]);
    expect(Math.max(...away.map(({ ms }) => ms))).to.be.below(5000);
    process.kill(pid, 'SIGKILL');
    const gone = await answered('gone');
    expect(gone.ms).to.be.below(5000);
    expect(gone.status).to.be.oneOf([200, 503]);
    const back = async () => (await sender.signed(item('gone'))).status === 200;
    await until('the hub to take it in', back, 60_000, 200);
    await drained(data);
    const times = await timesOf(data);
    expect([times.get('before'), times.get('gone')]).to.deep.equal([1, 1]);
    await hub.stop();
  });
});
