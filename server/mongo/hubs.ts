import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, thisProcess } from './processes.ts';

/** The hubs that use one mongod: a file each in `dir`, with pid and start time. Call it under the start lock. */
export const makeHubs = (dir: string) => {
  const alive = async (name: string): Promise<boolean> => {
    const text = await readFile(join(dir, name), 'utf8').catch(() => 'null');
    try {
      const hub = JSON.parse(text);
      return hub !== null && (await isAlive(hub));
    } catch {
      return false;
    }
  };

  return {
    /** Registers this process once more; returns the registration's name. */
    async register(): Promise<string> {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      const name = `${process.pid}-${randomUUID()}.json`;
      await writeFile(join(dir, name), JSON.stringify(await thisProcess()), { mode: 0o600 });
      return name;
    },
    /** Takes a registration back, clears those of the dead, and returns how many living ones are left. */
    async leave(name: string): Promise<number> {
      await rm(join(dir, name), { force: true });
      let left = 0;
      for (const other of await readdir(dir)) {
        if (await alive(other)) left++;
        else await rm(join(dir, other), { force: true });
      }
      return left;
    },
  };
};
