import type { InboxDoc } from '../../models/inbox.ts';
import type { Models } from '../../models/index.ts';
import { durable } from '../../models/schema.ts';
import { checkpointId } from '../rules/keys.ts';
import { REPEATED } from '../rules/streams.ts';
import { native } from '../store/native.ts';
import { isDuplicateKey } from '../store/transaction.ts';
import type { Admitted, Arrival } from './admit.ts';
import { blankCheckpoint } from './checkpoints.ts';

const add = async (models: Models, account: string, repeated: number): Promise<void> => {
  const { counts, ...blank } = blankCheckpoint;
  const { stored, quarantined } = counts;
  const fresh = {
    account,
    stream: REPEATED,
    token: 0,
    ...blank,
    'counts.stored': stored,
    'counts.quarantined': quarantined,
  };
  const write = () =>
    native(models.checkpoints).updateOne(
      { _id: checkpointId(account, REPEATED) },
      { $inc: { 'counts.duplicate': repeated }, $setOnInsert: fresh },
      { upsert: true, writeConcern: durable },
    );
  await write().catch(error => {
    // another hub made the row at the same moment
    if (!isDuplicateKey(error)) throw error;
    return write();
  });
};

/**
 * Counts items that don't get into the inbox, since they are known: one write for each account in a group of requests, before these are answered. A kill can only
 * lose the counts of requests that weren't answered; their senders repeat them, and they are counted then.
 */
export const countRepeated = async (
  models: Models,
  admitted: ReadonlyMap<Arrival, readonly Admitted[]>,
  waited: ReadonlySet<InboxDoc>,
): Promise<void> => {
  const repeated = new Map<string, number>();
  for (const [{ account, failed }, outcomes] of admitted) {
    const here =
      outcomes.filter(outcome => outcome === 'duplicate').length + failed.filter(row => waited.has(row)).length;
    if (here > 0) repeated.set(account, (repeated.get(account) ?? 0) + here);
  }
  await Promise.all([...repeated].map(([account, times]) => add(models, account, times)));
};
