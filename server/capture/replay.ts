import { type Account, type Captured, type Connector, ConnectorError } from '../../connectors/contract.ts';
import type { AccountDoc } from '../../models/accounts.ts';
import type { Models } from '../../models/index.ts';
import type { QuarantineDoc } from '../../models/quarantine.ts';
import { REPLAY } from '../rules/streams.ts';
import { type BlobStore, openLater } from '../store/blobs.ts';
import { makeCheckpoints } from './checkpoints.ts';
import type { AcquireLease } from './lease.ts';
import type { Capture } from './store.ts';
import type { Outcome } from './types.ts';

export interface ReplayDeps {
  models: Models;
  blobs: BlobStore;
  connectors: ReadonlyMap<string, Connector>;
  acquire: AcquireLease;
  capture: Capture;
  open(account: AccountDoc): Promise<Account>;
}

/** `captured`: it is an interaction now. Otherwise `reason` says in words why it still isn't. */
export type Replayed = { state: 'captured' } | { state: 'open'; reason: string };

/** Tries once more to capture what is in quarantine: reads its bytes again, or fetches them when there are none. */
export const makeReplay = ({ models, blobs, connectors, acquire, capture, open }: ReplayDeps) => {
  const readAgain = async (row: QuarantineDoc, account: Account, connector: Connector): Promise<Captured | string> => {
    const { original, sighting, beside } = row;
    if (original) {
      if (!connector.reparse) return 'Its connector reads nothing a second time.';
      const { type, size, sha256, blob } = original;
      const raw = { type, size, sha256, open: openLater(blobs, blob) };
      return connector.reparse(account, raw, sighting ?? undefined, beside);
    }
    if (!sighting || !connector.fetchAgain) return 'There are no bytes of it, and its source can not be asked again.';
    const item = await connector.fetchAgain(account, sighting, AbortSignal.timeout(60_000));
    return item ?? 'Its source no longer holds it.';
  };

  /** As the commit left it: what could not be stored says in its row what was wrong with it. */
  const afterwards = async (row: QuarantineDoc, outcome: Outcome | undefined): Promise<Replayed> => {
    if (outcome === 'waiting')
      return { state: 'open', reason: 'It waits for what it belongs to, which is not here yet.' };
    const now = await models.quarantine.findById(row._id, { state: 1, reason: 1 }).lean();
    return now?.state === 'captured'
      ? { state: 'captured' }
      : { state: 'open', reason: now?.reason ?? 'It could not be stored.' };
  };

  const captureAgain = async (
    row: QuarantineDoc,
    item: Captured,
    account: Account,
    connector: Connector,
  ): Promise<Replayed> => {
    const lease = await acquire(`replay:${row.account}`);
    if (!lease) return { state: 'open', reason: 'Another replay of this account is under way.' };
    try {
      const checkpoints = makeCheckpoints(models, row.account, lease.token, () => undefined);
      const prepared = await capture.prepare(row.account, connector, {
        stream: REPLAY,
        items: [item],
        failed: [],
        next: {},
      });
      const { outcomes } = await capture.commit(
        { account, connector, checkpoint: await checkpoints.ref(REPLAY) },
        { ...prepared, replays: row._id },
      );
      return await afterwards(row, outcomes[0]?.outcome);
    } finally {
      await lease.release().catch(() => undefined);
    }
  };

  /** Null when there is no such row. Throws only what the caller may try again. */
  return async (id: string): Promise<Replayed | null> => {
    const row = await models.quarantine.findById(id).lean<QuarantineDoc>();
    if (!row) return null;
    if (row.state === 'captured') return { state: 'captured' };
    const doc = await models.accounts.findById(row.account).lean<AccountDoc>();
    const connector = doc && connectors.get(doc.connector);
    if (!doc || !connector) return { state: 'open', reason: 'Its account is gone.' };
    try {
      const account = await open(doc);
      const item = await readAgain(row, account, connector);
      if (typeof item === 'string') return { state: 'open', reason: item };
      try {
        return await captureAgain(row, item, account, connector);
      } finally {
        await item.dispose?.();
      }
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      return { state: 'open', reason: error.message };
    }
  };
};

export type Replay = ReturnType<typeof makeReplay>;
