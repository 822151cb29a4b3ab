import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type Batch, type Checkpoints, type Connector, ConnectorError } from '../../../connectors/contract.ts';
import { makePuller } from '../../../server/capture/puller.ts';
import { accountOf, batchOf, freshStore, mailConnector, mailItem, makeHub } from '../../support/capture.ts';

type Pull = (checkpoints: Checkpoints, signal: AbortSignal) => AsyncIterable<Batch>;

const quiet = { info: () => undefined, warn: () => undefined };

describe('puller', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  const pullers: ReturnType<typeof makePuller>[] = [];
  beforeEach(async () => {
    store = await freshStore();
    const account = { _id: 'tuki', connector: 'email', name: 'tuki', state: 'running' as const, createdAt: new Date() };
    await store.models.accounts.create(account);
  });
  afterEach(async () => {
    await Promise.all(pullers.splice(0).map(puller => puller.stop()));
    await store.close();
  });

  const startPuller = (pull: Pull) => {
    const { acquire, pump } = makeHub(store);
    const connector = { ...mailConnector, pull: (_: unknown, ...rest: [Checkpoints, AbortSignal]) => pull(...rest) };
    const connectors = new Map([['email', connector as unknown as Connector]]);
    const open = async () => accountOf('tuki');
    const puller = makePuller({ models: store.models, connectors, acquire, pump, open, log: quiet });
    pullers.push(puller);
    puller.start();
    return puller;
  };

  const forever = (signal: AbortSignal) => sleep(3_600_000, undefined, { signal }).catch(() => undefined);
  const account = () => store.models.accounts.findById('tuki').lean();
  const until = async (what: () => Promise<boolean> | boolean): Promise<void> => {
    for (let waited = 0; waited < 300; waited++) {
      if (await what()) return;
      await sleep(50);
    }
    expect.fail('it did not happen within 15 s');
  };

  it('captures what is pulled as it comes, and goes on from the checkpoint after a stop', async () => {
    const seen: unknown[] = [];
    const pull: Pull = async function* (checkpoints, signal) {
      const position = await checkpoints.get('INBOX');
      seen.push(position);
      const from = Number(position?.lastUid ?? 0);
      yield batchOf([mailItem(from + 1), mailItem(from + 2)]);
      await forever(signal);
    };
    const first = startPuller(pull);
    await until(async () => (await store.models.timeline.countDocuments()) === 2);
    await first.stop();
    startPuller(pull);
    await until(async () => (await store.models.timeline.countDocuments()) === 4);
    expect(seen).to.deep.equal([null, { lastUid: 2 }]);
  });

  it('parks an account whose sign-in is refused, and says so', async () => {
    let tries = 0;
    startPuller(async function* () {
      tries += 1;
      yield* [];
      throw new ConnectorError('stop', 'The server refused the password.');
    });
    await until(async () => (await account())?.state === 'parked');
    expect((await account())?.lastError).to.equal('The server refused the password.');
    await sleep(2500);
    expect(tries).to.equal(1);
    await store.models.accounts.updateOne({ _id: 'tuki' }, { $set: { state: 'running' }, $inc: { revision: 1 } });
    await until(() => tries === 2);
  });

  it('says why an account is parked, also one that told how far it was a moment before', async () => {
    startPuller(async function* (checkpoints) {
      yield* [];
      for (let behind = 100; behind > 0; behind--) checkpoints.lag(behind);
      throw new ConnectorError('stop', 'The server refused the password.');
    });
    await until(async () => (await account())?.state === 'parked');
    await sleep(500);
    expect((await account())?.lastError).to.equal('The server refused the password.');
  });

  it('shows what is wrong with an account that is pulled all the same, until it is well', async () => {
    let notice: string | undefined = 'The mailbox has no folder "Tuki".';
    startPuller(async function* (checkpoints, signal) {
      yield* [];
      for (; !signal.aborted; await sleep(20)) checkpoints.lag(0, notice);
    });
    await until(async () => (await account())?.lastError === notice);
    expect(await account()).to.include({ state: 'running', lagSeconds: 0 });
    notice = undefined;
    await until(async () => (await account())?.lastError === null);
  });

  it('tries again after a passing fault, with the reason shown until it is well', async () => {
    let tries = 0;
    startPuller(async function* (checkpoints, signal) {
      tries += 1;
      if (tries < 3) throw new ConnectorError('retry', 'The connection broke off.');
      checkpoints.lag(0);
      yield batchOf([mailItem(1)]);
      await forever(signal);
    });
    await until(async () => (await account())?.lastError === 'The connection broke off.');
    await until(async () => (await store.models.timeline.countDocuments()) === 1);
    await until(async () => (await account())?.lastError === null);
    expect((await account())?.state).to.equal('running');
  });

  it('says how far behind it is while its source does not answer, and takes the reason back at the first answer', async () => {
    await store.models.accounts.updateOne({ _id: 'tuki' }, { $set: { lagSeconds: 0 } });
    let answers = false;
    startPuller(async function* (checkpoints, signal) {
      if (!answers) throw new ConnectorError('retry', 'The name of the mail server is not known.');
      yield* [];
      checkpoints.lag(0);
      await forever(signal);
    });
    await until(async () => ((await account())?.lagSeconds ?? 0) >= 2);
    expect((await account())?.lastError).to.equal('The name of the mail server is not known.');
    answers = true;
    await until(async () => (await account())?.lastError === null);
    expect((await account())?.lagSeconds).to.equal(0);
  });

  it('takes a fault of its last start back, though it lags no more than then', async () => {
    await store.models.accounts.updateOne({ _id: 'tuki' }, { $set: { lagSeconds: 0, lastError: 'It was away.' } });
    startPuller(async function* (checkpoints, signal) {
      yield* [];
      checkpoints.lag(0);
      await forever(signal);
    });
    await until(async () => (await account())?.lastError === null);
  });

  it('starts again with a changed config, and stops when paused or deleted', async () => {
    const signals: AbortSignal[] = [];
    startPuller(async function* (_, signal) {
      signals.push(signal);
      yield* [];
      await forever(signal);
    });
    await until(() => signals.length === 1);
    await store.models.accounts.updateOne({ _id: 'tuki' }, { $inc: { revision: 1 } });
    await until(() => signals.length === 2);
    expect(signals[0]?.aborted).to.equal(true);
    await store.models.accounts.updateOne({ _id: 'tuki' }, { $set: { state: 'paused' }, $inc: { revision: 1 } });
    await until(() => signals[1]?.aborted === true);
    await sleep(2000);
    expect(signals).to.have.length(2);
  });

  it('an account is pulled by one of two hubs; the other takes over', async () => {
    let pulling = 0;
    let most = 0;
    const pull: Pull = async function* (_, signal) {
      pulling += 1;
      most = Math.max(most, pulling);
      yield* [];
      await forever(signal);
      pulling -= 1;
    };
    const [first] = [startPuller(pull), startPuller(pull)];
    await until(() => pulling === 1);
    await sleep(2500);
    expect(most).to.equal(1);
    await first.stop();
    await until(() => pulling === 1);
    expect(most).to.equal(1);
  });
});
