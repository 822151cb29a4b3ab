import type { Worker } from 'node:worker_threads';
import type { MailContext, MailSource, ParsedMail } from './types.ts';
import type { Job } from './worker.ts';

/** A mail that waits to be parsed. */
export interface Task {
  source: MailSource;
  context: MailContext;
  failures: number;
  /** its lot failed: it is parsed alone now, to find out which mail was the cause */
  alone: boolean;
  resolve(mail: ParsedMail): void;
  reject(error: unknown): void;
}

/** Mails that are sent to a worker together. */
export interface Lot {
  id: number;
  tasks: Task[];
}

const MAX_MAILS = 25;
const MAX_BYTES = 1024 * 1024;

const sizeOf = ({ source }: Task): number => ('bytes' in source ? source.bytes.byteLength : MAX_BYTES);

/** Takes the next lot out of the queue: an equal share for each of the workers, of at most 25 mails and about 1 MB. */
export const takeLot = (queue: Task[], workers: number): Task[] => {
  const share = Math.min(MAX_MAILS, Math.ceil(queue.length / workers));
  const lot: Task[] = [];
  let bytes = 0;
  for (let next = queue[0]; next && lot.length < share; next = queue[0]) {
    bytes += sizeOf(next);
    if (lot.length > 0 && (next.alone || bytes > MAX_BYTES)) break;
    lot.push(next);
    queue.shift();
    if (next.alone) break;
  }
  return lot;
};

/**
 * Sends a lot to a worker, with its bytes copied into one buffer that is transferred. A view would be cloned with its whole buffer; and since it is a copy,
 * nothing is lost when the worker dies.
 */
export const postLot = (worker: Worker, { id, tasks }: Lot): void => {
  const size = tasks.reduce((sum, { source }) => sum + ('bytes' in source ? source.bytes.byteLength : 0), 0);
  const whole = new Uint8Array(size);
  let at = 0;
  const mails = tasks.map(({ source, context }) => {
    if ('path' in source) return { source, context };
    const bytes = whole.subarray(at, at + source.bytes.byteLength);
    bytes.set(source.bytes);
    at += bytes.byteLength;
    return { source: { bytes }, context };
  });
  worker.postMessage({ id, mails } satisfies Job, [whole.buffer]);
};
