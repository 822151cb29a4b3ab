import mongoose from 'mongoose';
import type { Acceptance, Captured, Failed } from '../../connectors/contract.ts';
import type { InboxDoc } from '../../models/inbox.ts';
import { hashKey, itemId, quarantineId, targetId } from '../rules/keys.ts';
import { INBOX } from '../rules/streams.ts';
import { atMost } from '../store/insert.ts';
import { every, pause } from '../store/pause.ts';
import { makeAdmit } from './admit.ts';
import { type DrainDeps, makeDrain } from './drain.ts';
import { failedPayload, type Payload, toPayload } from './inbox-payload.ts';
import type { AcquireLease, Lease } from './lease.ts';

/** Somewhat less than a document may have (maxBsonObjectSize): what is captured from it is described anew. */
const ROW_BYTES = 15 * 1024 * 1024;
const TOO_LARGE = 'It is too large to be captured.';
const UNWRITABLE = 'It has something that a database can not keep.';
/** What another hub accepted is seen no later than this. */
const IDLE_MS = 250;
/** Between two tries for the lease. */
const LEASE_MS = 1000;
const { mongo } = mongoose;

export interface InboxDeps extends DrainDeps {
  acquire: AcquireLease;
}

/** A row whose size can't be computed can't be serialised either: its insert says why. */
const bytesOf = (row: InboxDoc): number => {
  try {
    return mongo.BSON.calculateObjectSize(row, { ignoreUndefined: true });
  } catch {
    return 0;
  }
};

/** A row over the limit would fail the whole insert that it shares with others. */
const fits = (row: InboxDoc): boolean => atMost(row) <= ROW_BYTES || bytesOf(row) <= ROW_BYTES;

/** What is pushed to us is durable here before it is acknowledged, and one hub at a time captures it (`makeDrain`). */
export const makeInbox = ({ acquire, ...deps }: InboxDeps) => {
  const { models, blobs, log } = deps;
  const admit = makeAdmit(models);
  const stopping = new AbortController();
  let order = 0;
  let wake: () => void = () => undefined;

  const rowOf = (
    account: string,
    { id, key }: { id: string; key: string },
    { payload, sha256 }: { payload: Payload; sha256: string },
  ): InboxDoc => {
    const now = new Date();
    order += 1;
    const _id = hashKey('inbox', id, sha256);
    return { _id, account, key, arrivedAt: now, order, payload, sha256, nextAt: now };
  };

  /**
   * Resolves once every item is committed: only then may it be acknowledged. An item that waits here already is not stored
   * again. What came and can't be read, or can't be a document, goes the same way, to quarantine. Answers what became of each item, in their order.
   */
  const accept = async (
    account: string,
    { items, failed = [] }: { items: readonly Captured[]; failed?: readonly Failed[] },
  ): Promise<Acceptance[]> => {
    const rowOfFailure = async (one: Failed): Promise<InboxDoc> => {
      const id = quarantineId(account, one.locator);
      return rowOf(account, { id, key: id }, await failedPayload(blobs, id, one));
    };
    const rowOfRefused = ({ sourceKey, raw }: Captured, reason: string): Promise<InboxDoc> =>
      rowOfFailure({ locator: sourceKey, reason, ...(raw ? { raw } : {}) });
    const came: { index: number; item: Captured; row: InboxDoc }[] = [];
    const unread: InboxDoc[] = [];
    for (const [index, item] of items.entries()) {
      const id = itemId(account, item);
      const key = item.belongsTo === undefined ? id : targetId(account, item);
      const row = rowOf(account, { id, key }, await toPayload(blobs, key, item));
      if (fits(row)) came.push({ index, item, row });
      else unread.push(await rowOfRefused(item, TOO_LARGE));
    }
    for (const one of failed) unread.push(await rowOfFailure(one));
    const admitted = await admit({ account, came, failed: unread });
    const accepted = items.map((): Acceptance => 'stored');
    const refused: InboxDoc[] = [];
    for (const [at, { index, item }] of came.entries()) {
      const what = admitted[at] ?? 'stored';
      if (what === 'unwritable') refused.push(await rowOfRefused(item, UNWRITABLE));
      else accepted[index] = what;
    }
    await admit({ account, came: [], failed: refused });
    wake();
    return accepted;
  };

  const drainWhileHeld = async (lease: Lease): Promise<void> => {
    const drain = makeDrain(INBOX, deps);
    while (!stopping.signal.aborted && !lease.signal.aborted) {
      // before the look, so that what comes during it isn't waited for
      const woken = new Promise<void>(resolve => {
        wake = resolve;
      });
      if ((await drain(lease)) > 0) continue;
      await Promise.race([pause(IDLE_MS, stopping.signal), woken]);
    }
  };

  const drainIfFree = async (): Promise<void> => {
    const lease = await acquire(INBOX).catch(() => null);
    if (!lease) return;
    await drainWhileHeld(lease).catch(error =>
      log.warn({ error: (error as Error).name }, 'the inbox is drained later'),
    );
    await lease.release().catch(() => undefined);
  };
  let running: Promise<void> = Promise.resolve();

  return {
    accept,
    start: (): void => {
      running = every(LEASE_MS, stopping.signal, drainIfFree);
    },
    stop: async (): Promise<void> => {
      stopping.abort();
      wake();
      await running;
    },
  };
};

export type Inbox = ReturnType<typeof makeInbox>;
