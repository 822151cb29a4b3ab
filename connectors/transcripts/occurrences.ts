/** So many different keys are remembered; what is said again is said again soon. */
const MOST = 200_000;

/** Tells apart what is the same word for word: the first one has its key, the second one `key/2`. */
export const makeOccurrences = () => {
  let recent = new Map<string, number>();
  let older = new Map<string, number>();
  return (key: string): string => {
    const count = (recent.get(key) ?? older.get(key) ?? 0) + 1;
    recent.set(key, count);
    if (recent.size >= MOST) {
      older = recent;
      recent = new Map();
    }
    return count === 1 ? key : `${key}/${count}`;
  };
};
