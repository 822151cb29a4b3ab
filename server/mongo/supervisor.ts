import { access } from 'node:fs/promises';
import { rotateLog } from './mongod.ts';
import { isAlive, type ProcessId } from './processes.ts';

/** pino's, or anything like it. */
export interface Log {
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
}

export interface Running {
  process: ProcessId;
  socket: string;
}

interface Supervised {
  dataDir: string;
  log: Log;
  first: Running;
  /** starts or joins a mongod again, under the start lock */
  again: () => Promise<Running>;
}

const PERIOD = 500;
const LOG_EVERY = 120;
const LONGEST_PAUSE = 30_000;

/** Looks after the embedded mongod twice a second: one that died, or lost its socket, is replaced; its log is kept short. */
export const supervise = ({ dataDir, log, first, again }: Supervised) => {
  const listeners: (() => void)[] = [];
  let current = first;
  let looks = 0;
  let failures = 0;
  let stopped = false;
  let timer: NodeJS.Timeout;
  let looking: Promise<void> = Promise.resolve();

  const isWell = async () =>
    (await isAlive(current.process)) &&
    access(current.socket).then(
      () => true,
      () => false,
    );

  const replace = async () => {
    log.warn({ pid: current.process.pid }, 'embedded mongod is gone: starting it again');
    const last = current;
    current = await again();
    if (current.process.pid === last.process.pid && current.process.start === last.process.start) return;
    for (const listener of listeners) listener();
  };

  const look = async () => {
    try {
      if (!(await isWell())) await replace();
      else if (++looks % LOG_EVERY === 0) await rotateLog(dataDir, current.process.pid);
      failures = 0;
    } catch (error) {
      failures++;
      log.warn({ reason: (error as Error).message }, 'embedded mongod could not be started again');
    }
    if (!stopped) schedule(failures ? Math.min(LONGEST_PAUSE, PERIOD * 2 ** failures) : PERIOD);
  };

  const schedule = (ms: number) => {
    timer = setTimeout(() => {
      looking = look();
    }, ms);
    timer.unref();
  };

  schedule(PERIOD);
  return {
    onRestart: (listener: () => void) => void listeners.push(listener),
    pid: () => current.process.pid,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
};
