import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, but no longer than until the signal. Without `ref` it keeps no process alive. */
export const pause = (ms: number, signal: AbortSignal, { ref = true } = {}): Promise<void> =>
  sleep(ms, undefined, { signal, ref }).catch(() => undefined);

/** Works again and again until the signal, with a pause of `ms` after each time; `atOnce` false: before the first time too. `ref` as in `pause`. */
export const every = async (
  ms: number,
  signal: AbortSignal,
  work: () => Promise<unknown>,
  { atOnce = true, ref = true } = {},
): Promise<void> => {
  if (!atOnce) await pause(ms, signal, { ref });
  while (!signal.aborted) {
    await work();
    await pause(ms, signal, { ref });
  }
};
