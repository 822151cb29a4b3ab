import { setTimeout as sleep } from 'node:timers/promises';

/** A write has taken so long that nobody should wait on for it: it may still be done, and whoever asks again finds it done. */
export class OutcomeUnknown extends Error {
  constructor() {
    super('It is not known yet whether this was written.');
    this.name = 'OutcomeUnknown';
  }
}

/** What `work` comes to, if it does in that time; else OutcomeUnknown, and it goes on by itself. */
export const inTime = async <T>(work: Promise<T>, ms: number): Promise<T> => {
  const over = new AbortController();
  const late = sleep(ms, undefined, { signal: over.signal, ref: false }).then(() => {
    throw new OutcomeUnknown();
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    late.catch(() => undefined);
    work.catch(() => undefined);
    over.abort();
  }
};

/** Whether it is done in that time; it goes on by itself when not. */
export const isDoneIn = (work: Promise<unknown>, ms: number): Promise<boolean> =>
  inTime(work, ms).then(
    () => true,
    error => {
      if (error instanceof OutcomeUnknown) return false;
      throw error;
    },
  );
