import type { Hub } from '../hub.ts';
import type { Log } from '../logging.ts';
import type { Arrival } from './arrivals.ts';
import { openChannels, type SampleChannels, type Tokens } from './channels.ts';
import { makeClient } from './client.ts';
import { type Desk, fill } from './fill.ts';
import { liveThroughTheDay } from './living-day.ts';
import { makeDemoState } from './state.ts';

/** The name of the token that the demo works with; it and the agent's are revoked when it ends, or at the next start after a kill. */
const TOKEN = 'demo';

export interface Demo {
  hub: Pick<Hub, 'core' | 'listensOn'>;
  samples: {
    desk(now: Date): Desk;
    arrivals(now: Date, sent: readonly Date[]): Iterator<Arrival, never>;
    /** what besides mail there is; without it the demo is one of mail alone */
    channels?: SampleChannels;
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

/** Works with tokens that live no longer than the work. */
const withTokens = async (
  { tokens }: Demo['hub']['core']['access'],
  agentName: string,
  work: (given: Tokens) => Promise<void>,
): Promise<void> => {
  for (const { _id, name } of await tokens.list()) if (name === TOKEN || name === agentName) await tokens.remove(_id);
  const administrator = await tokens.create({ name: TOKEN, role: 'administrator', account: null });
  const agent = await tokens.create({ name: agentName, role: 'agent', account: null });
  try {
    await work({ administrator: administrator.token, agent: agent.token });
  } finally {
    for (const { doc } of [administrator, agent]) await tokens.remove(doc._id);
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
    await withTokens(core.access, samples.channels?.chatAgents[0] ?? 'Agent', async tokens => {
      const client = makeClient({ address, token: tokens.administrator, signal: over });
      const told = (step: string, data: object) => log.info({ step, ...data }, 'demo: captured');
      if (!state.filled) await fill(client, samples.desk(state.now), told);
      const waiting = wait ? { wait } : {};
      const channels =
        samples.channels &&
        (await openChannels(samples.channels, { client, address, tokens, signal: over, log, ...waiting }));
      if (!state.filled) {
        await channels?.fill(state.now, told);
        await demo.filled();
      }
      const arrivals = samples.arrivals(state.now, state.sent);
      await ready();
      await Promise.all([
        liveThroughTheDay({ client, arrivals, remember: demo.sent, signal: over, log, ...waiting }),
        channels?.play(),
      ]);
    });
  } catch (error) {
    if (!over.aborted) throw error;
  } finally {
    await lease.release();
  }
  await untilAborted(signal);
};
