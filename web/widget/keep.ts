/** A message that isn't acknowledged yet; it is kept when the tab is closed. */
export interface Unsent {
  id: string;
  text: string;
  parts: string[];
  /** names of its files, for display */
  files: string[];
  at: number;
}

/** What a browser keeps of a visitor. */
export interface Kept {
  session?: string;
  name?: string;
  email?: string;
  /** `seq` of the last message that the visitor has seen */
  read?: number;
}

/** Storage with a fallback in memory, since a browser may refuse it or have no room: then a value lasts as long as the page. */
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

/** What a browser keeps of one chat. Each unsent message is an item of its own, so that two tabs don't overwrite each other's. */
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
    /** the text being written, kept for this tab only, so that another tab doesn't send it too */
    draft: () => ofThisTab.get(draft) ?? '',
    setDraft: (text: string) => (text ? ofThisTab.set(draft, text) : ofThisTab.remove(draft)),
  };
};

export type Keep = ReturnType<typeof makeKeep>;
