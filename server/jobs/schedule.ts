import type { AcquireLease } from '../capture/lease.ts';
import { every } from '../store/pause.ts';

/** A periodic job. */
export interface Job {
  /** also the name of its lease, by which only one hub runs it at a time */
  name: string;
  everyMs: number;
  run(): Promise<unknown>;
}

/** Runs each job periodically, on one of the hubs. A job that fails is run again at its next time. */
export const startJobs = (
  jobs: readonly Job[],
  { acquire, log }: { acquire: AcquireLease; log: { warn(data: object, message: string): void } },
): { stop(): Promise<void> } => {
  const stopping = new AbortController();
  const runOnce = async ({ name, run }: Job): Promise<void> => {
    try {
      const lease = await acquire(`job:${name}`);
      if (lease) await run().finally(() => lease.release());
    } catch (error) {
      log.warn({ job: name, error: (error as Error).name }, 'a job failed and runs again later');
    }
  };
  const running = jobs.map(job => every(job.everyMs, stopping.signal, () => runOnce(job)));
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
};
