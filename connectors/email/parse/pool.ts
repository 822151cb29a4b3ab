import { Worker } from 'node:worker_threads';
import { parseFallback } from './fallback.ts';
import type { MailContext, MailSource, ParsedMail } from './types.ts';
import type { Done, Task } from './worker.ts';

export interface MailToParse {
  source: MailSource;
  context: MailContext;
}

export interface ParsePoolOptions {
  /** worker threads */
  size?: number;
  /** a worker that takes longer for one task is replaced */
  timeoutMs?: number;
  /** what runs in a worker; another one only in tests */
  script?: URL;
}

interface Job {
  mails: readonly MailToParse[];
  tries: number;
  resolve(parsed: ParsedMail[]): void;
}

const SIZE = 2;
const TIMEOUT_MS = 30_000;
const TRIES = 3;
/** Mails go to a worker in lots, so that no message is sent for each, and both workers share a batch. */
const LOT_MAILS = 25;
const LOT_BYTES = 1024 * 1024;
/** One mail can't take the hub with it. */
const LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 };

/** Compiled it is JavaScript, in tests TypeScript. */
const SCRIPT = new URL(`./worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);

const sizeOf = ({ source }: MailToParse): number => ('bytes' in source ? source.bytes.length : 0);

const lotsOf = (mails: readonly MailToParse[]): MailToParse[][] => {
  const lots: MailToParse[][] = [];
  let bytes = 0;
  for (const mail of mails) {
    const lot = lots.at(-1);
    bytes += sizeOf(mail);
    if (lot && lot.length < LOT_MAILS && bytes <= LOT_BYTES) lot.push(mail);
    else {
      lots.push([mail]);
      bytes = sizeOf(mail);
    }
  }
  return lots;
};

/** A lot in one buffer of its own, which moves to the worker; ours stays here, for the blob store and for another try. */
const pack = (id: number, mails: readonly MailToParse[]): [Task, ArrayBuffer] => {
  const whole = new Uint8Array(mails.reduce((sum, mail) => sum + sizeOf(mail), 0));
  let at = 0;
  const packed = mails.map(({ source, context }) => {
    if (!('bytes' in source)) return { source, context };
    const bytes = whole.subarray(at, at + source.bytes.length);
    bytes.set(source.bytes);
    at += bytes.length;
    return { source: { bytes }, context };
  });
  return [{ id, mails: packed }, whole.buffer];
};

/**
 * Parses mails in worker threads. A worker that dies or hangs is replaced and its mails are tried alone; one that still fails
 * the third time gets what can be said of it without parsing. So every mail comes back, in order.
 */
export const makeParsePool = ({ size = SIZE, timeoutMs = TIMEOUT_MS, script = SCRIPT }: ParsePoolOptions = {}) => {
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const queue: Job[] = [];
  let lastId = 0;
  let closed = false;

  const submit = (mails: readonly MailToParse[], tries: number): Promise<ParsedMail[]> =>
    new Promise(resolve => {
      queue.push({ mails, tries, resolve });
      next();
    });

  const giveUp = ({ mails, resolve }: Job): void =>
    resolve(mails.map(({ source, context }) => parseFallback(source, context)));

  const again = async (job: Job): Promise<void> => {
    if (job.tries >= TRIES || closed) return giveUp(job);
    const alone = await Promise.all(job.mails.map(mail => submit([mail], job.tries + 1)));
    job.resolve(alone.flat());
  };

  const finish = ({ mails, resolve }: Job, { results }: Done): void =>
    resolve(
      results.map((result, index) => {
        if ('mail' in result) return result.mail;
        const { source, context } = mails[index] as MailToParse;
        return parseFallback(source, context);
      }),
    );

  const run = (worker: Worker, job: Job): void => {
    lastId += 1;
    const [task, buffer] = pack(lastId, job.mails);
    const settle = () => {
      clearTimeout(timer);
      worker.removeAllListeners();
    };
    const lost = () => {
      settle();
      all.delete(worker);
      void worker.terminate();
      void again(job);
      next();
    };
    const timer = setTimeout(lost, timeoutMs);
    worker.once('error', lost).once('exit', lost);
    worker.once('message', (done: Done) => {
      settle();
      idle.push(worker);
      worker.unref();
      finish(job, done);
      next();
    });
    worker.ref();
    worker.postMessage(task, [buffer]);
  };

  const spawn = (): Worker => {
    const worker = new Worker(script, { resourceLimits: LIMITS });
    all.add(worker);
    return worker;
  };

  const next = (): void => {
    while (queue.length > 0 && !closed) {
      const worker = idle.pop() ?? (all.size < size ? spawn() : undefined);
      if (!worker) return;
      run(worker, queue.shift() as Job);
    }
  };

  return {
    parse: async (mails: readonly MailToParse[]): Promise<ParsedMail[]> =>
      (await Promise.all(lotsOf(mails).map(lot => submit(lot, 1)))).flat(),
    close: async (): Promise<void> => {
      closed = true;
      await Promise.all([...all].map(worker => worker.terminate()));
    },
  };
};

export type ParsePool = ReturnType<typeof makeParsePool>;
