import type { FileTask } from './rest/files.ts';

const MOST = 1000;

/**
 * Hands files that webhooks announce to the pull of the same hub, which then fetches them at once. Only a shortcut: what is lost here, or came to another hub,
 * is found by the next comparison with Twilio's API.
 */
export const makeHints = () => {
  const announced = new Map<string, FileTask[]>();
  const bells = new Map<string, () => void>();
  return {
    give: (account: string, tasks: readonly FileTask[]): void => {
      if (tasks.length === 0) return;
      announced.set(account, [...(announced.get(account) ?? []), ...tasks].slice(-MOST));
      bells.get(account)?.();
    },
    listen: (account: string, wake: () => void) => {
      bells.set(account, wake);
      return {
        take: (): FileTask[] => {
          const tasks = announced.get(account) ?? [];
          announced.delete(account);
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
