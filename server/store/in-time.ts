/** A write has taken so long that nobody should wait on for it: it may still be done, and whoever asks again finds it done. */
export class OutcomeUnknown extends Error {
  constructor() {
    super('It is not known yet whether this was written.');
    this.name = 'OutcomeUnknown';
  }
}

/** What `work` comes to, if it does in that time; else OutcomeUnknown, and it goes on by itself. A timer by hand: one with a signal costs each webhook 4 %. */
export const inTime = <T>(work: Promise<T>, ms: number): Promise<T> =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new OutcomeUnknown()), ms).unref();
    work.then(resolve, reject).finally(() => clearTimeout(late));
  });

/** Whether it is done in that time; it goes on by itself when not. */
export const isDoneIn = (work: Promise<unknown>, ms: number): Promise<boolean> =>
  inTime(work, ms).then(
    () => true,
    error => {
      if (error instanceof OutcomeUnknown) return false;
      throw error;
    },
  );
