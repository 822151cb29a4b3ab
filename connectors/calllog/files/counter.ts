const FIRST = 1 << 6;
const FULL = 0.7;
const MOST = 0xffff;
const TABLES = 256;

/** Counts how often each of millions of lines came (a log of a gigabyte). They are told apart by 72 bits of their hash, and take about 10 bytes each. */
interface Counter {
  /** counts one more and answers the new count, 65,535 at most; `sha256` in hex */
  next(sha256: string): number;
  /** the count; 0 when it never came */
  of(sha256: string): number;
  put(sha256: string, count: number): void;
}

/** A hash table with open addressing and linear probing. */
const makeTable = () => {
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

  const of = (high: number, low: number): number => counts[slotOf(high, low)] as number;

  const set = (high: number, low: number, count: number): number => {
    if (of(high, low) === 0) used++;
    if (used > size * FULL) grow();
    put(high, low, Math.min(count, MOST));
    return Math.min(count, MOST);
  };

  return { of, set };
};

type Table = ReturnType<typeof makeTable>;

/** 256 tables, by the first byte of the hash, which grow one by one: a single table would need twice its memory each time it grows, and be half empty then. */
export const makeCounter = (): Counter => {
  const tables: (Table | undefined)[] = new Array(TABLES);
  const at = (sha256: string): [table: Table, high: number, low: number] => {
    const n = Number.parseInt(sha256.slice(0, 2), 16);
    tables[n] ??= makeTable();
    return [tables[n], Number.parseInt(sha256.slice(2, 10), 16), Number.parseInt(sha256.slice(10, 18), 16)];
  };
  return {
    next: sha256 => {
      const [table, high, low] = at(sha256);
      return table.set(high, low, table.of(high, low) + 1);
    },
    of: sha256 => {
      const [table, high, low] = at(sha256);
      return table.of(high, low);
    },
    put: (sha256, count) => {
      const [table, high, low] = at(sha256);
      table.set(high, low, count);
    },
  };
};
