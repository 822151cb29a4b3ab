import type { AccessLog } from '../access/log.ts';
import type { Principal } from '../access/principal.ts';

/** Listening for longer than this gets another row. */
const AGAIN_MS = 4 * 3600_000;

/**
 * Logs that an agent listens: entries are pushed without a request for each, so listening counts as reading. Resolves once the row is in the access log;
 * rejects with AccessLogUnavailable, and then nothing may be pushed.
 */
export const makeListening = ({ log, now = Date.now }: { log: Pick<AccessLog, 'record'>; now?: () => number }) => {
  const written = new WeakMap<object, number>();
  return async (socket: object, who: Principal): Promise<void> => {
    const at = now();
    if (at - (written.get(socket) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return;
    await log.record(who, { action: 'live:listen' });
    written.set(socket, at);
  };
};
