import { makeRandom, type Random } from '../random.ts';
import { ring, sayWord, type Voice } from './voice.ts';
import { RATE, wavOf } from './wav.ts';

export interface Turn {
  speaker: 'contact' | 'agent';
  text: string;
}

/** What one says, with when each word begins (seconds). */
export interface SpokenTurn {
  speaker: Turn['speaker'];
  start: number;
  words: { text: string; start: number }[];
}

export interface SampleRecording {
  /** audio/wav: two channels, the contact on the first */
  wav: Uint8Array<ArrayBuffer>;
  seconds: number;
  turns: SpokenTurn[];
}

const RING_SECONDS = 1;
const PAUSE = 0.45;

const syllablesOf = (word: string): number => Math.max(1, word.match(/[aeiouyåäö]+/gi)?.length ?? 1);

const voiceOf = (random: Random): Voice => ({ pitch: random.pick([105, 120, 190, 215]), pace: 4.6 + random.next() });

const longest = (turns: readonly Turn[]): number =>
  RING_SECONDS + 2 + turns.reduce((sum, { text }) => sum + 1 + text.split(/\s+/).length * 0.3 + text.length * 0.11, 0);

const speak = (
  out: Float32Array,
  start: number,
  { speaker, text }: Turn,
  voice: Voice,
  random: Random,
): { turn: SpokenTurn; end: number } => {
  const words = text.split(/\s+/).filter(Boolean);
  let at = start;
  const spoken = words.map((word, n) => {
    const begins = at / RATE;
    at = sayWord(out, at, { voice, syllables: syllablesOf(word), share: n / words.length }, random);
    at += Math.round(RATE * (/[.,?!]$/.test(word) ? 0.28 : 0.06));
    return { text: word, start: Math.round(begins * 100) / 100 };
  });
  return { turn: { speaker, start: spoken[0]?.start ?? 0, words: spoken }, end: at };
};

/** As loud as a good line: nothing is cut off. */
const levelled = (samples: Float32Array): Float32Array => {
  const most = samples.reduce((high, sample) => Math.max(high, Math.abs(sample)), 0.01);
  return samples.map(sample => (sample / most) * 0.7);
};

/** A recorded call that can be heard: it rings once, then both speak in turn, each on a channel of its own. The same for the same seed. */
export const recordCall = (turns: readonly Turn[], seed: number): SampleRecording => {
  const random = makeRandom(seed);
  const voices = { contact: voiceOf(random), agent: voiceOf(random) };
  const room = Math.ceil(longest(turns) * RATE);
  const sides = { contact: new Float32Array(room), agent: new Float32Array(room) };
  ring(sides.contact, 0, RING_SECONDS);
  let at = Math.round((RING_SECONDS + PAUSE) * RATE);
  const spoken = turns.map(turn => {
    const { turn: said, end } = speak(sides[turn.speaker], at, turn, voices[turn.speaker], random);
    at = end + Math.round(PAUSE * RATE);
    return said;
  });
  const length = Math.min(room, at);
  const wav = wavOf([sides.contact, sides.agent].map(side => levelled(side.subarray(0, length))));
  return { wav, seconds: Math.round(length / RATE), turns: spoken };
};
