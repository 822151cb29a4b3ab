/** One line of the table: what was measured, against what, and what it is to reach. */
export interface Figure {
  /** what is measured */
  figure: string;
  /** the floor, in words with its own value */
  floor: string;
  /** what was measured, in words */
  measured: string;
  goal: string;
  /** null: nothing is promised about it */
  met: boolean | null;
  /** the bare numbers, for who compares runs */
  numbers: Readonly<Record<string, number>>;
}

/** Small sizes for trying: the figures mean nothing then. */
export interface BenchOptions {
  quick: boolean;
  /** told how far it is, a line at a time */
  say: (line: string) => void;
}

/** One benchmark: the table's lines that it fills. Cleans up after itself. */
export type Bench = (options: BenchOptions) => Promise<Figure[]>;

const MB = 1024 * 1024;
export const megabytes = (bytes: number): string => `${(bytes / MB).toFixed(0)} MB`;
export const milliseconds = (ms: number): string => `${ms.toFixed(ms < 10 ? 2 : 1)} ms`;

/** Nearest-rank percentile, `share` from 0 to 1. NaN of nothing. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
};

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** A whole number from the environment, for who tries other sizes. */
export const sizeOf = (name: string, usual: number): number => {
  const given = process.env[name];
  if (given === undefined) return usual;
  if (!/^\d+$/.test(given)) throw new Error(`${name}: expected a whole number`);
  return Number(given);
};
