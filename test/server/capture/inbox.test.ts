import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { trusted } from '../../../models/schema.ts';
import { makeInbox } from '../../../server/capture/inbox.ts';
import { accountOf, countsOf, freshStore, mailItem, makeHub, otherConnector } from '../../support/capture.ts';

describe('inbox: what is pushed', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  beforeEach(async () => {
    store = await freshStore();
    await store.models.accounts.create({
      _id: 'hook',
      connector: 'other',
      name: 'hook',
      state: 'running',
      createdAt: new Date(),
    });
  });
  afterEach(() => store.close());

  type Batch = Parameters<ReturnType<typeof makeHub>['capture']['commit']>[1];

  /** `seen` is told each batch before it is committed, and may spoil it. */
  const inboxOf = (
    fails: (account: string) => boolean = () => false,
    seen: (batch: Batch) => void = () => undefined,
  ) => {
    const { blobs, capture, acquire } = makeHub(store);
    const failing = {
      ...capture,
      commit: (...given: Parameters<typeof capture.commit>) => {
        if (fails(given[0].account.id)) throw new Error('the database is away');
        seen(given[1]);
        return capture.commit(...given);
      },
    };
    const connectors = new Map([['other', otherConnector]]);
    const open = async ({ _id }: { _id: string }) => accountOf(_id);
    const log = { warn: () => undefined };
    return makeInbox({ models: store.models, blobs, capture: failing, acquire, connectors, open, log });
  };

  const pushed = (n: number, body = `pushed ${n}`) =>
    mailItem(n, { body, keyScope: 'account', sighting: undefined as never });

  const until = async (what: () => Promise<boolean>): Promise<void> => {
    for (let waited = 0; waited < 200; waited++) {
      if (await what()) return;
      await sleep(50);
    }
    expect.fail('it did not happen within 10 s');
  };
  const drained = () => until(async () => (await store.models.inbox.countDocuments()) === 0);

  it('is durable when accepted, captured after, and leaves the inbox with its capture', async () => {
    const inbox = inboxOf();
    const part = Buffer.from('a file');
    const withFile = {
      ...pushed(1),
      parts: [{ name: 'a.txt', type: 'text/plain', size: 6, open: () => Readable.from([part]) }],
    };
    await inbox.accept('hook', { items: [withFile, pushed(2)] });
    expect(await store.models.inbox.countDocuments()).to.equal(2);
    expect(await store.models.interactions.countDocuments()).to.equal(0);
    inbox.start();
    await drained();
    await inbox.stop();
    expect(await store.models.interactions.countDocuments()).to.equal(2);
    const stored = await store.models.interactions.findOne({ sourceKey: 'key-1' }).lean();
    const blob = await makeHub(store).blobs.open(stored?.parts[0]?.blob ?? '');
    expect(Buffer.concat(await (blob?.stream.toArray() ?? [])).toString()).to.equal('a file');
  });

  it('a thousand repetitions at once are one interaction, and all are accepted', async () => {
    const inbox = inboxOf();
    inbox.start();
    const accepted = await Promise.all(
      Array.from({ length: 1000 }, () => inbox.accept('hook', { items: [pushed(1)] })),
    );
    await drained();
    await inbox.stop();
    // 'stored' is durably accepted: one that is captured between another's look-up and its insert may be answered so twice
    const answers = accepted.flat();
    expect(answers.filter(what => what === 'stored').length).to.be.within(1, 10);
    expect(answers.filter(what => what !== 'stored' && what !== 'duplicate')).to.deep.equal([]);
    expect(await store.models.interactions.countDocuments()).to.equal(1);
    expect((await countsOf(store.models, 'hook', 'inbox'))?.stored).to.equal(1);
  });

  it('takes texts that are longer than a row may be', async () => {
    const inbox = inboxOf();
    const text = 'Hyvää päivää €. '.repeat(700_000);
    const item = { ...pushed(1), text, html: `<p>${text}</p>` };
    expect(await inbox.accept('hook', { items: [item, pushed(2)] })).to.deep.equal(['stored', 'stored']);
    inbox.start();
    await drained();
    await inbox.stop();
    const stored = await store.models.interactions.findOne({ sourceKey: 'key-1' }).lean();
    const contents = await store.models.contents.findById(stored?._id).lean();
    expect(text.startsWith(contents?.text ?? 'none')).to.equal(true);
    const blob = await makeHub(store).blobs.open(contents?.overflow ?? '');
    const whole = JSON.parse(Buffer.concat(await (blob?.stream.toArray() ?? [])).toString());
    expect([whole.text === text, whole.html === item.html]).to.deep.equal([true, true]);
  });

  it('keeps the order of arrival of one key', async () => {
    const inbox = inboxOf();
    for (const body of ['first', 'second', 'third']) await inbox.accept('hook', { items: [pushed(1, body)] });
    inbox.start();
    await drained();
    await inbox.stop();
    expect((await store.models.contents.findOne().lean())?.text).to.equal('third');
    expect((await store.models.interactions.findOne().lean())?.revisions).to.have.length(2);
  });

  const status = (state: string, rank: number) =>
    mailItem(rank, {
      sourceKey: `status:${state}`,
      keyScope: 'account',
      kind: 'status',
      belongsTo: 'key-1',
      status: { state, rank },
      sighting: undefined as never,
      body: state,
    });

  it('keeps the order of arrival of what waited, also over a restart', async () => {
    const first = inboxOf();
    await first.accept('hook', { items: [pushed(8), pushed(9), status('queued', 1)] });
    const second = inboxOf();
    second.start();
    await until(async () => (await store.models.inbox.countDocuments()) === 1);
    await second.accept('hook', { items: [status('sent', 2)] });
    await until(async () => (await store.models.inbox.countDocuments({ waitsFor: trusted({ $exists: true }) })) === 2);
    await second.accept('hook', { items: [pushed(1)] });
    await drained();
    await second.stop();
    const found = await store.models.interactions.findOne({ sourceKey: 'key-1' }).lean();
    expect(found?.status?.history.map(({ state }) => state)).to.deep.equal(['queued', 'sent']);
  });

  it('keeps what waits when another item of its batch can not be stored', async () => {
    const spoil = ({ items }: Batch) => {
      for (const { item } of items) if (item.sourceKey === 'key-2') item.subject = 'x'.repeat(17_000_000);
    };
    const inbox = inboxOf(() => false, spoil);
    await inbox.accept('hook', { items: [status('queued', 1), pushed(2), pushed(3)] });
    inbox.start();
    await until(async () => (await store.models.inbox.countDocuments()) === 1);
    expect(await countsOf(store.models, 'hook', 'inbox')).to.deep.equal({ stored: 1, duplicate: 0, quarantined: 1 });
    await inbox.accept('hook', { items: [pushed(1)] });
    await drained();
    await inbox.stop();
    const found = await store.models.interactions.findOne({ sourceKey: 'key-1' }).lean();
    expect(found?.status?.state).to.equal('queued');
    expect(await countsOf(store.models, 'hook', 'inbox')).to.deep.equal({ stored: 3, duplicate: 0, quarantined: 1 });
  });

  it('holds no more at once than fits into memory', async () => {
    const sizes: number[] = [];
    const inbox = inboxOf(
      () => false,
      ({ items }) => sizes.push(items.length),
    );
    const file = { name: 'a.bin', type: 'application/octet-stream', size: 60_000 };
    const parts = Array.from({ length: 90 }, (_, n) => ({
      ...file,
      open: () => Readable.from([Buffer.alloc(60_000, n)]),
    }));
    for (let n = 0; n < 8; n++) await inbox.accept('hook', { items: [{ ...pushed(n), parts }] });
    inbox.start();
    await drained();
    await inbox.stop();
    expect(sizes.reduce((a, b) => a + b)).to.equal(8);
    expect(Math.max(...sizes)).to.be.lessThan(8);
  });

  it('tries again after a fault of ours, and loses nothing', async () => {
    let faults = 2;
    const inbox = inboxOf(() => faults-- > 0);
    await inbox.accept('hook', { items: [pushed(1), pushed(2)] });
    inbox.start();
    await drained();
    await inbox.stop();
    expect(faults).to.be.lessThan(1);
    expect(await countsOf(store.models, 'hook', 'inbox')).to.deep.equal({ stored: 2, duplicate: 0, quarantined: 0 });
  });

  it('holds up nobody else for an account whose items can not be captured', async () => {
    const { _id: _, ...hook } = (await store.models.accounts.findById('hook').lean()) ?? {};
    await store.models.accounts.collection.insertOne({ ...hook, _id: 'other hook' } as never);
    let stuck = true;
    const inbox = inboxOf(account => stuck && account === 'hook');
    await inbox.accept('hook', { items: Array.from({ length: 300 }, (_each, n) => pushed(n)) });
    await inbox.accept('other hook', { items: [pushed(1)] });
    inbox.start();
    await until(async () => (await store.models.inbox.countDocuments({ account: 'other hook' })) === 0);
    expect(await store.models.inbox.countDocuments()).to.equal(300);
    stuck = false;
    await drained();
    await inbox.stop();
    expect((await countsOf(store.models, 'hook', 'inbox'))?.stored).to.equal(300);
  });

  it('what can not be read goes to quarantine with its bytes, once', async () => {
    const inbox = inboxOf();
    const raw = { ...(mailItem(1, { body: '{not json' }).raw as NonNullable<ReturnType<typeof mailItem>['raw']>) };
    const failed = [{ locator: 'request-1', reason: 'It is no JSON.', raw }];
    await inbox.accept('hook', { items: [], failed });
    await inbox.accept('hook', { items: [], failed });
    inbox.start();
    await drained();
    await inbox.stop();
    const rows = await store.models.quarantine.find().lean();
    expect(rows.map(({ locator, state, reason }) => ({ locator, state, reason }))).to.deep.equal([
      { locator: 'request-1', state: 'open', reason: 'It is no JSON.' },
    ]);
    const blob = await makeHub(store).blobs.open(rows[0]?.original?.blob ?? '');
    expect(Buffer.concat(await (blob?.stream.toArray() ?? [])).toString()).to.equal('{not json');
  });

  it('keeps what is too large for a document, in quarantine, and whoever shares its insert is served', async () => {
    const inbox = inboxOf();
    const large = {
      ...pushed(1),
      participants: [{ role: 'from', identifier: { type: 'chat', value: 'x'.repeat(17_000_000) } }],
    };
    const accepted = await Promise.all([
      inbox.accept('hook', { items: [pushed(2), large as never, pushed(3)] }),
      inbox.accept('hook', { items: [pushed(4)] }),
    ]);
    expect(accepted).to.deep.equal([['stored', 'stored', 'stored'], ['stored']]);
    inbox.start();
    await drained();
    await inbox.stop();
    expect(await store.models.interactions.countDocuments()).to.equal(3);
    const [row] = await store.models.quarantine.find().lean();
    expect(row).to.include({ locator: 'key-1', reason: 'It is too large to be captured.' });
    expect(row?.original?.size).to.equal(large.raw?.size);
  });

  it('refuses before it has stored when the database is away', async () => {
    const inbox = inboxOf();
    await store.models.connection.close();
    expect(await inbox.accept('hook', { items: [pushed(1)] }).catch(error => error)).to.be.instanceOf(Error);
  });
});
