import type { Batch } from '../../contract.ts';
import { makePermits } from './waiting.ts';

/** Batches fetched ahead of the consumer: each up to 4 MB or 100 mails. */
const AHEAD = 3;

/** Room for one batch under way. `free` is called only when nothing is sent with it. */
export interface Place {
  free(): void;
}

/** Collects batches from several connections for the one consumer. */
export interface Outlet {
  /** waits until fewer than three batches are under way */
  place(signal: AbortSignal): Promise<Place>;
  /** Hands over a batch that is still being parsed. Batches of one stream come out in the order in which they were sent. */
  send(place: Place, stream: string, work: Promise<Batch>): void;
  /** whether batches of a stream were sent that the consumer hasn't finished yet */
  pending(stream: string): boolean;
  fail(error: unknown): void;
  batches(): AsyncGenerator<Batch>;
}

const disposeAll = async (batches: Batch[]): Promise<void> => {
  for (const batch of batches) for (const item of batch.items) await item.dispose?.();
};

/** An outlet: connections fetch at the same time, and the consumer sets the pace, with at most `ahead` batches under way. */
export const makeOutlet = (ahead = AHEAD): Outlet => {
  const permits = makePermits(ahead);
  const ready: { batch: Batch; place: Place }[] = [];
  const tails = new Map<string, Promise<void>>();
  const counts = new Map<string, number>();
  let wake = () => {};
  let failure: { error: unknown } | undefined;
  let closed = false;

  const count = (stream: string, by: number) => counts.set(stream, (counts.get(stream) ?? 0) + by);
  const fail = (error: unknown) => {
    failure ??= { error };
    wake();
  };
  const push = async (place: Place, work: Promise<Batch>) => {
    const batch = await work;
    if (closed || failure) return disposeAll([batch]);
    ready.push({ batch, place });
    wake();
  };
  const next = async () => {
    while (!ready.length && !failure)
      await new Promise<void>(resolve => {
        wake = resolve;
      });
    // batches before a failure are complete and go out first
    const first = ready.shift();
    if (first) return first;
    throw failure?.error;
  };

  return {
    async place(signal) {
      const free = await permits.take(signal);
      return { free };
    },
    send(place, stream, work) {
      count(stream, 1);
      work.catch(() => {});
      const tail = tails.get(stream) ?? Promise.resolve();
      tails.set(stream, tail.then(() => push(place, work)).catch(fail));
    },
    pending: stream => (counts.get(stream) ?? 0) > 0,
    fail,
    async *batches() {
      try {
        for (;;) {
          const { batch, place } = await next();
          place.free();
          yield batch;
          count(batch.stream, -1);
        }
      } finally {
        closed = true;
        await disposeAll(ready.splice(0).map(({ batch }) => batch));
      }
    },
  };
};
