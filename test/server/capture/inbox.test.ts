import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
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

  const inboxOf = (fails = () => false) => {
    const { blobs, capture, acquire } = makeHub(store);
    const failing = {
      ...capture,
      commit: (...given: Parameters<typeof capture.commit>) => {
        if (fails()) throw new Error('the database is away');
        return capture.commit(...given);
      },
    };
    const connectors = new Map([['other', otherConnector]]);
    const open = async () => accountOf('hook');
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
    await Promise.all(Array.from({ length: 1000 }, () => inbox.accept('hook', { items: [pushed(1)] })));
    await drained();
    await inbox.stop();
    expect(await store.models.interactions.countDocuments()).to.equal(1);
    expect((await countsOf(store.models, 'hook', 'inbox'))?.stored).to.equal(1);
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

  it('refuses before it has stored when the database is away', async () => {
    const inbox = inboxOf();
    await store.models.connection.close();
    expect(await inbox.accept('hook', { items: [pushed(1)] }).catch(error => error)).to.be.instanceOf(Error);
  });
});
