import { setTimeout as sleep } from 'node:timers/promises';
import type { Account, Captured, Connector, Failed } from '../../connectors/contract.ts';
import type { AccountDoc } from '../../models/accounts.ts';
import type { InboxDoc } from '../../models/inbox.ts';
import type { Models } from '../../models/index.ts';
import { durable, trusted } from '../../models/schema.ts';
import { hashKey, itemId, quarantineId } from '../rules/keys.ts';
import type { BlobStore } from '../store/blobs.ts';
import { makeGroupInsert } from '../store/group-insert.ts';
import { native } from '../store/native.ts';
import { makeCheckpoints } from './checkpoints.ts';
import { failedFrom, failedPayload, fromPayload, type Payload, toPayload } from './inbox-payload.ts';
import type { AcquireLease, Lease } from './lease.ts';
import type { Capture } from './store.ts';

const STREAM = 'inbox';
const BATCH = 200;
const IDLE_MS = 1000;
const MOST_WAITING = 20_000;

export interface InboxDeps {
  models: Models;
  blobs: BlobStore;
  connectors: ReadonlyMap<string, Connector>;
  acquire: AcquireLease;
  capture: Capture;
  open(account: AccountDoc): Promise<Account>;
  log: { warn(data: object, message: string): void };
}

/**
 * What is pushed to us is durable here before it is acknowledged, and one hub at a time captures it in the order it arrived.
 * An item leaves the inbox in the transaction that captures it.
 */
export const makeInbox = ({ models, blobs, connectors, acquire, capture, open, log }: InboxDeps) => {
  const insert = makeGroupInsert(native(models.inbox), {
    writeConcern: durable,
    mostWaiting: MOST_WAITING,
  });
  const stopping = new AbortController();
  let order = 0;
  let wake: () => void = () => undefined;

  const rowOf = (account: string, key: string, { payload, sha256 }: { payload: Payload; sha256: string }): InboxDoc => {
    const now = new Date();
    order += 1;
    const _id = hashKey('inbox', key, sha256);
    return { _id, account, key, arrivedAt: now, order, payload, sha256, nextAt: now };
  };

  /**
   * Resolves once every item is committed: only then may it be acknowledged. An item that waits here already is not stored
   * again. What came and can't be read goes the same way, to quarantine.
   */
  const accept = async (
    account: string,
    { items, failed = [] }: { items: readonly Captured[]; failed?: readonly Failed[] },
  ): Promise<void> => {
    const rows: InboxDoc[] = [];
    for (const item of items) rows.push(rowOf(account, itemId(account, item), await toPayload(blobs, account, item)));
    for (const one of failed) {
      const key = quarantineId(account, one.locator);
      rows.push(rowOf(account, key, await failedPayload(blobs, key, one)));
    }
    await insert(rows);
    wake();
  };

  const captureRows = async (id: string, rows: InboxDoc[], lease: Lease): Promise<void> => {
    const account = await models.accounts.findById(id).lean<AccountDoc>();
    const connector = account && connectors.get(account.connector);
    if (!account || !connector) throw new Error('the account of an inbox item is gone');
    const checkpoints = makeCheckpoints(models, id, lease.token, () => undefined);
    const payloads = rows.map(({ payload }) => payload as Payload);
    const items = payloads.flatMap(payload => ('item' in payload ? [fromPayload(blobs, payload.item)] : []));
    const failed = payloads.flatMap(payload => ('failed' in payload ? [failedFrom(blobs, payload.failed)] : []));
    const batch = { stream: STREAM, items, failed, next: {} };
    const prepared = await capture.prepare(id, connector, batch);
    const origin = { account: await open(account), connector, checkpoint: await checkpoints.ref(STREAM) };
    await capture.commit(origin, { ...prepared, taken: rows.map(({ _id }) => _id) });
  };

  /** How many were captured. */
  const drain = async (lease: Lease): Promise<number> => {
    const rows = await models.inbox
      .find({ nextAt: trusted({ $lte: new Date() }) })
      .sort({ nextAt: 1, order: 1 })
      .limit(BATCH)
      .lean<InboxDoc[]>();
    const byAccount = new Map<string, InboxDoc[]>();
    for (const row of rows) byAccount.set(row.account, [...(byAccount.get(row.account) ?? []), row]);
    for (const [account, its] of byAccount) await captureRows(account, its, lease);
    return rows.length;
  };

  const whileHeld = async (lease: Lease): Promise<void> => {
    while (!stopping.signal.aborted && !lease.signal.aborted) {
      // before the look, so that what comes during it isn't waited for
      const woken = new Promise<void>(resolve => {
        wake = resolve;
      });
      if ((await drain(lease)) > 0) continue;
      await Promise.race([sleep(IDLE_MS, undefined, { signal: stopping.signal }).catch(() => undefined), woken]);
    }
  };

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const lease = await acquire(STREAM).catch(() => null);
      if (lease) {
        await whileHeld(lease).catch(error => log.warn({ error: (error as Error).name }, 'the inbox is drained later'));
        await lease.release().catch(() => undefined);
      }
      await sleep(IDLE_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  let running: Promise<void> = Promise.resolve();

  return {
    accept,
    start: (): void => {
      running = loop();
    },
    stop: async (): Promise<void> => {
      stopping.abort();
      wake();
      await running;
    },
  };
};

export type Inbox = ReturnType<typeof makeInbox>;
