import type { FileTask } from './rest/files.ts';

const MOST = 1000;

/**
 * What webhooks say that there is to fetch, for the pull of the same hub. It only makes it sooner: what gets lost here, or came to another hub, is
 * found by the next comparison.
 */
export const makeHints = () => {
  const told = new Map<string, FileTask[]>();
  const bells = new Map<string, () => void>();
  return {
    give: (account: string, tasks: readonly FileTask[]): void => {
      if (tasks.length === 0) return;
      told.set(account, [...(told.get(account) ?? []), ...tasks].slice(-MOST));
      bells.get(account)?.();
    },
    listen: (account: string, wake: () => void) => {
      bells.set(account, wake);
      return {
        take: (): FileTask[] => {
          const tasks = told.get(account) ?? [];
          told.delete(account);
          return tasks;
        },
        close: (): void => {
          if (bells.get(account) === wake) bells.delete(account);
        },
      };
    },
  };
};
export type Hints = ReturnType<typeof makeHints>;
