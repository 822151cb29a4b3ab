/** Seeded pseudo-random numbers: the same seed gives the same sequence on every machine. */
export interface Random {
  /** 32 random bits as an unsigned integer. */
  bits(): number;
  /** A number in [0, 1). */
  next(): number;
  /** An integer in [min, max], both included. */
  int(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** A positive number with mean 1 and a long tail. */
  skewed(sigma: number): number;
  /** `length` hexadecimal digits. */
  hex(length: number): string;
  shuffle<T>(list: readonly T[]): T[];
}

/** Spreads a seed over four words (splitmix32). */
const seedWords = (seed: number): number[] => {
  let state = seed >>> 0;
  return [0, 1, 2, 3].map(() => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  });
};

/** The sfc32 generator (PractRand): small, fast, no period anyone reaches. */
const sfc32 = (seed: number): (() => number) => {
  let [a = 0, b = 0, c = 0, d = 1] = seedWords(seed);
  const step = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) step();
  return step;
};

/** A generator of its own for each seed; `seed` is any integer. */
export const makeRandom = (seed: number): Random => {
  const bits = sfc32(seed);
  const next = (): number => bits() / 4294967296;
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  const pick = <T>(list: readonly T[]): T => {
    if (list.length === 0) throw new RangeError('nothing to pick from');
    return list[Math.floor(next() * list.length)] as T;
  };
  const shuffle = <T>(list: readonly T[]): T[] => {
    const out = [...list];
    for (let i = out.length - 1; i > 0; i--) {
      const j = int(0, i);
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  };
  const skewed = (sigma: number): number => {
    const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    return Math.exp(sigma * normal - (sigma * sigma) / 2);
  };
  const hex = (length: number): string => {
    let out = '';
    while (out.length < length) out += bits().toString(16).padStart(8, '0');
    return out.slice(0, length);
  };
  return { bits, next, int, chance: probability => next() < probability, pick, skewed, hex, shuffle };
};
