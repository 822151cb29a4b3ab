import { setTimeout as sleep } from 'node:timers/promises';
import { startHub } from '../hub.ts';
import { type Context, say } from './context.ts';

/** Under npx the process that started us may go without a signal (npm's shell keeps it): a new parent means stop. */
const parentGone = async (signal: AbortSignal): Promise<void> => {
  const parent = process.ppid;
  while (process.ppid === parent && !signal.aborted) await sleep(500, undefined, { signal }).catch(() => undefined);
};

/** Resolves on SIGTERM, on Ctrl-C and, under npx, when the process that started us is gone. */
export const stopAsked = (startedByNpx: boolean, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    process.once('SIGTERM', () => resolve()).once('SIGINT', () => resolve());
    if (startedByNpx) void parentGone(signal).then(resolve);
  });

/** Runs the hub until SIGTERM or Ctrl-C, then finishes what is under way. */
export const start = async ({ config, log, startedByNpx }: Context): Promise<void> => {
  const over = new AbortController();
  const stop = stopAsked(startedByNpx, over.signal);
  const hub = await startHub({
    config,
    log,
    announce: ({ email, password }) =>
      process.stderr.write(
        `${JSON.stringify({ level: 30, msg: 'the first administrator; the password is shown only this once', email, password })}\n`,
      ),
  });
  say(`Talteen listens on ${hub.address}`);
  await stop;
  over.abort();
  await hub.close();
};
