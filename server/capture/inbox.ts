import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';
import type { Acceptance, Account, Captured, Connector, Failed } from '../../connectors/contract.ts';
import type { AccountDoc } from '../../models/accounts.ts';
import type { InboxDoc } from '../../models/inbox.ts';
import type { Models } from '../../models/index.ts';
import { hashKey, itemId, quarantineId, targetId } from '../rules/keys.ts';
import type { BlobStore } from '../store/blobs.ts';
import { atMost } from '../store/insert.ts';
import { native } from '../store/native.ts';
import { type Arrival, makeAdmit } from './admit.ts';
import { makeCheckpoints } from './checkpoints.ts';
import {
  failedFrom,
  failedPayload,
  fromPayload,
  type Payload,
  type StoredFailure,
  type StoredItem,
  toPayload,
} from './inbox-payload.ts';
import type { AcquireLease, Lease } from './lease.ts';
import type { Capture } from './store.ts';
import { LeaseLostError, type PreparedBatch, type TakenRow } from './types.ts';

const STREAM = 'inbox';
/** Rows of one transaction, and of one look; a look holds no more bytes than that, but for its first row. */
const BATCH = 400;
const LOOK = 800;
const LOOK_BYTES = 32 * 1024 * 1024;
/** Somewhat less than a document may have (maxBsonObjectSize): what is captured from it is described anew. */
const ROW_BYTES = 15 * 1024 * 1024;
const TOO_LARGE = 'It is too large to be captured.';
/** What another hub accepted is seen no later than this. */
const IDLE_MS = 250;
/** Between two tries for the lease. */
const LEASE_MS = 1000;
/** How long an account is left alone whose items could not be captured. */
const REST_MS = 1000;

const { mongo } = mongoose;

export interface InboxDeps {
  models: Models;
  blobs: BlobStore;
  connectors: ReadonlyMap<string, Connector>;
  acquire: AcquireLease;
  capture: Capture;
  open(account: AccountDoc): Promise<Account>;
  log: { warn(data: object, message: string): void };
}

/** Rows of one account that are captured in one transaction. */
interface Piece {
  account: string;
  rows: InboxDoc[];
}

interface Ready {
  account: Account;
  connector: Connector;
  prepared: PreparedBatch;
}

/** By account, each in order of arrival. */
const piecesOf = (rows: readonly InboxDoc[]): Piece[] => {
  const byAccount = new Map<string, InboxDoc[]>();
  for (const row of rows) {
    const its = byAccount.get(row.account) ?? [];
    byAccount.set(row.account, its);
    its.push(row);
  }
  return [...byAccount].flatMap(([account, its]) =>
    Array.from({ length: Math.ceil(its.length / BATCH) }, (_, n) => ({
      account,
      rows: its.slice(n * BATCH, (n + 1) * BATCH),
    })),
  );
};

/** One that doesn't would fail everybody whose items are inserted together with it. */
const fits = (row: InboxDoc): boolean =>
  atMost(row) <= ROW_BYTES || mongo.BSON.calculateObjectSize(row, { ignoreUndefined: true }) <= ROW_BYTES;

/** Items, and what couldn't be read, each with the row that it is taken from. */
const sortedOut = (rows: readonly InboxDoc[]) => {
  const its: { item: StoredItem; from: TakenRow }[] = [];
  const unread: { failed: StoredFailure; from: TakenRow }[] = [];
  for (const { _id: row, arrivedAt, counted = false, payload } of rows) {
    const from = { row, arrivedAt, counted };
    const waiting = payload as Payload;
    if ('item' in waiting) its.push({ ...waiting, from });
    else unread.push({ ...waiting, from });
  }
  return { its, unread };
};

/**
 * What is pushed to us is durable here before it is acknowledged, and one hub at a time captures it in the order it arrived.
 * An item leaves the inbox in the transaction that captures it.
 */
export const makeInbox = ({ models, blobs, connectors, acquire, capture, open, log }: InboxDeps) => {
  const admit = makeAdmit(models);
  const stopping = new AbortController();
  /** accounts that are left alone, until when (ms) */
  const resting = new Map<string, number>();
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
   * again. What came and can't be read, or is too large for a document, goes the same way, to quarantine. Answers what became of each item, in their order.
   */
  const accept = async (
    account: string,
    { items, failed = [] }: { items: readonly Captured[]; failed?: readonly Failed[] },
  ): Promise<Acceptance[]> => {
    const came: Arrival['came'][number][] = [];
    const unread: InboxDoc[] = [];
    const fail = async (one: Failed): Promise<void> => {
      const id = quarantineId(account, one.locator);
      unread.push(rowOf(account, { id, key: id }, await failedPayload(blobs, id, one)));
    };
    const fitting: boolean[] = [];
    for (const item of items) {
      const id = itemId(account, item);
      const key = item.belongsTo === undefined ? id : targetId(account, item);
      const row = rowOf(account, { id, key }, await toPayload(blobs, key, item));
      const fit = fits(row);
      fitting.push(fit);
      if (fit) came.push({ item, row });
      else await fail({ locator: item.sourceKey, reason: TOO_LARGE, ...(item.raw ? { raw: item.raw } : {}) });
    }
    for (const one of failed) await fail(one);
    const accepted = (await admit({ account, came, failed: unread })).values();
    wake();
    return fitting.map((fit): Acceptance => (fit && accepted.next().value) || 'stored');
  };

  /** Everything of a piece that needs no lease: its bytes are written while another piece is committed. */
  const prepare = async ({ account: id, rows }: Piece): Promise<Ready> => {
    const account = await models.accounts.findById(id).lean<AccountDoc>();
    const connector = account && connectors.get(account.connector);
    if (!account || !connector) throw new Error('the account of an inbox item is gone');
    const { its, unread } = sortedOut(rows);
    const items = await Promise.all(its.map(({ item }) => fromPayload(blobs, item)));
    const failed = unread.map(one => failedFrom(blobs, one.failed));
    const prepared = await capture.prepare(id, connector, { stream: STREAM, items, failed, next: {} });
    for (const [index, { from }] of its.entries()) Object.assign(prepared.items[index] ?? {}, { from });
    for (const [index, { from }] of unread.entries()) Object.assign(prepared.failures[index] ?? {}, { from });
    return { account: await open(account), connector, prepared };
  };

  const commit = async ({ account: id }: Piece, ready: Promise<Ready>, lease: Lease): Promise<void> => {
    const { account, connector, prepared } = await ready;
    const checkpoints = makeCheckpoints(models, id, lease.token, () => undefined);
    const origin = { account, connector, checkpoint: await checkpoints.ref(STREAM) };
    await capture.commit(origin, prepared);
  };

  /** What can't be captured holds up the later items of its own account, and no other's. */
  const commitOrRest = async (piece: Piece, ready: Promise<Ready>, lease: Lease): Promise<void> => {
    const { account } = piece;
    if (resting.has(account)) return;
    try {
      await commit(piece, ready, lease);
    } catch (error) {
      if (error instanceof LeaseLostError) throw error;
      resting.set(account, Date.now() + REST_MS);
      log.warn({ account, error: (error as Error).name }, 'the inbox of an account is drained later');
    }
  };

  /** In order of arrival: what it waited for wakes all of an interaction's rows at one moment. */
  const look = async (now: Date): Promise<InboxDoc[]> => {
    const cursor = native(models.inbox)
      .find({ nextAt: { $lte: now }, account: { $nin: [...resting.keys()] } }, { batchSize: LOOK + 1 })
      .sort({ nextAt: 1, arrivedAt: 1, order: 1 })
      .limit(LOOK);
    const rows: InboxDoc[] = [];
    let bytes = 0;
    for await (const row of cursor) {
      rows.push(row);
      bytes += atMost(row);
      if (bytes >= LOOK_BYTES) break;
    }
    await cursor.close();
    return rows;
  };

  /** How many were looked at. */
  const drain = async (lease: Lease): Promise<number> => {
    const now = new Date();
    for (const [account, until] of resting) if (until <= now.getTime()) resting.delete(account);
    const rows = await look(now);
    const pieces = piecesOf(rows);
    let ahead: Promise<Ready> | undefined;
    for (const [index, piece] of pieces.entries()) {
      const ready = ahead ?? prepare(piece);
      const next = pieces[index + 1];
      ahead = next && prepare(next);
      ahead?.catch(() => undefined); // seen by its own commit
      await commitOrRest(piece, ready, lease);
    }
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
      await sleep(LEASE_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
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
