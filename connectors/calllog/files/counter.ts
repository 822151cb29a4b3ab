const FIRST = 1 << 12;
const FULL = 0.7;

/** How often each of very many things came, told apart by 64 bits of their hash, in 10 bytes each: a log of a gigabyte has millions of lines. */
export interface Counter {
  /** counts one more, and says how many there are now; `sha256` in hex */
  next(sha256: string): number;
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

  return {
    next: sha256 => {
      if (used > size * FULL) grow();
      const high = Number.parseInt(sha256.slice(0, 8), 16);
      const low = Number.parseInt(sha256.slice(8, 16), 16);
      const before = counts[slotOf(high, low)] as number;
      if (before === 0) used++;
      const count = Math.min(before + 1, 0xffff);
      put(high, low, count);
      return count;
    },
  };
};
