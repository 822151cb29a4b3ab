import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { parseFallback } from './fallback.ts';
import type { MailContext, MailSource, ParsedMail } from './types.ts';
import type { Answer, Job } from './worker.ts';

export interface PoolOptions {
  /** worker threads */
  size?: number;
  /** longest time one mail may take, ms */
  timeout?: number;
  /** heap of one worker, MB: a mail that needs more takes only its worker down */
  heap?: number;
  /** compiled or TypeScript module that the workers run */
  url?: URL;
}

export interface MailPool {
  /** Parses one mail. A mail that fails three times is read by the fallback; rejects only when the source can't be read. */
  parse(source: MailSource, context: MailContext): Promise<ParsedMail>;
  close(): Promise<void>;
}

interface Task {
  source: MailSource;
  context: MailContext;
  failures: number;
  resolve(mail: ParsedMail): void;
  reject(error: unknown): void;
}

interface Slot {
  worker: Worker;
  /** under way, the one being parsed first */
  tasks: Map<number, Task>;
  timer?: NodeJS.Timeout;
}

const BROKE = 'its parser broke';
const MAX_FAILURES = 3;
/** Mails a worker is given ahead, so that it never waits for the next. */
const AHEAD = 8;
const WORKER = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);
/** The source can't be read: no fault of the mail. */
const isUnreadable = (code: string | undefined): boolean =>
  code !== undefined && /^(?:ENOENT|EACCES|EIO|EMFILE|ENFILE|EISDIR|EPERM)$/.test(code);

/** A copy of exactly the mail's bytes is moved: cloning a view would clone all of the buffer it looks at. */
const post = (worker: Worker, id: number, { source, context }: Task): void => {
  if ('path' in source) {
    worker.postMessage({ id, source, context } satisfies Job);
    return;
  }
  const bytes = Uint8Array.from(source.bytes);
  worker.postMessage({ id, source: { bytes }, context } satisfies Job, [bytes.buffer]);
};

/** Run from source (tests), in the project's folder: worker threads don't inherit the hooks of its loader. */
const fromSource = (url: URL): string =>
  `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(url.href)}); })`;

const giveUp = (task: Task, reason: string): void => {
  try {
    task.resolve(parseFallback(task.source, task.context, reason));
  } catch (error) {
    task.reject(error);
  }
};

/** Worker threads that parse mail. They are given copies (5 µs for 36 KB): one that dies takes nothing with it. */
export const makeMailPool = ({ size = 2, timeout = 30_000, heap = 256, url = WORKER }: PoolOptions = {}): MailPool => {
  const slots = new Set<Slot>();
  const queue: Task[] = [];
  let nextId = 1;
  let closed = false;

  const watch = (slot: Slot): void => {
    clearTimeout(slot.timer);
    delete slot.timer;
    if (slot.tasks.size > 0) {
      slot.worker.ref();
      slot.timer = setTimeout(() => lost(slot, `it took longer than ${timeout / 1000} s`), timeout);
    } else slot.worker.unref();
  };

  const failed = (task: Task, reason: string): void => {
    task.failures++;
    if (task.failures >= MAX_FAILURES) giveUp(task, reason);
    else queue.unshift(task);
  };

  /** A worker is gone, or hangs: the mail it was at failed, those behind it weren't begun. */
  const lost = (slot: Slot, reason: string): void => {
    if (!slots.delete(slot)) return;
    clearTimeout(slot.timer);
    void slot.worker.terminate();
    const [first, ...behind] = slot.tasks.values();
    queue.unshift(...behind);
    if (first) failed(first, reason);
    dispatch();
  };

  const answered = (slot: Slot, answer: Answer): void => {
    const task = slot.tasks.get(answer.id);
    if (!task) return;
    slot.tasks.delete(answer.id);
    if ('mail' in answer) task.resolve(answer.mail);
    else if (isUnreadable(answer.code)) task.reject(Object.assign(new Error(answer.error), { code: answer.code }));
    else failed(task, BROKE);
    watch(slot);
    dispatch();
  };

  const open = (): Slot => {
    const resourceLimits = { maxOldGenerationSizeMb: heap };
    const [script, options] = url.pathname.endsWith('.ts') ? [fromSource(url), { eval: true }] : [url, {}];
    const worker = new Worker(script, { ...options, resourceLimits });
    const slot: Slot = { worker, tasks: new Map() };
    worker.on('message', (answer: Answer) => answered(slot, answer));
    worker.on('error', (error: NodeJS.ErrnoException) =>
      lost(slot, error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it takes too much memory' : BROKE),
    );
    worker.on('exit', () => lost(slot, 'its parser ended'));
    slots.add(slot);
    return slot;
  };

  const freest = (): Slot | undefined => {
    const [least] = [...slots].sort((a, b) => a.tasks.size - b.tasks.size);
    if (least && (least.tasks.size === 0 || slots.size >= size)) return least.tasks.size < AHEAD ? least : undefined;
    return open();
  };

  const dispatch = (): void => {
    while (queue.length > 0 && !closed) {
      const slot = freest();
      if (!slot) return;
      const task = queue.shift() as Task;
      const id = nextId++;
      slot.tasks.set(id, task);
      post(slot.worker, id, task);
      if (slot.tasks.size === 1) watch(slot);
    }
  };

  return {
    parse: (source, context) =>
      new Promise((resolve, reject) => {
        if (closed) throw new Error('The mail pool is closed.');
        queue.push({ source, context, failures: 0, resolve, reject });
        dispatch();
      }),
    close: async () => {
      closed = true;
      const waiting = [...queue.splice(0), ...[...slots].flatMap(slot => [...slot.tasks.values()])];
      const open = [...slots];
      slots.clear();
      for (const slot of open) clearTimeout(slot.timer);
      await Promise.all(open.map(slot => slot.worker.terminate()));
      for (const task of waiting) task.reject(new Error('The mail pool is closed.'));
    },
  };
};
