/** A message that is not acknowledged yet: it outlives the tab. */
export interface Unsent {
  id: string;
  text: string;
  parts: string[];
  /** names of the files, to be shown */
  files: string[];
  at: number;
}

export interface Kept {
  session?: string;
  name?: string;
  email?: string;
  /** up to which message (its seq) the visitor has seen them */
  read?: number;
}

/** A browser may refuse storage, or have no room: then what it didn't take lasts as long as the page. */
const storageOf = (place: () => Storage) => {
  const memory = new Map<string, string>();
  return {
    get: (key: string) => {
      if (memory.has(key)) return memory.get(key) ?? null;
      try {
        return place().getItem(key);
      } catch {
        return null;
      }
    },
    set: (key: string, value: string) => {
      try {
        place().setItem(key, value);
        memory.delete(key);
      } catch {
        memory.set(key, value);
      }
    },
    remove: (key: string) => {
      memory.delete(key);
      try {
        place().removeItem(key);
      } catch {}
    },
    keys: () => {
      const here = [...memory.keys()];
      try {
        return [...new Set([...here, ...Object.keys(place())])];
      } catch {
        return here;
      }
    },
  };
};

/** What a browser keeps of one chat. Each unsent message is an item of its own, so that two tabs don't write over each other's. */
export const makeKeep = (prefix: string) => {
  const storage = storageOf(() => localStorage);
  const ofThisTab = storageOf(() => sessionStorage);
  const read = <T>(key: string): T | null => {
    try {
      return JSON.parse(storage.get(key) ?? 'null') as T | null;
    } catch {
      return null;
    }
  };
  const outbox = `${prefix}/out/`;
  const draft = `${prefix}/draft`;
  return {
    load: (): Kept => read<Kept>(prefix) ?? {},
    save: (kept: Kept) => storage.set(prefix, JSON.stringify(kept)),
    unsent: (): Unsent[] =>
      storage
        .keys()
        .filter(key => key.startsWith(outbox))
        .flatMap(key => read<Unsent>(key) ?? [])
        .sort((a, b) => a.at - b.at),
    put: (unsent: Unsent) => storage.set(outbox + unsent.id, JSON.stringify(unsent)),
    drop: (id: string) => storage.remove(outbox + id),
    /** What is being written: of one tab, so that another one doesn't send it too. */
    draft: () => ofThisTab.get(draft) ?? '',
    setDraft: (text: string) => (text ? ofThisTab.set(draft, text) : ofThisTab.remove(draft)),
  };
};

export type Keep = ReturnType<typeof makeKeep>;
