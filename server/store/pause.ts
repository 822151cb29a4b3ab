import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, but no longer than until the signal. Without `ref` it keeps no process alive. */
export const pause = (ms: number, signal: AbortSignal, { ref = true } = {}): Promise<void> =>
  sleep(ms, undefined, { signal, ref }).catch(() => undefined);

/** Works again and again until the signal, with a pause after each time. */
export const every = async (ms: number, signal: AbortSignal, work: () => Promise<unknown>): Promise<void> => {
  while (!signal.aborted) {
    await work();
    await pause(ms, signal);
  }
};
