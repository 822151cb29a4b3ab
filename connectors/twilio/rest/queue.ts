import type { FileTask } from './files.ts';

const FIRST_MS = 1000;
const LONGEST_MS = 5 * 60_000;
/** A file older than this is dropped from the queue after its third failure. */
const GIVE_UP_MS = 7 * 24 * 3600_000;

/**
 * Files to be fetched. One that fails is tried again after growing intervals (1 s to 5 min). In memory only: the comparison finds them again after a restart.
 * Times are Unix milliseconds.
 */
export const makeQueue = () => {
  const tasks = new Map<string, FileTask>();
  const keyOf = ({ kind, sid }: FileTask): string => `${kind} ${sid}`;
  return {
    add: (more: readonly FileTask[]): void => {
      for (const task of more) if (!tasks.has(keyOf(task))) tasks.set(keyOf(task), task);
    },
    next: (now: number): FileTask | undefined => [...tasks.values()].find(({ notBefore = 0 }) => notBefore <= now),
    done: (task: FileTask): void => void tasks.delete(keyOf(task)),
    /** Puts a file that failed back, and answers how often it was tried. */
    later: (task: FileTask, now: number): number => {
      const attempts = (task.attempts ?? 0) + 1;
      if (now - task.createdAt > GIVE_UP_MS && attempts >= 3) tasks.delete(keyOf(task));
      else
        tasks.set(keyOf(task), {
          ...task,
          attempts,
          notBefore: now + Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempts - 1)),
        });
      return attempts;
    },
    /** when the next file is due; Infinity when none waits */
    due: (): number => Math.min(Number.POSITIVE_INFINITY, ...[...tasks.values()].map(({ notBefore = 0 }) => notBefore)),
    /** when the oldest file that waits was made, of one kind or of all; Infinity when none waits */
    oldest: (kind?: FileTask['kind']): number =>
      Math.min(
        Number.POSITIVE_INFINITY,
        ...[...tasks.values()].filter(task => !kind || task.kind === kind).map(({ createdAt }) => createdAt),
      ),
  };
};
export type Queue = ReturnType<typeof makeQueue>;
