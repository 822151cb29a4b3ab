import { useSyncExternalStore } from 'react';
import { topic } from '../api/topic.ts';

const PREFIX = 'talteen:kept/';

const forgetting = topic();
let owner = '';

/** What this tab has stored; a browser may refuse that: then what is kept lasts as long as the page. */
const stored = {
  keys: (prefix: string): string[] => {
    try {
      return Object.keys(sessionStorage).filter(key => key.startsWith(prefix));
    } catch {
      return [];
    }
  },
  get: (key: string): object | null => {
    try {
      return JSON.parse(sessionStorage.getItem(key) ?? 'null') as object | null;
    } catch {
      return null;
    }
  },
  set: (key: string, value: object): void => {
    try {
      sessionStorage.setItem(key, JSON.stringify(value));
    } catch {
      // the page still has it
    }
  },
  remove: (keys: readonly string[]): void => {
    for (const key of keys) sessionStorage.removeItem(key);
  },
};

const placeOf = (name: string): string => `${PREFIX}${encodeURIComponent(owner)}/${name}/`;

/** Forgets all that is kept: somebody signed out. */
export const forgetKept = (): void => {
  stored.remove(stored.keys(PREFIX));
  forgetting.tell();
};

/** Whose things are kept from now on; what another person's were is forgotten. */
export const keepFor = (user: string): void => {
  if (owner === user) return;
  owner = user;
  const mine = placeOf('').slice(0, -1);
  stored.remove(stored.keys(PREFIX).filter(key => !key.startsWith(mine)));
  forgetting.tell();
};

/** Whether anything is kept under this name. */
export const isKept = (name: string): boolean => stored.keys(placeOf(name)).length > 0;

/**
 * State by id (an interaction's, say) that one user has in this tab. It outlives the row, which leaves the page when it is scrolled away, and a reload of
 * the page: what was typed, or is being sent, must not be lost by either. `restored` turns a value that an earlier page stored into one that holds now.
 */
export const makeKept = <T extends object>(name: string, fresh: () => T, restored = (left: T): T => left) => {
  const values = new Map<string, T>();
  const changes = topic();
  const left = (id: string): T => {
    const found = stored.get(placeOf(name) + id);
    return found ? restored({ ...fresh(), ...found }) : fresh();
  };
  const get = (id: string): T => {
    const known = values.get(id) ?? left(id);
    values.set(id, known);
    return known;
  };
  const set = (id: string, patch: Partial<T>): void => {
    const value = { ...get(id), ...patch };
    const key = placeOf(name) + id;
    values.set(id, value);
    if (JSON.stringify(value) === JSON.stringify(fresh())) stored.remove([key]);
    else stored.set(key, value);
    changes.tell();
  };
  forgetting.on(() => {
    values.clear();
    changes.tell();
  });
  const ids = (): string[] => stored.keys(placeOf(name)).map(key => key.slice(placeOf(name).length));
  return { get, set, ids, use: (id: string): T => useSyncExternalStore(changes.on, () => get(id)) };
};
