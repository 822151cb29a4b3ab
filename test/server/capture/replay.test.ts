import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import type { Captured, Connector } from '../../../connectors/contract.ts';
import { makeReplay } from '../../../server/capture/replay.ts';
import { accountOf, batchOf, freshStore, mailItem, makeHub, otherConnector } from '../../support/capture.ts';

describe('capture: replay from quarantine', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  before(async () => {
    store = await freshStore();
    await store.models.accounts.create({
      _id: 'tuki',
      connector: 'other',
      name: 'Tuki',
      state: 'paused',
      createdAt: new Date(),
    });
  });
  after(() => store.close());

  /** Puts bytes into quarantine, and replays them with a connector that reads `item` in them. */
  const replayed = async (locator: string, item: Captured) => {
    const hub = makeHub(store);
    const bytes = Buffer.from(locator);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const raw = { type: 'text/plain', size: bytes.length, sha256, bytes, open: () => Readable.from([bytes]) };
    const failed = [{ locator, reason: 'It can not be read.', size: bytes.length, raw }];
    await hub.take([batchOf([], { stream: locator, failed, next: {} })], { connector: otherConnector });
    const connector: Connector = { ...otherConnector, reparse: async () => item };
    const replay = makeReplay({
      models: store.models,
      blobs: hub.blobs,
      acquire: hub.acquire,
      capture: hub.capture,
      connectors: new Map([['other', connector]]),
      open: async () => accountOf('tuki'),
    });
    const row = await store.models.quarantine.findOne({ locator }).lean();
    const again = () => replay(row?._id ?? '');
    return { hub, again, state: async () => (await store.models.quarantine.findById(row?._id).lean())?.state };
  };

  it('is captured once it can be stored, and known as that from then on', async () => {
    const { sighting: _, ...item } = mailItem(1);
    const { again, state } = await replayed('good', item);
    for (const answer of [await again(), await again()]) expect(answer).to.eql({ state: 'captured' });
    expect(await state()).to.equal('captured');
    expect(await store.models.interactions.countDocuments()).to.equal(1);
  });

  it('is still open, and says why, when it can be read but not stored; however often', async () => {
    const round: Record<string, unknown> = {};
    round.itself = round;
    const { sighting: _, ...item } = mailItem(2, { details: round });
    const { again, state } = await replayed('bad', item);
    for (const answer of [await again(), await again()]) {
      expect(answer).to.include({ state: 'open' });
      expect(answer)
        .to.have.property('reason')
        .that.matches(/^It could not be stored: \w+Error\.$/);
    }
    expect(await state()).to.equal('open');
    expect(await store.models.quarantine.countDocuments({ reason: /could not be stored/ })).to.equal(1);
  });

  it('leaves no spool file when another replay is under way', async () => {
    let files = 0;
    const { sighting: _, ...item } = mailItem(3, { dispose: async () => void files-- });
    const { hub, again, state } = await replayed('spooled', item);
    const lease = await hub.acquire('replay:tuki');
    files++;
    expect(await again()).to.eql({ state: 'open', reason: 'Another replay of this account is under way.' });
    expect(files).to.equal(0);
    await lease?.release();
    files++;
    expect(await again()).to.eql({ state: 'captured' });
    expect(files).to.equal(0);
    expect(await state()).to.equal('captured');
  });

  it('is captured as well when its source brings it again, whatever its key is by now', async () => {
    const { sighting: _, ...item } = mailItem(4);
    const { hub, state } = await replayed('line/4', item);
    const again = async (over: Partial<Captured>) =>
      hub.take([batchOf([{ ...item, ...over }], { stream: 'again', next: {} })], { connector: otherConnector });
    await again({ quarantinedAs: ['line/5'] });
    expect(await state()).to.equal('open');
    await again({ quarantinedAs: ['line/5', 'line/4'] });
    expect(await state(), 'what is stored already, too').to.equal('captured');
  });
});
