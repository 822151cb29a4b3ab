import type { Account, Connector } from '../../connectors/contract.ts';
import type { AccountDoc } from '../../models/accounts.ts';
import type { InboxDoc } from '../../models/inbox.ts';
import type { Models } from '../../models/index.ts';
import type { BlobStore } from '../store/blobs.ts';
import { atMost } from '../store/insert.ts';
import { native } from '../store/native.ts';
import { makeCheckpoints } from './checkpoints.ts';
import { failedFrom, fromPayload, type Payload, type StoredFailure, type StoredItem } from './inbox-payload.ts';
import type { Lease } from './lease.ts';
import type { Capture } from './store.ts';
import { LeaseLostError, type PreparedBatch, type TakenRow } from './types.ts';

/** Rows of one transaction, and of one look; a look holds no more bytes than that, but for its first row. */
const BATCH = 400;
const LOOK = 800;
const LOOK_BYTES = 32 * 1024 * 1024;
/** What could not be captured is looked at again after this, and each time twice as late. */
const FIRST_REST_MS = 1000;
const LONGEST_REST_MS = 60_000;
/** So many rows of an account, and none that went well: it is the account's fault, not theirs. */
const ALL_FAIL = 3;

export interface DrainDeps {
  models: Models;
  blobs: BlobStore;
  connectors: ReadonlyMap<string, Connector>;
  capture: Capture;
  open(account: AccountDoc): Promise<Account>;
  log: { warn(data: object, message: string): void };
}

/** Rows of one account that are captured in one transaction. */
interface Piece {
  account: string;
  rows: readonly InboxDoc[];
}

interface Ready {
  account: Account;
  connector: Connector;
  prepared: PreparedBatch;
}

/** None of an account's rows can be captured, and none is to blame: it can't be opened, or the first few all failed. */
class AccountFails extends Error {
  /** `name`: of what went wrong */
  constructor(name: string) {
    super('Nothing of the account can be captured.');
    this.name = name;
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown error');

const restMs = (failures: number): number => Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(failures, 10));

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
 * Captures what waits in the inbox, in the order it arrived; an item leaves it in the transaction that captures it. What can't be captured for a
 * reason of ours is kept and tried again, ever later; only what came after it for the same interaction waits for it.
 */
export const makeDrain = (stream: string, { models, blobs, connectors, capture, open, log }: DrainDeps) => {
  /** accounts of which nothing can be captured, until when they are left alone (ms) */
  const resting = new Map<string, { failures: number; until: number }>();
  /** something may be set aside: by a hub before us, too */
  let someHeld = true;
  /** how often something was */
  let times = 0;

  const opened = async (id: string): Promise<Pick<Ready, 'account' | 'connector'>> => {
    const account = await models.accounts.findById(id).lean<AccountDoc>();
    const connector = account && connectors.get(account.connector);
    if (!account || !connector) throw new AccountFails('AccountGone');
    const failed = (error: unknown) => Promise.reject(new AccountFails(nameOf(error)));
    return { account: await open(account).catch(failed), connector };
  };

  /** Everything of a piece that needs no lease: its bytes are written while another piece is committed. */
  const prepare = async ({ account: id, rows }: Piece): Promise<Ready> => {
    const { account, connector } = await opened(id);
    const { its, unread } = sortedOut(rows);
    const items = await Promise.all(its.map(({ item }) => fromPayload(blobs, item)));
    const failed = unread.map(one => failedFrom(blobs, one.failed));
    const prepared = await capture.prepare(id, connector, { stream, items, failed, next: {} });
    for (const [index, { from }] of its.entries()) Object.assign(prepared.items[index] ?? {}, { from });
    for (const [index, { from }] of unread.entries()) Object.assign(prepared.failures[index] ?? {}, { from });
    return { account, connector, prepared };
  };

  const commit = async ({ account: id }: Piece, ready: Promise<Ready>, lease: Lease): Promise<void> => {
    const { account, connector, prepared } = await ready;
    const checkpoints = makeCheckpoints(models, id, lease.token, () => undefined);
    const origin = { account, connector, checkpoint: await checkpoints.ref(stream) };
    await capture.commit(origin, prepared);
  };

  /** Durable, so that the page and the metrics of any hub can tell of it. */
  const setAside = async ({ _id, account, attempts = 0 }: InboxDoc, error: unknown): Promise<void> => {
    someHeld = true;
    times += 1;
    const nextAt = new Date(Date.now() + restMs(attempts));
    const failedBy = nameOf(error);
    await native(models.inbox).updateOne({ _id }, { $set: { attempts: attempts + 1, nextAt, failedBy } });
    log.warn({ account, attempts: attempts + 1, error: failedBy }, 'an inbox item is captured later');
  };

  /** One by one: what can't be captured holds up what came after it for the same interaction, and nothing else. */
  const commitEach = async ({ account, rows }: Piece, lease: Lease): Promise<void> => {
    const left = await native(models.inbox)
      .find({ _id: { $in: rows.map(({ _id }) => _id) } }, { projection: { _id: 1 } })
      .toArray(); // some of them were captured before it went wrong
    const there = new Set(left.map(({ _id }) => _id));
    const held = new Set<string>();
    let captured = false;
    for (const row of rows) {
      if (!there.has(row._id) || held.has(row.key)) continue;
      const piece = { account, rows: [row] };
      try {
        await commit(piece, prepare(piece), lease);
        captured = true;
      } catch (error) {
        if (error instanceof LeaseLostError || error instanceof AccountFails) throw error;
        held.add(row.key);
        await setAside(row, error);
        if (!captured && held.size === ALL_FAIL) throw new AccountFails(nameOf(error));
      }
    }
  };

  /** No row is to blame: the account is left alone, and its first row tells of it. */
  const rest = async ({ account, rows }: Piece, error: AccountFails): Promise<void> => {
    someHeld = true;
    const told = { $inc: { attempts: 1 }, $set: { failedBy: error.name } };
    if (rows[0]) await native(models.inbox).updateOne({ _id: rows[0]._id }, told);
    const failures = (resting.get(account)?.failures ?? 0) + 1;
    resting.set(account, { failures, until: Date.now() + restMs(failures - 1) });
    log.warn({ account, failures, error: error.name }, 'the inbox of an account is drained later');
  };

  const commitOrSetAside = async (piece: Piece, ready: Promise<Ready>, lease: Lease): Promise<void> => {
    if ((resting.get(piece.account)?.until ?? 0) > Date.now()) return;
    try {
      await commit(piece, ready, lease).catch(async error => {
        if (error instanceof LeaseLostError || error instanceof AccountFails) throw error;
        await commitEach(piece, lease);
      });
      resting.delete(piece.account);
    } catch (error) {
      if (!(error instanceof AccountFails)) throw error;
      await rest(piece, error);
    }
  };

  /** What came after something that was set aside, for the same interaction, waits behind it. */
  const lookFor = async (now: Date): Promise<object> => {
    const held = someHeld ? await native(models.inbox).distinct('key', { attempts: { $gt: 0 } }) : [];
    someHeld = held.length > 0;
    const alone = [...resting].filter(([, { until }]) => until > now.getTime()).map(([account]) => account);
    return {
      nextAt: { $lte: now },
      ...(someHeld ? { $or: [{ attempts: { $gt: 0 } }, { key: { $nin: held } }] } : {}),
      ...(alone.length > 0 ? { account: { $nin: alone } } : {}),
    };
  };

  /** In order of arrival: what it waited for wakes all of an interaction's rows at one moment. */
  const look = async (now: Date): Promise<InboxDoc[]> => {
    const cursor = native(models.inbox)
      .find(await lookFor(now), { batchSize: LOOK + 1 })
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

  /** Captures what waits now; answers how many rows were looked at. Throws LeaseLostError, and what the database does. */
  return async (lease: Lease): Promise<number> => {
    const rows = await look(new Date());
    const pieces = piecesOf(rows);
    let ahead: Promise<Ready> | undefined;
    for (const [index, piece] of pieces.entries()) {
      const ready = ahead ?? prepare(piece);
      const next = pieces[index + 1];
      ahead = next && prepare(next);
      ahead?.catch(() => undefined); // seen by its own commit
      const before = times;
      await commitOrSetAside(piece, ready, lease);
      if (times > before) break; // what is behind it in this look mustn't overtake it
    }
    return rows.length;
  };
};
