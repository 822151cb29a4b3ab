import { setTimeout as sleep } from 'node:timers/promises';
import type { Arrival } from './arrivals.ts';
import type { Client } from './client.ts';

export interface LivingDay {
  client: Pick<Client, 'upload'>;
  arrivals: Iterator<Arrival, never>;
  /** told before a mail is sent: one that a kill cuts off comes again, and is a duplicate if it had arrived */
  remember(at: Date): Promise<void>;
  /** ms to wait before the n-th, from 0 */
  wait?(n: number): number;
  signal: AbortSignal;
  log: { warn(data: object, message: string): void };
}

const QUICK = 60;
const AGAIN_MS = 5000;

/** 5 to 20 s while somebody may be watching for the first time, then half a minute to two. */
const usualWait = (n: number): number => (n < QUICK ? 5000 + Math.random() * 15_000 : 30_000 + Math.random() * 90_000);

/** Keeps mail arriving through POST /imports until `signal` aborts. What the hub can't take just now is sent again. */
export const liveThroughTheDay = async (day: LivingDay): Promise<void> => {
  const { client, arrivals, remember, wait = usualWait, signal, log } = day;
  const pause = (ms: number) => sleep(ms, undefined, { signal });

  const once = async (work: () => Promise<unknown>): Promise<void> => {
    for (;;) {
      try {
        await work();
        return;
      } catch (error) {
        if (signal.aborted) throw error;
        log.warn({ error: (error as Error).name }, 'demo: a mail is sent again');
        await pause(AGAIN_MS);
      }
    }
  };

  try {
    for (let n = 0; ; n++) {
      await pause(wait(n));
      const arrival = arrivals.next().value;
      if (!arrival.again) await once(() => remember(arrival.at));
      await once(() => client.upload('/imports', [arrival]));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};
