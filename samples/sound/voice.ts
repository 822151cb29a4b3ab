import type { Random } from '../random.ts';
import { RATE } from './wav.ts';

/** Who speaks: how high, and how fast. */
export interface Voice {
  /** Hz */
  pitch: number;
  /** syllables a second */
  pace: number;
}

/** First three resonances (Hz) of vowels, as the mouth makes them. */
const VOWELS: readonly (readonly [number, number, number])[] = [
  [730, 1090, 2440],
  [530, 1840, 2480],
  [270, 2290, 3010],
  [570, 840, 2410],
  [300, 870, 2240],
  [490, 1350, 1690],
];
const WIDTHS = [80, 100, 140] as const;
const GAINS = [1, 0.6, 0.3] as const;

/** A resonator of second order: what a tube does to a buzz. */
const resonator = (frequency: number, width: number): ((input: number) => number) => {
  const radius = Math.exp((-Math.PI * width) / RATE);
  const a1 = 2 * radius * Math.cos((2 * Math.PI * frequency) / RATE);
  const a2 = -radius * radius;
  const gain = 1 - radius;
  let [before, earlier] = [0, 0];
  return input => {
    const output = gain * input + a1 * before + a2 * earlier;
    [earlier, before] = [before, output];
    return output;
  };
};

interface Syllable {
  length: number;
  vowel: readonly [number, number, number];
  /** how much hiss it begins with, 0 to 1 */
  hiss: number;
  from: number;
  to: number;
}

const syllableOf = ({ pitch, pace }: Voice, share: number, random: Random): Syllable => {
  // a sentence falls towards its end
  const height = pitch * (1.12 - 0.25 * share) * (0.95 + 0.1 * random.next());
  return {
    length: Math.round((RATE / pace) * (0.75 + 0.5 * random.next())),
    vowel: random.pick(VOWELS),
    hiss: random.chance(0.5) ? 0.3 + 0.5 * random.next() : 0,
    from: height * 1.04,
    to: height * 0.96,
  };
};

const sing = (out: Float32Array, start: number, { length, vowel, hiss, from, to }: Syllable, random: Random): void => {
  const tubes = vowel.map((frequency, n) => resonator(frequency, WIDTHS[n] as number));
  let phase = 0;
  for (let n = 0; n < length && start + n < out.length; n++) {
    const at = n / length;
    phase += (from + (to - from) * at) / RATE;
    const opens = phase >= 1;
    if (opens) phase -= 1;
    const breath = (random.next() - 0.5) * (at < 0.22 ? hiss : 0.02);
    const source = (opens ? 6 : 0) + breath;
    const swell = Math.min(1, at / 0.15, (1 - at) / 0.3);
    const sound = tubes.reduce((sum, tube, k) => sum + tube(source) * (GAINS[k] as number), 0);
    out[start + n] = (out[start + n] ?? 0) + sound * swell * 0.9;
  }
};

/** Says a word of `syllables` into `out` from sample `start` on; gives the sample where it ends. It sounds like speech and says nothing. */
export const sayWord = (
  out: Float32Array,
  start: number,
  { voice, syllables, share }: { voice: Voice; syllables: number; share: number },
  random: Random,
): number => {
  let at = start;
  for (let n = 0; n < syllables; n++) {
    const syllable = syllableOf(voice, share, random);
    sing(out, at, syllable, random);
    at += Math.round(syllable.length * 0.9);
  }
  return at;
};

/** Rings: 425 Hz, one second on, as Finnish and Swedish exchanges do. */
export const ring = (out: Float32Array, start: number, seconds: number): void => {
  const length = Math.round(seconds * RATE);
  for (let n = 0; n < length && start + n < out.length; n++) {
    const edge = Math.min(1, n / 200, (length - n) / 200);
    out[start + n] = 0.18 * edge * Math.sin((2 * Math.PI * 425 * n) / RATE);
  }
};
