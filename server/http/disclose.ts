import type { AccessLog, Read } from '../access/log.ts';
import type { Principal } from '../access/principal.ts';

/**
 * Answers what `work` reads once the access log has its row, and not otherwise. Both go on at the same time; when the log fails
 * that is what is thrown, whatever became of the work.
 */
export const disclose = async <T>(log: AccessLog, who: Principal, read: Read, work: () => Promise<T>): Promise<T> => {
  const [logged, result] = await Promise.allSettled([log.record(who, read), work()]);
  if (logged.status === 'rejected') throw logged.reason;
  if (result.status === 'rejected') throw result.reason;
  return result.value;
};
