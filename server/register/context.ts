import type { ClientSession } from 'mongoose';
import type { Models } from '../../models/index.ts';
import type { IdentifierValue } from '../../models/types.ts';
import type { Policies } from '../rules/retention.ts';
import { inTransaction } from '../store/transaction.ts';

/** What the register works with. `zone` is an IANA name, `country` ISO 3166 alpha-2 (phone numbers without a prefix). */
export interface RegisterDeps {
  models: Models;
  zone: string;
  country: string;
  policies: Policies;
  /** whether a normalised identifier is one of our own: those are no contact's */
  isOurs?: (identifier: IdentifierValue) => boolean;
  /** takes ids, counts and error codes only */
  log: { info(data: object, message: string): void; warn(data: object, message: string): void };
}

/** One transaction of the register. `queued` says that it left work for a job. */
export interface Tx {
  session: ClientSession;
  queued: boolean;
}

export interface RegisterContext extends RegisterDeps {
  /** called after a commit that queued a job */
  kick(): void;
}

/** Runs `work` in a transaction (repeated on conflicts) and wakes the jobs when it queued one. */
export const transact = async <T>(context: RegisterContext, work: (tx: Tx) => Promise<T>): Promise<T> => {
  let queued = false;
  const result = await inTransaction(context.models.connection, async session => {
    const tx: Tx = { session, queued: false };
    const done = await work(tx);
    queued = tx.queued;
    return done;
  });
  if (queued) context.kick();
  return result;
};
