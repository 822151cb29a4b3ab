import type { Config } from '../../config/index.ts';
import { type Database, openDatabase } from '../database.ts';
import { disclosing, type Log } from '../logging.ts';
import { pause } from '../store/pause.ts';
import { type Context, say } from './context.ts';

/** Under npx the process that started us may go without a signal (npm's shell keeps it): a new parent means stop. */
const parentGone = async (signal: AbortSignal): Promise<void> => {
  const parent = process.ppid;
  while (process.ppid === parent && !signal.aborted) await pause(500, signal);
};

/** Resolves on SIGTERM, on Ctrl-C and, under npx, when the process that started us is gone. */
export const stopAsked = (startedByNpx: boolean, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    // a second one, while what is under way is finished, mustn't end the process
    process.on('SIGTERM', () => resolve()).on('SIGINT', () => resolve());
    if (startedByNpx) void parentGone(signal).then(resolve);
  });

/** Begins to open MongoDB, and comes back as soon as that goes on by itself: loading the program holds up everything else here. */
const beginDatabase = async (config: Config, log: Log): Promise<{ database: Promise<Database> }> => {
  let spawned: () => void = () => undefined;
  const goesOn = new Promise<void>(resolve => {
    spawned = resolve;
  });
  const database = openDatabase(config, log, () => spawned());
  await Promise.race([goesOn, database.catch(() => undefined)]); // a fault is told by the hub
  return { database };
};

/** Runs the hub until SIGTERM or Ctrl-C, then finishes what is under way. */
export const start = async ({ config, log, startedByNpx }: Context): Promise<void> => {
  const over = new AbortController();
  const stop = stopAsked(startedByNpx, over.signal);
  const { database } = await beginDatabase(config, log);
  const { startHub } = await import('../hub.ts');
  const hub = await startHub({
    config,
    log,
    database,
    announce: ({ email, password }) =>
      disclosing(log).info({ email, password }, 'the first administrator; the password is shown only this once'),
  });
  say(`Talteen listens on ${hub.address}`);
  await stop;
  over.abort();
  await hub.close();
};
