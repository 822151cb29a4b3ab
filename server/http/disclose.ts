import type { AccessLog, Read } from '../access/log.ts';
import type { Principal } from '../access/principal.ts';

/**
 * Resolves to what `work` reads, but only once the read is in the access log. Both run at the same time. When the log fails, its error is thrown, whatever the
 * work's result.
 */
export const disclose = async <T>(log: AccessLog, who: Principal, read: Read, work: () => Promise<T>): Promise<T> => {
  const [logged, result] = await Promise.allSettled([log.record(who, read), work()]);
  if (logged.status === 'rejected') throw logged.reason;
  if (result.status === 'rejected') throw result.reason;
  return result.value;
};
