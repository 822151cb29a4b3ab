import type { Connection } from 'mongoose';
import type { Holder } from '../../models/leases.ts';

/** What a hub calls itself towards MongoDB (128 bytes at most), so that another can tell which transactions are its. */
export const appNameOf = ({ host, pid, start }: Holder): string => `talteen ${host} ${pid} ${start}`.slice(0, 128);

interface IdleTransaction {
  lsid: { id: unknown };
}

/**
 * Aborts the transactions that a killed hub left open. MongoDB would keep them, and all that they wrote locked, for
 * `transactionLifetimeLimitSeconds` (60 s): the one who follows would conflict with them so long. Answers how many there were.
 */
export const abortTransactionsOf = async (connection: Connection, holder: Holder): Promise<number> => {
  const admin = connection.getClient().db('admin');
  const left = await admin
    .aggregate<IdleTransaction>([
      { $currentOp: { allUsers: true, idleSessions: true } },
      { $match: { appName: appNameOf(holder), lsid: { $exists: true }, transaction: { $exists: true } } },
    ])
    .toArray();
  if (left.length > 0) await admin.command({ killSessions: left.map(({ lsid }) => ({ id: lsid.id })) });
  return left.length;
};
