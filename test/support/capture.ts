import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Account, Batch, Captured, Connector } from '../../connectors/contract.ts';
import type { Models } from '../../models/index.ts';
import { makeCheckpoints } from '../../server/capture/checkpoints.ts';
import { makeLeases } from '../../server/capture/lease.ts';
import { makePump } from '../../server/capture/pump.ts';
import { makeCapture } from '../../server/capture/store.ts';
import { loadPolicies, seedPolicies } from '../../server/register/policies.ts';
import { makeBlobStore } from '../../server/store/blobs.ts';
import { connectStore } from '../../server/store/connect.ts';
import { freshDb } from './mongod.ts';

export const ZONE = 'Europe/Helsinki';
export const COUNTRY = 'FI';

/** A database of its own with collections, indexes and policies. `via`: another way to the same mongod. */
export const freshStore = async (via?: string) => {
  const { uri, name, drop } = await freshDb();
  const store = await connectStore(via ?? uri, { dbName: name });
  await seedPolicies(store.models);
  return {
    uri,
    name,
    models: store.models,
    policies: await loadPolicies(store.models),
    /** Takes away what was captured, and whom it was with. */
    forget: async () => {
      const { interactions, contents, timeline, messages, sightings, contacts, identifiers, history } = store.models;
      const all = [interactions, contents, timeline, messages, sightings, contacts, identifiers, history];
      await Promise.all(all.map(({ collection }) => collection.deleteMany({})));
    },
    close: async () => {
      await drop();
      await store.close();
    },
  };
};

const raw = (bytes: Buffer) => ({
  type: 'message/rfc822',
  size: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
  bytes,
  open: () => Readable.from([bytes]),
});

/** An inbound mail as its connector would hand it over; `over` replaces fields. */
export const mailItem = (n: number, over: Partial<Captured> & { body?: string; from?: string } = {}): Captured => {
  const { body = `mail ${n}`, from = 'paivi@kuusilahti.example', ...fields } = over;
  const bytes = Buffer.from(body);
  return {
    sourceKey: `key-${n}`,
    keyScope: 'author',
    kind: 'interaction',
    channel: 'email',
    direction: 'inbound',
    occurredAt: new Date('2026-11-20T10:00:00Z'),
    participants: [
      { role: 'from', identifier: { type: 'email', value: from }, name: 'Päivi Mäkelä' },
      { role: 'to', identifier: { type: 'email', value: 'tuki@varaamo.example' } },
    ],
    parties: [0],
    threadKeys: [`m${n}@example`],
    subject: `Subject ${n}`,
    text: body,
    parts: [],
    raw: raw(bytes),
    sighting: { folder: 'INBOX', uidValidity: '7', uid: n },
    ...fields,
  };
};

export const batchOf = (items: Captured[], over: Partial<Batch> = {}): Batch => ({
  stream: 'INBOX',
  items,
  failed: [],
  next: { lastUid: Math.max(0, ...items.map(({ sighting }) => sighting?.uid ?? 0)) },
  uidValidity: '7',
  ...over,
});

/** A connector whose originals hold their parts, as mail's do. */
export const mailConnector = {
  id: 'email',
  label: 'E-mail',
  openPart: async () => Readable.from([]),
} as unknown as Connector;
/** One whose items are revised by later ones under the same key. */
export const otherConnector = { id: 'other', label: 'Other' } as unknown as Connector;

export const accountOf = (id: string, ours?: Account['ours']): Account =>
  ({ id, name: id, ours }) as unknown as Account;

/** A hub's capture on one database; several of them are several hubs. */
export const makeHub = ({ models, policies }: Pick<Awaited<ReturnType<typeof freshStore>>, 'models' | 'policies'>) => {
  const blobs = makeBlobStore(models);
  const capture = makeCapture({ models, blobs, policies, zone: ZONE, country: COUNTRY });
  const pump = makePump({ models, capture });
  const acquire = makeLeases({ models, self: { host: 'test', pid: 1, start: '1' }, mayBeAlive: async () => true });
  let token = 1;

  /** Pulls the batches as the account's only hub would. */
  const take = async (
    batches: Batch[],
    {
      account = 'tuki',
      connector = mailConnector,
      withToken = token,
      ours,
    }: { account?: string; connector?: Connector; withToken?: number; ours?: Account['ours'] } = {},
  ): Promise<void> => {
    token = withToken;
    const checkpoints = makeCheckpoints(models, account, withToken, () => undefined);
    const source = (async function* () {
      yield* batches;
    })();
    await pump({ account: accountOf(account, ours), connector }, source, checkpoints, new AbortController());
  };
  return { blobs, capture, pump, acquire, take };
};

export const countsOf = async (models: Models, account = 'tuki', stream = 'INBOX') =>
  (await models.checkpoints.findById(`${account}:${stream}`).lean())?.counts;
