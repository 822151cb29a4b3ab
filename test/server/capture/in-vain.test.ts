import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Captured, Connector } from '../../../connectors/contract.ts';
import { makeInbox } from '../../../server/capture/inbox.ts';
import { makeReplay } from '../../../server/capture/replay.ts';
import { collectBlobs } from '../../../server/jobs/collect.ts';
import { accountOf, batchOf, freshStore, makeHub } from '../../support/capture.ts';

const DAY_MS = 24 * 3600_000;
const days = (n: number) => new Date(Date.now() + n * DAY_MS);

const rawOf = (body: string): NonNullable<Captured['raw']> => {
  const bytes = Buffer.from(body);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { type: 'text/plain', size: bytes.length, sha256, bytes, open: () => Readable.from([bytes]) };
};
const common = { channel: 'call', direction: 'inbound', participants: [], threadKeys: [], parts: [] } as const;
const status = (body: string): Captured => ({
  ...common,
  participants: [],
  threadKeys: [],
  parts: [],
  occurredAt: new Date(),
  sourceKey: 'call/1/status/sent',
  kind: 'status',
  belongsTo: 'call/1',
  raw: rawOf(body),
  status: { state: 'sent', rank: 1 },
});
const recording = (): Captured => {
  const sound = Buffer.from('the sound of a call');
  const part = { name: '1.wav', type: 'audio/wav', size: sound.length, open: () => Readable.from([sound]) };
  return {
    ...common,
    participants: [],
    threadKeys: [],
    parts: [part],
    occurredAt: new Date(),
    sourceKey: 'call/1/recording',
    kind: 'recording',
    belongsTo: 'call/1',
    beside: { of: 'call/1' },
  };
};
const call = (key: string): Captured => ({
  ...common,
  participants: [],
  threadKeys: [],
  parts: [],
  occurredAt: new Date(),
  sourceKey: key,
  kind: 'interaction',
});

describe('capture: what waits in vain for what it belongs to', () => {
  let store: Awaited<ReturnType<typeof freshStore>>;
  let hub: ReturnType<typeof makeHub>;
  beforeEach(async () => {
    store = await freshStore();
    hub = makeHub(store);
    const account = { _id: 'tuki', connector: 'other', name: 'tuki', state: 'running' as const, createdAt: new Date() };
    await store.models.accounts.create(account);
  });
  afterEach(() => store.close());

  const connectorWith = (more: Partial<Connector>): Connector =>
    ({ id: 'other', label: 'Other', ...more }) as unknown as Connector;
  const rows = () => store.models.quarantine.find().lean();

  /** Takes it in, and lets more than seven days go by. */
  const waitInVain = async (item: Captured, connector: Connector) => {
    await hub.take([batchOf([item], { next: {} })], { connector });
    await agedBy8Days(connector);
  };
  const agedBy8Days = async (connector: Connector) => {
    await store.models.inbox.updateMany({}, { $set: { arrivedAt: days(-8), nextAt: new Date(0) } });
    const inbox = makeInbox({
      models: store.models,
      blobs: hub.blobs,
      capture: hub.capture,
      acquire: hub.acquire,
      connectors: new Map([['other', connector]]),
      open: async ({ _id }: { _id: string }) => accountOf(_id),
      log: { warn: () => undefined },
    });
    inbox.start();
    for (let waited = 0; (await store.models.inbox.countDocuments()) > 0; waited++) {
      if (waited > 250) expect.fail('it is in the inbox still');
      await sleep(20);
    }
    await inbox.stop();
  };

  it('is in quarantine once, however often, and holds up nothing', async () => {
    const connector = connectorWith({});
    await waitInVain(status('state=sent&at=1'), connector);
    await hub.take([batchOf([call('call/2')], { next: {} })], { connector });
    await waitInVain(status('state=sent&at=2'), connector);
    expect((await rows()).map(({ state, locator }) => [state, locator])).to.eql([['open', 'call/1/status/sent']]);
    expect(await store.models.interactions.countDocuments()).to.equal(1);
  });

  it('keeps the sound of a recording, which is there for a replay as long as the row', async () => {
    await waitInVain(recording(), connectorWith({}));
    const [row] = await rows();
    expect(row?.original).to.include({ type: 'audio/wav', size: 19 });
    expect(row?.beside).to.eql({ of: 'call/1' });
    await collectBlobs(store.models, hub.blobs, days(40));
    const opened = await hub.blobs.open(row?.original?.blob ?? '');
    expect(Buffer.concat((await opened?.stream.toArray()) ?? []).toString()).to.equal('the sound of a call');
  });

  it('is open still when a replay finds nothing that it belongs to, and closed once that has come', async () => {
    const connector = connectorWith({ reparse: async () => status('state=sent') });
    await waitInVain(status('state=sent'), connector);
    const replay = makeReplay({
      models: store.models,
      blobs: hub.blobs,
      acquire: hub.acquire,
      capture: hub.capture,
      connectors: new Map([['other', connector]]),
      open: async () => accountOf('tuki'),
    });
    const again = async () => replay((await rows())[0]?._id ?? '');
    expect(await again()).to.eql({ state: 'open', reason: 'It waits for what it belongs to, which is not here yet.' });
    await agedBy8Days(connector);
    expect((await rows()).map(({ state }) => state)).to.eql(['open']);
    await hub.take([batchOf([call('call/1')], { next: {} })], { connector });
    expect(await again()).to.eql({ state: 'captured' });
    expect((await store.models.interactions.findOne().lean())?.status?.state).to.equal('sent');
  });
});
