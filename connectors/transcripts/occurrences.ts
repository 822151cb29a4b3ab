/** So many different keys are remembered at least; what is said again is said again soon. */
const MOST = 200_000;

/** A map that forgets what was set long ago. */
export const makeRecent = <T>() => {
  let recent = new Map<string, T>();
  let older = new Map<string, T>();
  return {
    get: (key: string): T | undefined => recent.get(key) ?? older.get(key),
    set: (key: string, value: T): void => {
      recent.set(key, value);
      if (recent.size < MOST) return;
      older = recent;
      recent = new Map();
    },
  };
};

/** Tells apart what is the same word for word: the first one has its key, the second one `key/2`. */
export const makeOccurrences = () => {
  const counts = makeRecent<number>();
  return (key: string): string => {
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count === 1 ? key : `${key}/${count}`;
  };
};
