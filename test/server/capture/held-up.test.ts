import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { heldUpInWords, heldUpOf } from '../../../server/accounts/held-up.ts';
import { makeInbox } from '../../../server/capture/inbox.ts';
import { makeMetrics } from '../../../server/http/metrics.ts';
import { accountOf, countsOf, freshStore, mailItem, makeHub, otherConnector } from '../../support/capture.ts';

describe('inbox: what can not be captured for a reason of ours', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  let broken = true;
  beforeEach(async () => {
    broken = true;
    store = await freshStore();
    const account = { _id: 'hook', connector: 'other', name: 'hook', state: 'running' as const, createdAt: new Date() };
    await store.models.accounts.create(account);
  });
  afterEach(() => store.close());

  const pushed = (n: number, body = `pushed ${n}`) =>
    mailItem(n, { body, keyScope: 'account', sighting: undefined as never });
  const until = async (what: () => Promise<boolean>): Promise<void> => {
    for (let waited = 0; waited < 500; waited++) {
      if (await what()) return;
      await sleep(20);
    }
    expect.fail('it did not happen within 10 s');
  };
  const waiting = (filter: object = {}) => store.models.inbox.countDocuments(filter);
  const captured = (filter: object = {}) => store.models.interactions.countDocuments(filter);

  const inboxOf = ({
    spoils = () => false,
    opens = () => true,
  }: {
    spoils?(key: string): boolean;
    opens?(): boolean;
  }) => {
    const { blobs, capture, acquire } = makeHub(store);
    const commit: typeof capture.commit = async (origin, batch) => {
      if (batch.items.some(({ item }) => spoils(item.sourceKey))) throw new TypeError('a fault of ours');
      return capture.commit(origin, batch);
    };
    return makeInbox({
      models: store.models,
      blobs,
      acquire,
      capture: { ...capture, commit },
      connectors: new Map([['other', otherConnector]]),
      open: async ({ _id }: { _id: string }) => {
        if (!opens()) throw new RangeError('sealed with another key');
        return accountOf(_id);
      },
      log: { warn: () => undefined },
    });
  };

  it('is tried ever later, told of, and holds up nothing but its own interaction', async () => {
    const inbox = inboxOf({ spoils: key => broken && key === 'key-3' });
    await inbox.accept('hook', { items: [1, 2, 3, 4, 5].map(n => pushed(n)) });
    inbox.start();
    await until(async () => (await captured()) === 4);
    await inbox.accept('hook', { items: [pushed(3, 'a later content'), pushed(6)] });
    await until(async () => (await captured()) === 5 && (await waiting({ attempts: 2 })) === 1);
    const held = await store.models.inbox.findOne({ attempts: 2 }).lean();
    expect((held?.nextAt.getTime() ?? 0) - Date.now()).to.be.within(1000, 2000);
    const told = (await heldUpOf(store.models)).get('hook');
    expect(told).to.include({ rows: 1, failedBy: 'TypeError' });
    expect(told && heldUpInWords(told)).to.include('an error of the hub (TypeError)');
    expect((await makeMetrics(store.models).collect()).text).to.include('talteen_inbox_held_up{connector="other"} 1');
    broken = false;
    await store.models.inbox.updateMany({}, { nextAt: new Date() });
    await until(async () => (await waiting()) === 0);
    await inbox.stop();
    const last = await store.models.interactions.findOne({ sourceKey: 'key-3' }).lean();
    expect(last?.revisions, 'the later content came after').to.have.length(1);
    expect(await countsOf(store.models, 'hook', 'inbox')).to.include({ stored: 7, duplicate: 0, quarantined: 0 });
    expect((await heldUpOf(store.models)).size).to.equal(0);
  });

  it('an account that can not be opened is left alone as a whole, told of, and goes on once it can', async () => {
    let opened = 0;
    const inbox = inboxOf({
      opens: () => {
        opened += 1;
        return !broken;
      },
    });
    await inbox.accept('hook', { items: Array.from({ length: 50 }, (_, n) => pushed(n)) });
    inbox.start();
    await until(async () => (await heldUpOf(store.models)).get('hook')?.failedBy === 'RangeError');
    await sleep(300);
    expect(opened).to.equal(1);
    broken = false;
    await until(async () => (await captured()) === 50);
    await inbox.stop();
    expect((await heldUpOf(store.models)).size).to.equal(0);
  });
});
