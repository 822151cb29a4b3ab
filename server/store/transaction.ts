import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientSession, Connection, mongo } from 'mongoose';
import { durable } from '../../models/schema.ts';

const TRIES = 6;
const COMMIT_TRIES = 5;

export const transactionOptions = {
  readConcern: { level: 'snapshot' },
  writeConcern: durable,
  readPreference: 'primary',
} as const;

const hasLabel = (error: unknown, label: string): boolean =>
  typeof (error as mongo.MongoError)?.hasErrorLabel === 'function' && (error as mongo.MongoError).hasErrorLabel(label);

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null | undefined)?.code;

/** The `_id` was there already. */
export const isDuplicateKey = (error: unknown): boolean => codeOf(error) === 11000;

/** Two wrote one document: side by side they would hinder each other again. */
export const hasMet = (error: unknown): boolean => isDuplicateKey(error) || codeOf(error) === 112;

/** Two transactions met in one document, or one lost a race for an `_id`: what it read is old, and running it again from that read helps. */
export const isConflict = (error: unknown): boolean => hasMet(error) || hasLabel(error, 'TransientTransactionError');

/** Nobody knows whether the commit happened: asking again answers that (the server remembers). */
const commit = async (session: ClientSession): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      if (attempt >= COMMIT_TRIES || !hasLabel(error, 'UnknownTransactionCommitResult')) throw error;
      await sleep(50 * attempt);
    }
  }
};

/**
 * Runs `work` in one transaction: snapshot reads, majority and journaled commit. A conflict (WriteConflict, a duplicate `_id`,
 * which carries no TransientTransactionError label, a primary that stepped down) runs all of it again, a bounded number of times with jitter;
 * the last error is thrown. `work` must be repeatable, and must not use the session for two operations at once.
 */
export const inTransaction = async <T>(
  connection: Connection,
  work: (session: ClientSession) => Promise<T>,
  { tries = TRIES }: { tries?: number } = {},
): Promise<T> => {
  const session = await connection.startSession();
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        session.startTransaction(transactionOptions);
        const result = await work(session);
        await commit(session);
        return result;
      } catch (error) {
        if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
        if (attempt >= tries || !isConflict(error)) throw error;
        await sleep(Math.random() * 20 * 2 ** attempt);
      }
    }
  } finally {
    await session.endSession();
  }
};
