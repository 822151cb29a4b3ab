import type { AccessLog } from '../access/log.ts';
import type { Principal } from '../access/principal.ts';

/** Whoever listens for longer is written down again. */
const AGAIN_MS = 4 * 3600_000;

/**
 * What comes in is pushed to whoever listens, and nobody asks for each of it: that they listen is their read. Resolves once the access log has its
 * row; rejects with AccessLogUnavailable: nothing may be pushed then.
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
