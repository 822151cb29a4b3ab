import type { Models } from '../../models/index.ts';
import type { Holder } from '../../models/leases.ts';
import { native } from '../store/native.ts';
import { pause } from '../store/pause.ts';
import { isDuplicateKey } from '../store/transaction.ts';
import { LeaseLostError } from './types.ts';

const SECONDS = 10;
const RENEW_MS = 3000;

export interface Lease {
  id: string;
  /** fencing token: what it guards is moved only by whoever names it */
  token: number;
  /** aborts when the lease is lost; its reason is a LeaseLostError */
  signal: AbortSignal;
  release(): Promise<void>;
}

/** Works with `stop` aborted once the signal is. It lets go of the signal then, which may outlive many of them. */
export const whileLinked = async <T>(
  signal: AbortSignal,
  stop: AbortController,
  work: () => Promise<T>,
): Promise<T> => {
  const follow = () => stop.abort(signal.reason);
  signal.addEventListener('abort', follow, { once: true });
  if (signal.aborted) follow();
  try {
    return await work();
  } finally {
    signal.removeEventListener('abort', follow);
  }
};

/** Works with `stop` aborted once the lease is lost, and lets go of the lease at the end. */
export const whileHeld = <T>(lease: Lease, stop: AbortController, work: () => Promise<T>): Promise<T> =>
  whileLinked(lease.signal, stop, work).finally(() => lease.release().catch(() => undefined));

export interface LeaseDeps {
  models: Models;
  self: Holder;
  /** false only when the holder is a process of this host that is known to be gone */
  mayBeAlive(holder: Holder): Promise<boolean>;
  /** called before a dead holder is followed: what it left open in the database is in the way */
  clearAfter?(holder: Holder): Promise<unknown>;
}

const until = { $dateAdd: { startDate: '$$NOW', unit: 'second', amount: SECONDS } };

/** One holder at a time, by the server's clock. A holder that died on this host is followed at once, any other after 10 s. */
export const makeLeases = ({ models, self, mayBeAlive, clearAfter }: LeaseDeps) => {
  const leases = native(models.leases);

  const take = async (id: string, free: object): Promise<number | null> => {
    const taken = await leases.findOneAndUpdate(
      { _id: id, ...free },
      [{ $set: { holder: { $literal: self }, token: { $add: ['$token', 1] }, expiresAt: until } }],
      { returnDocument: 'after', includeResultMetadata: false },
    );
    return taken?.token ?? null;
  };

  const acquire = async (id: string): Promise<number | null> => {
    const blank = { $setOnInsert: { holder: null, token: 0, expiresAt: new Date(0) } };
    await leases.updateOne({ _id: id }, blank, { upsert: true }).catch(ignoreDuplicate);
    const expired = await take(id, { $expr: { $lte: ['$expiresAt', '$$NOW'] } });
    if (expired !== null) return expired;
    const held = await leases.findOne({ _id: id });
    if (!held?.holder || (await mayBeAlive(held.holder))) return null;
    // best effort: MongoDB clears it by itself a minute later
    await clearAfter?.(held.holder).catch(() => undefined);
    return take(id, { token: held.token });
  };

  const keep = async (id: string, token: number, lost: AbortController): Promise<void> => {
    let renewedAt = Date.now();
    while (!lost.signal.aborted) {
      await pause(RENEW_MS, lost.signal);
      if (lost.signal.aborted) return;
      const renewed = await leases.updateOne({ _id: id, token }, [{ $set: { expiresAt: until } }]).catch(() => null);
      if (renewed?.matchedCount) renewedAt = Date.now();
      else if (renewed || Date.now() - renewedAt > SECONDS * 1000) lost.abort(new LeaseLostError(id));
    }
  };

  /** Null when somebody else holds it. */
  return async (id: string): Promise<Lease | null> => {
    const token = await acquire(id);
    if (token === null) return null;
    const lost = new AbortController();
    const kept = keep(id, token, lost);
    return {
      id,
      token,
      signal: lost.signal,
      release: async () => {
        lost.abort(new LeaseLostError(id));
        await kept;
        await leases.updateOne({ _id: id, token }, { $set: { expiresAt: new Date(0) } });
      },
    };
  };
};

export type AcquireLease = ReturnType<typeof makeLeases>;

const ignoreDuplicate = (error: unknown): void => {
  if (!isDuplicateKey(error)) throw error;
};
