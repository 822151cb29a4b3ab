import { link, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessId, thisProcess } from './processes.ts';

let serial = 0;

const unlessMissing = (error: NodeJS.ErrnoException) => {
  if (error.code !== 'ENOENT') throw error;
  return null;
};

/** Creates `path` with its content in one step, which O_EXCL and a write are not; false when it is there already. */
const createWhole = async (path: string, content: string): Promise<boolean> => {
  const draft = `${path}.${process.pid}.${serial++}`;
  try {
    await writeFile(draft, content, { mode: 0o600 });
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await unlink(draft).catch(unlessMissing);
  }
};

const parse = (text: string): ProcessId | null => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/**
 * Takes a dead owner's file away. Between the look and the rename another start may have done so and put its own file there: then
 * what was taken is not what was looked at, and goes back (link, so that it replaces nobody's).
 */
const removeDead = async (path: string): Promise<void> => {
  const before = await stat(path).catch(unlessMissing);
  const text = await readFile(path, 'utf8').catch(unlessMissing);
  if (!before || text === null) return;
  const owner = parse(text);
  if (owner && (await isAlive(owner))) return;
  const aside = `${path}.${process.pid}.${serial++}`;
  if ((await rename(path, aside).catch(unlessMissing)) === null) return;
  const taken = await stat(aside);
  if (taken.ino !== before.ino || taken.mtimeMs !== before.mtimeMs) await link(aside, path).catch(() => undefined);
  await unlink(aside);
};

/**
 * Runs `work` while holding the exclusive lock file `path` (pid and start time of its owner inside). A dead owner's is taken over;
 * a living owner is waited for, `ms` at most. Throws when it isn't free by then. Not re-entrant.
 */
export const withLock = async <T>(path: string, work: () => Promise<T>, ms = 120_000): Promise<T> => {
  const mine = JSON.stringify({ ...(await thisProcess()), serial: serial++ });
  const until = Date.now() + ms;
  while (!(await createWhole(path, mine))) {
    await removeDead(path);
    if (Date.now() > until) throw new Error(`${path} is held by another process that still runs`);
    await sleep(20 + Math.random() * 30);
  }
  try {
    return await work();
  } finally {
    if ((await readFile(path, 'utf8').catch(unlessMissing)) === mine) await unlink(path);
  }
};
