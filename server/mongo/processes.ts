import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A process, told apart from a later one with the same pid. */
export interface ProcessId {
  pid: number;
  /** opaque: the boot and the clock tick it started at (Linux), or the date (macOS) */
  start: string;
}

const startOnLinux = async (pid: number): Promise<string | null> => {
  const [stat, boot] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
  ]);
  // proc(5): the name, field 2, is in parentheses and may hold anything; the state is field 3, the start time field 22
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? null : `${boot.trim()}/${fields[19]}`;
};

const ps = async (pid: number, ...columns: string[]): Promise<string> => {
  const env = { LC_ALL: 'C', PATH: '/bin:/usr/bin' };
  return (await run('ps', [...columns, '-p', String(pid)], { env })).stdout;
};

/** The command line of a process, words parted by spaces. Throws when none runs under this pid. */
export const argumentsOf = async (pid: number): Promise<string> => (await ps(pid, '-ww', '-o', 'args=')).trim();

const startByPs = async (pid: number): Promise<string | null> => {
  const stdout = await ps(pid, '-o', 'stat=,lstart=');
  const [state = 'Z', ...date] = stdout.trim().split(/\s+/);
  return state.startsWith('Z') ? null : date.join(' ');
};

/** When a process started, or null when none runs under this pid (a zombie doesn't run). */
export const startOf = (pid: number): Promise<string | null> =>
  (process.platform === 'linux' ? startOnLinux : startByPs)(pid).catch(() => null);

/** This process. */
export const thisProcess = async (): Promise<ProcessId> => ({
  pid: process.pid,
  start: (await startOf(process.pid)) ?? 'unknown',
});

/** Whether exactly this process still runs on this machine. */
export const isAlive = async ({ pid, start }: ProcessId): Promise<boolean> => (await startOf(pid)) === start;

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

/** Waits until a process is gone; false when it still runs after `ms`. */
export const waitGone = async (which: ProcessId, ms: number): Promise<boolean> => {
  const until = Date.now() + ms;
  while (await isAlive(which)) {
    if (Date.now() > until) return false;
    await sleep(20);
  }
  return true;
};

/** Ends a process: SIGTERM, after `ms` SIGKILL; returns when it is gone. */
export const endProcess = async (which: ProcessId, ms = 30_000): Promise<void> => {
  if (!(await isAlive(which))) return;
  signal(which.pid, 'SIGTERM');
  if (await waitGone(which, ms)) return;
  signal(which.pid, 'SIGKILL');
  await waitGone(which, 10_000);
};
