import { extname } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { parseFallback } from './fallback.ts';
import { type Lot, postLot, type Task, takeLot } from './lots.ts';
import { startWorker } from './start-worker.ts';
import type { MailContext, MailSource, ParsedMail } from './types.ts';
import type { Answer, Outcome } from './worker.ts';

/** Size and limits of a pool. */
export interface PoolOptions {
  /** worker threads */
  size?: number;
  /** longest time one mail may take, ms */
  timeout?: number;
  /** heap of one worker, MB: a mail that needs more ends only its worker */
  heap?: number;
  /** module that the workers run; another one only in tests */
  url?: URL;
}

/** Parses mails outside the main thread. */
export interface MailPool {
  /** Parses one mail. A mail that fails three times is read by the fallback; rejects only when the source can't be read. */
  parse(source: MailSource, context: MailContext): Promise<ParsedMail>;
  close(): Promise<void>;
}

interface Slot {
  worker: Worker;
  /** lots under way; the first is being parsed */
  lots: Lot[];
  /** its modules are loaded */
  ready: boolean;
  timer?: NodeJS.Timeout;
}

const BROKE = 'its parser broke';
const MAX_FAILURES = 3;
/** Lots that a worker has at once, so that it needn't wait for the next. */
const AHEAD = 2;
/** Time to load a worker's modules, ms. */
const STARTING = 60_000;
const WORKER = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);
/** Error codes for a source that can't be read, which isn't the mail's fault. */
const UNREADABLE = /^(?:ENOENT|EACCES|EIO|EMFILE|ENFILE|EISDIR|EPERM)$/;

const giveUp = (task: Task, reason: string): void => {
  try {
    task.resolve(parseFallback(task.source, task.context, reason));
  } catch (error) {
    task.reject(error);
  }
};

const reasonOf = ({ code }: NodeJS.ErrnoException): string =>
  code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it takes too much memory' : BROKE;

/** A pool of worker threads that parse mail, started when they are needed. One that dies or hangs is replaced, and its mails are tried again. */
export const makeMailPool = ({ size = 2, timeout = 30_000, heap = 256, url = WORKER }: PoolOptions = {}): MailPool => {
  const slots = new Set<Slot>();
  const queue: Task[] = [];
  let nextId = 1;
  let closed = false;
  let planned = false;
  let faultyStarts = 0;

  const watch = (slot: Slot): void => {
    clearTimeout(slot.timer);
    delete slot.timer;
    if (slot.lots.length === 0) {
      slot.worker.unref();
      return;
    }
    slot.worker.ref();
    const limit = slot.ready ? timeout : Math.max(timeout, STARTING);
    slot.timer = setTimeout(() => lost(slot, `it takes longer than ${timeout / 1000} s`), limit);
  };

  const failed = (task: Task, reason: string): void => {
    task.failures++;
    task.alone = true;
    if (task.failures >= MAX_FAILURES) giveUp(task, reason);
    else queue.unshift(task);
  };

  /** A worker died or hangs. Which mail of the lot was the cause isn't known, so each is tried alone. */
  const lost = (slot: Slot, reason: string): void => {
    if (!slots.delete(slot)) return;
    clearTimeout(slot.timer);
    void slot.worker.terminate();
    if (!slot.ready) {
      notStarted(slot);
      return;
    }
    const [suspect, ...behind] = slot.lots;
    queue.unshift(...behind.flatMap(lot => lot.tasks));
    const [only, ...rest] = suspect?.tasks ?? [];
    if (only && rest.length === 0) failed(only, reason);
    else if (only) queue.unshift(...[only, ...rest].map(task => Object.assign(task, { alone: true })));
    dispatch();
  };

  /** A worker didn't start, which is no mail's fault, so none is given up: after three times in a row all waiting mails are rejected. */
  const notStarted = (slot: Slot): void => {
    queue.unshift(...slot.lots.flatMap(lot => lot.tasks));
    faultyStarts++;
    if (faultyStarts < MAX_FAILURES) {
      dispatch();
      return;
    }
    faultyStarts = 0;
    for (const task of queue.splice(0)) task.reject(new Error('The mail parser does not start.'));
  };

  const settle = (task: Task, outcome: Outcome): void => {
    if ('mail' in outcome) task.resolve(outcome.mail);
    else if (UNREADABLE.test(outcome.code ?? ''))
      task.reject(Object.assign(new Error(outcome.error), { code: outcome.code }));
    else failed(task, BROKE);
  };

  const answered = (slot: Slot, { id, outcomes }: Answer): void => {
    if (!slots.has(slot)) return;
    const lot = slot.lots.find(one => one.id === id);
    slot.ready = true;
    faultyStarts = 0;
    if (!lot) {
      watch(slot);
      return;
    }
    slot.lots = slot.lots.filter(one => one !== lot);
    watch(slot);
    dispatch();
    lot.tasks.forEach((task, i) => {
      settle(task, outcomes[i] ?? { error: BROKE });
    });
    plan();
  };

  const open = (): Slot => {
    const worker = startWorker(url, { resourceLimits: { maxOldGenerationSizeMb: heap } });
    const slot: Slot = { worker, lots: [], ready: false };
    worker.on('message', (answer: Answer) => answered(slot, answer));
    worker.on('error', error => lost(slot, reasonOf(error)));
    worker.on('exit', () => lost(slot, BROKE));
    slots.add(slot);
    return slot;
  };

  const freest = (): Slot | undefined => {
    const [least] = [...slots].sort((a, b) => a.lots.length - b.lots.length);
    if (least && (least.lots.length === 0 || slots.size >= size)) return least.lots.length < AHEAD ? least : undefined;
    return open();
  };

  const dispatch = (): void => {
    while (queue.length > 0 && !closed) {
      const slot = freest();
      if (!slot) return;
      const lot: Lot = { id: nextId++, tasks: takeLot(queue, size) };
      slot.lots.push(lot);
      postLot(slot.worker, lot);
      if (slot.lots.length === 1) watch(slot);
    }
  };

  /** Dispatches after the caller's current loop, so that its mails form lots. */
  const plan = (): void => {
    if (planned || queue.length === 0) return;
    planned = true;
    queueMicrotask(() => {
      planned = false;
      dispatch();
    });
  };

  return {
    parse: (source, context) =>
      new Promise((resolve, reject) => {
        if (closed) throw new Error('The mail pool is closed.');
        queue.push({ source, context, failures: 0, alone: false, resolve, reject });
        plan();
      }),
    close: async () => {
      closed = true;
      const open = [...slots];
      const waiting = [...queue.splice(0), ...open.flatMap(slot => slot.lots.flatMap(lot => lot.tasks))];
      slots.clear();
      for (const slot of open) clearTimeout(slot.timer);
      for (const task of waiting) task.reject(new Error('The mail pool is closed.'));
      await Promise.all(open.map(slot => slot.worker.terminate()));
    },
  };
};
