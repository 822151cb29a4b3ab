const FIRST = 1 << 12;
const FULL = 0.7;
const MOST = 0xffff;

/** How often each of very many things came, told apart by 64 bits of their hash, in 10 bytes each: a log of a gigabyte has millions of lines. */
interface Counter {
  /** counts one more, and says how many there are now; `sha256` in hex */
  next(sha256: string): number;
  /** how many there are; 0: none came */
  of(sha256: string): number;
  put(sha256: string, count: number): void;
}

export const makeCounter = (): Counter => {
  let size = FIRST;
  let used = 0;
  let keys = new Uint32Array(size * 2);
  let counts = new Uint16Array(size);

  const slotOf = (high: number, low: number): number => {
    let slot = (high ^ low) & (size - 1);
    while (counts[slot] !== 0 && (keys[slot * 2] !== high || keys[slot * 2 + 1] !== low))
      slot = (slot + 1) & (size - 1);
    return slot;
  };

  const put = (high: number, low: number, count: number): void => {
    const slot = slotOf(high, low);
    keys[slot * 2] = high;
    keys[slot * 2 + 1] = low;
    counts[slot] = count;
  };

  const grow = (): void => {
    const [oldKeys, oldCounts] = [keys, counts];
    size *= 2;
    keys = new Uint32Array(size * 2);
    counts = new Uint16Array(size);
    for (let slot = 0; slot < oldCounts.length; slot++)
      if (oldCounts[slot]) put(oldKeys[slot * 2] as number, oldKeys[slot * 2 + 1] as number, oldCounts[slot] as number);
  };

  const placeOf = (sha256: string): [high: number, low: number] => [
    Number.parseInt(sha256.slice(0, 8), 16),
    Number.parseInt(sha256.slice(8, 16), 16),
  ];

  const countAt = (high: number, low: number): number => counts[slotOf(high, low)] as number;

  const set = (high: number, low: number, count: number): number => {
    if (countAt(high, low) === 0) used++;
    if (used > size * FULL) grow();
    put(high, low, Math.min(count, MOST));
    return Math.min(count, MOST);
  };

  return {
    next: sha256 => {
      const [high, low] = placeOf(sha256);
      return set(high, low, countAt(high, low) + 1);
    },
    of: sha256 => countAt(...placeOf(sha256)),
    put: (sha256, count) => void set(...placeOf(sha256), count),
  };
};
