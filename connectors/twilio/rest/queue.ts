import type { FileTask } from './files.ts';

const FIRST_MS = 1000;
const LONGEST_MS = 5 * 60_000;
/** Longer than this a file isn't asked for any more. */
const GIVE_UP_MS = 7 * 24 * 3600_000;

/** Files that are to be fetched, each tried again later and later. In memory: the comparison finds them again. */
export const makeQueue = () => {
  const tasks = new Map<string, FileTask>();
  const keyOf = ({ kind, sid }: FileTask): string => `${kind} ${sid}`;
  return {
    add: (more: readonly FileTask[]): void => {
      for (const task of more) if (!tasks.has(keyOf(task))) tasks.set(keyOf(task), task);
    },
    next: (now: number): FileTask | undefined => [...tasks.values()].find(({ notBefore = 0 }) => notBefore <= now),
    done: (task: FileTask): void => void tasks.delete(keyOf(task)),
    /** How often it was tried by now. */
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
    /** When the next one is due; Infinity: none waits. */
    due: (): number => Math.min(Number.POSITIVE_INFINITY, ...[...tasks.values()].map(({ notBefore = 0 }) => notBefore)),
    /** When the oldest one came to be, of one kind or of all; Infinity: none waits. */
    oldest: (kind?: FileTask['kind']): number =>
      Math.min(
        Number.POSITIVE_INFINITY,
        ...[...tasks.values()].filter(task => !kind || task.kind === kind).map(({ createdAt }) => createdAt),
      ),
  };
};
export type Queue = ReturnType<typeof makeQueue>;
