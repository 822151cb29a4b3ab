import { expect } from 'chai';
import { makeCheckpoints } from '../../../server/capture/checkpoints.ts';
import { LeaseLostError } from '../../../server/capture/types.ts';
import {
  accountOf,
  batchOf,
  countsOf,
  freshStore,
  mailConnector,
  mailItem,
  makeHub,
  otherConnector,
} from '../../support/capture.ts';

describe('capture: exactly once', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  beforeEach(async () => {
    store = await freshStore();
  });
  afterEach(() => store.close());

  const numbers = async () => ({
    interactions: await store.models.interactions.countDocuments(),
    contents: await store.models.contents.countDocuments(),
    entries: await store.models.timeline.countDocuments(),
    sightings: await store.models.sightings.countDocuments(),
    contacts: await store.models.contacts.countDocuments(),
    blobs: await store.models.blobs.countDocuments(),
  });

  it('stores an item with its contents, entry, sighting, contact and original', async () => {
    await makeHub(store).take([batchOf([mailItem(1)])]);
    expect(await numbers()).to.deep.equal({
      interactions: 1,
      contents: 1,
      entries: 1,
      sightings: 1,
      contacts: 1,
      blobs: 1,
    });
    const [entry, contact] = [
      await store.models.timeline.findOne().lean(),
      await store.models.contacts.findOne().lean(),
    ];
    expect(entry?.contact).to.equal(contact?._id);
    expect(entry?.retention).to.include({ policy: 'unknown-sender', trigger: 'captured' });
    expect(entry?.retention.keepUntil).to.match(/^\d{4}-\d\d-\d\d$/);
    expect(contact).to.deep.include({ provisional: true, name: { first: 'Päivi', last: 'Mäkelä' } });
    expect(contact?.lastEntry?.text).to.equal('Subject 1');
  });

  it('takes the same batch again as duplicates, and counts what it saw', async () => {
    const batch = batchOf([mailItem(1), mailItem(2)]);
    await makeHub(store).take([batch]);
    const before = await numbers();
    await makeHub(store).take([batch], { withToken: 2 });
    expect(await numbers()).to.deep.equal(before);
    expect(await countsOf(store.models)).to.deep.equal({ stored: 2, duplicate: 2, quarantined: 0 });
  });

  it('makes one interaction of copies in one batch, in two folders and in two accounts, each with its sighting', async () => {
    const copy = mailItem(1, { sighting: { folder: 'INBOX', uidValidity: '7', uid: 9 } });
    const hub = makeHub(store);
    await hub.take([batchOf([mailItem(1), copy])]);
    const archived = mailItem(1, { sighting: { folder: 'Archive', uidValidity: '3', uid: 1 } });
    await hub.take([batchOf([archived], { stream: 'Archive', uidValidity: '3' })]);
    await hub.take([batchOf([mailItem(1)])], { account: 'myynti' });
    expect(await numbers()).to.include({ interactions: 1, entries: 1, sightings: 4, blobs: 1 });
    const interaction = await store.models.interactions.findOne().lean();
    expect(interaction).to.deep.include({ account: 'tuki', accounts: ['tuki', 'myynti'] });
    expect((await store.models.timeline.findOne().lean())?.accounts).to.deep.equal(['tuki', 'myynti']);
  });

  it('keeps each distinct original of one mail, and counts it as a duplicate', async () => {
    const other = mailItem(1, {
      body: 'Received: by another\nmail 1',
      sighting: { folder: 'INBOX', uidValidity: '7', uid: 2 },
    });
    await makeHub(store).take([batchOf([mailItem(1)]), batchOf([other])]);
    expect(await numbers()).to.include({ interactions: 1, sightings: 2, blobs: 2 });
    expect(await countsOf(store.models)).to.deep.equal({ stored: 1, duplicate: 1, quarantined: 0 });
    expect((await store.models.interactions.findOne().lean())?.revisions).to.deep.equal([]);
  });

  it("keeps other content under a provider's key as a revision, once", async () => {
    const item = (body: string) => mailItem(1, { body, keyScope: 'account', sighting: undefined as never });
    const hub = makeHub(store);
    for (const body of ['first', 'second', 'second', 'first']) {
      await hub.take([batchOf([item(body)], { stream: 'inbox' })], { connector: otherConnector });
    }
    const interaction = await store.models.interactions.findOne().lean();
    expect(interaction?.revisions).to.have.length(1);
    expect((await store.models.contents.findOne().lean())?.text).to.equal('second');
    expect(await countsOf(store.models, 'tuki', 'inbox')).to.deep.equal({ stored: 2, duplicate: 2, quarantined: 0 });
    await hub.take([batchOf([item('first')], { stream: 'inbox' })], { connector: otherConnector, account: 'another' });
    expect(await store.models.interactions.countDocuments(), "a provider's key holds within its account").to.equal(2);
  });

  for (const [when, together] of [
    ['', false],
    [', also in the session that first read its folder', true],
  ] as const)
    it(`marks sightings of an older UIDVALIDITY stale and finds everything again${when}`, async () => {
      const hub = makeHub(store);
      const again = [1, 2].map(n => mailItem(n, { sighting: { folder: 'INBOX', uidValidity: '8', uid: n + 100 } }));
      const batches = [batchOf([mailItem(1), mailItem(2)]), batchOf(again, { uidValidity: '8' })];
      for (const taken of together ? [batches] : batches.map(batch => [batch])) await hub.take(taken);
      expect(await numbers()).to.include({ interactions: 2, sightings: 4 });
      const stale = await store.models.sightings.find({ stale: true }).lean();
      expect(stale.map(({ uidValidity }) => uidValidity)).to.deep.equal(['7', '7']);
    });

  it('quarantines a failure once, and closes it in the transaction that captures it', async () => {
    const sighting = { folder: 'INBOX', uidValidity: '7', uid: 5 };
    const failed = [{ locator: 'ignored', reason: 'It could not be fetched.', sighting }];
    const hub = makeHub(store);
    await hub.take([batchOf([], { failed })]);
    await hub.take([batchOf([], { failed })]);
    expect(await store.models.quarantine.find({}, { _id: 0, state: 1, locator: 1 }).lean()).to.deep.equal([
      { state: 'open', locator: 'INBOX/7/5' },
    ]);
    expect(await countsOf(store.models)).to.deep.equal({ stored: 0, duplicate: 1, quarantined: 1 });
    await hub.take([batchOf([mailItem(5)])]);
    expect((await store.models.quarantine.findOne().lean())?.state).to.equal('captured');
  });

  it("an item that can't be stored goes to quarantine by itself, the rest of its batch is stored", async () => {
    const huge = mailItem(2, { details: { blob: 'x'.repeat(17_000_000) } });
    await makeHub(store).take([batchOf([mailItem(1), huge, mailItem(3)])]);
    expect(await numbers()).to.include({ interactions: 2, sightings: 2 });
    expect(await countsOf(store.models)).to.deep.equal({ stored: 2, duplicate: 0, quarantined: 1 });
    expect((await store.models.checkpoints.findOne().lean())?.position).to.deep.equal({ lastUid: 3 });
  });

  it('keeps a text over 1 MB as a blob, and its beginning in the contents', async () => {
    const text = 'ä'.repeat(800_000);
    await makeHub(store).take([batchOf([mailItem(1, { text })])]);
    const content = await store.models.contents.findOne().lean();
    expect(content?.text).to.have.length(256 * 1024);
    const blob = await makeHub(store).blobs.open(content?.overflow ?? '');
    const whole = JSON.parse(Buffer.concat(await (blob?.stream.toArray() ?? [])).toString());
    expect(whole.text).to.equal(text);
  });

  it('lists what nobody outside belongs to, with a reason and a tag', async () => {
    const bounce = mailItem(1, { parties: [], unlinkedReason: 'A bounce.', from: 'mailer-daemon@x.example' });
    await makeHub(store).take([batchOf([bounce])]);
    const entry = await store.models.timeline.findOne().lean();
    expect(entry).to.deep.include({ contact: null, reason: 'A bounce.' });
    expect(entry?.retention.policy).to.equal('unlinked');
    expect(await store.models.contacts.countDocuments()).to.equal(0);
  });

  it("an older holder's commit finds its token gone and keeps nothing", async () => {
    const hub = makeHub(store);
    const old = makeCheckpoints(store.models, 'tuki', 1, () => undefined);
    await old.get('INBOX');
    await hub.take([batchOf([mailItem(1)])], { withToken: 2 });
    const before = await numbers();
    const pulled = (async function* () {
      yield batchOf([mailItem(2)]);
    })();
    const late = hub.pump({ account: accountOf('tuki'), connector: mailConnector }, pulled, old, new AbortController());
    expect(await late.catch(error => error)).to.be.instanceOf(LeaseLostError);
    expect({ ...(await numbers()), blobs: before.blobs }).to.deep.equal(before);
    const newer = makeCheckpoints(store.models, 'tuki', 1, () => undefined);
    expect(await newer.get('INBOX').catch(error => error)).to.be.instanceOf(LeaseLostError);
  });

  it('tells which UIDs are held, quarantined ones among them', async () => {
    const failed = [{ locator: '', reason: 'no', sighting: { folder: 'INBOX', uidValidity: '7', uid: 2 } }];
    await makeHub(store).take([batchOf([mailItem(1), mailItem(3), mailItem(4)], { failed })]);
    const checkpoints = makeCheckpoints(store.models, 'tuki', 2, () => undefined);
    const uids: number[] = [];
    for await (const uid of checkpoints.held('INBOX', '7', 1)) uids.push(uid);
    expect(uids).to.deep.equal([2, 3, 4]);
  });
});
