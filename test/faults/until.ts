import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `holds` does, asking every `every` ms; throws, naming what was waited for, when it hasn't after `ms`. */
export const until = async (
  what: string,
  holds: () => Promise<boolean> | boolean,
  ms = 30_000,
  every = 20,
): Promise<void> => {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Waited ${ms} ms for ${what}.`);
    await sleep(every);
  }
};
