import type { Hub } from '../hub.ts';
import type { Log } from '../logging.ts';
import type { Arrival } from './arrivals.ts';
import { makeClient } from './client.ts';
import { type Desk, fill } from './fill.ts';
import { liveThroughTheDay } from './living-day.ts';
import { makeDemoState } from './state.ts';

/** The name of the token that the demo works with; revoked when it ends, or at the next start after a kill. */
const TOKEN = 'demo';

export interface Demo {
  hub: Pick<Hub, 'core' | 'listensOn'>;
  samples: {
    desk(now: Date): Desk;
    arrivals(now: Date, sent: readonly Date[]): Iterator<Arrival, never>;
  };
  /** called once a person finds timelines */
  ready(): Promise<void>;
  wait?(n: number): number;
  signal: AbortSignal;
  log: Pick<Log, 'info' | 'warn'>;
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Works with an administrator's token that lives no longer than the work. */
const withToken = async (
  access: Demo['hub']['core']['access'],
  work: (token: string) => Promise<void>,
): Promise<void> => {
  for (const { _id, name } of await access.tokens.list()) if (name === TOKEN) await access.tokens.remove(_id);
  const { token, doc } = await access.tokens.create({ name: TOKEN, role: 'administrator', account: null });
  try {
    await work(token);
  } finally {
    await access.tokens.remove(doc._id);
  }
};

/**
 * Fills an empty hub with the sample desk and keeps mail arriving until `signal` aborts; on a hub that the demo has filled before
 * it goes on from there. Throws when the database holds something else: sample mail has no place there.
 */
export const runDemo = async ({ hub, samples, ready, wait, signal, log }: Demo): Promise<void> => {
  const { core, listensOn: address } = hub;
  const demo = makeDemoState(core.models);
  const state = await demo.open();
  if (!state)
    throw new Error('This database holds more than the demo. Give the demo a folder or a database of its own.');
  const lease = await core.acquire('demo');
  if (!lease) {
    log.info({}, 'demo: another process plays the day on this database');
    await ready();
    return untilAborted(signal);
  }
  const over = AbortSignal.any([signal, lease.signal]);
  try {
    await withToken(core.access, async token => {
      const client = makeClient({ address, token, signal: over });
      if (!state.filled) {
        await fill(client, samples.desk(state.now), (step, data) => log.info({ step, ...data }, 'demo: captured'));
        await demo.filled();
      }
      const arrivals = samples.arrivals(state.now, state.sent);
      await ready();
      await liveThroughTheDay({ client, arrivals, remember: demo.sent, signal: over, log, ...(wait ? { wait } : {}) });
    });
  } catch (error) {
    if (!over.aborted) throw error;
  } finally {
    await lease.release();
  }
  await untilAborted(signal);
};
