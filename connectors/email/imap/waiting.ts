import { setTimeout as delay } from 'node:timers/promises';

/** Waits; aborting `signal` ends it at once with the signal's reason. */
export const sleep = (ms: number, signal: AbortSignal): Promise<void> => delay(ms, undefined, { signal });

/** Back-off in ms: `base` doubled with each failure, up to a minute, and shortened at random by up to a half, so that accounts don't reconnect all at once. */
export const backoff = (failures: number, base = 1000): number =>
  Math.min(60_000, base * 2 ** Math.max(0, failures - 1)) * (0.5 + Math.random() / 2);

/** The promise, or an error with code ETIMEOUT after `ms`. */
export const within = async <T>(ms: number, promise: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('no answer in time'), { code: 'ETIMEOUT' })), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

/** A one-shot event. */
export interface Latch {
  /** ends the wait, also one that begins later */
  open(): void;
  /** true when it was opened, false when `ms` passed first; aborting `signal` ends it with the signal's reason */
  wait(ms: number, signal: AbortSignal): Promise<boolean>;
}

/** A latch that isn't open yet. */
export const makeLatch = (): Latch => {
  let open = () => {};
  const opened = new Promise<true>(resolve => {
    open = () => resolve(true);
  });
  return {
    open: () => open(),
    wait: (ms, signal) => {
      let end = () => {};
      const over = new Promise<false>((resolve, reject) => {
        const abort = () => reject(signal.reason);
        const timer = setTimeout(() => resolve(false), ms);
        signal.addEventListener('abort', abort, { once: true });
        end = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
        };
        if (signal.aborted) abort();
      });
      return Promise.race([opened, over]).finally(end);
    },
  };
};

/** Mutual exclusion. */
export interface Lock {
  readonly busy: boolean;
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** A lock that runs one work at a time, in the order in which they came. */
export const makeLock = (): Lock => {
  let tail: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    get busy() {
      return waiting > 0;
    },
    run(work) {
      waiting++;
      const result = tail.then(work).finally(() => {
        waiting--;
      });
      tail = result.catch(() => {});
      return result;
    },
  };
};

/** A semaphore. */
export interface Permits {
  /** waits for a place; the returned function gives it back, once */
  take(signal: AbortSignal): Promise<() => void>;
}

/** A semaphore with `places` places; whoever has waited longest is next. */
export const makePermits = (places: number): Permits => {
  const queue: (() => void)[] = [];
  let free = places;
  const giveBack = () => {
    const next = queue.shift();
    if (next) next();
    else free++;
  };
  const once = () => {
    let given = false;
    return () => {
      if (!given) giveBack();
      given = true;
    };
  };
  return {
    async take(signal) {
      signal.throwIfAborted();
      if (free > 0) free--;
      else await turn(queue, signal);
      return once();
    },
  };
};

const turn = (queue: (() => void)[], signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const go = () => {
      signal.removeEventListener('abort', leave);
      resolve();
    };
    const leave = () => {
      queue.splice(queue.indexOf(go), 1);
      reject(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    queue.push(go);
  });
