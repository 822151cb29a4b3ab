/** A word, and when it is spoken in the recording (seconds); null when that isn't known. */
export interface Word {
  text: string;
  at: number | null;
}

/** A passage by one speaker. `at` in seconds. */
export interface Line {
  speaker: string | null;
  at: number | null;
  words: Word[];
}

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const first = (from: Fields, names: readonly string[]): unknown =>
  names.map(name => from[name]).find(value => value !== undefined && value !== null);

const secondsOf = (from: Fields): number | null => {
  const value = first(from, ['start', 'startSeconds', 'startTime', 'start_time', 'at', 'time']);
  const seconds = typeof value === 'string' ? Number(value) : value;
  return typeof seconds === 'number' && Number.isFinite(seconds) ? seconds : null;
};

const textOf = (from: Fields): string => {
  const value = first(from, ['text', 'word', 'transcript']);
  return typeof value === 'string' ? value : '';
};

const wordsOf = (list: unknown): Word[] =>
  (Array.isArray(list) ? list.filter(isObject) : []).map(word => ({ text: textOf(word), at: secondsOf(word) }));

const speakerOf = (from: Fields): string | null => {
  const value = first(from, ['speaker', 'channel', 'mediaChannel', 'media_channel']);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
};

const lineOf = (from: unknown): Line | null => {
  if (typeof from === 'string')
    return from.trim() ? { speaker: null, at: null, words: [{ text: from, at: null }] } : null;
  if (!isObject(from)) return null;
  const timed = wordsOf(from.words);
  const at = secondsOf(from) ?? timed[0]?.at ?? null;
  const words = timed.length > 0 ? timed : [{ text: textOf(from), at }];
  return words.some(({ text }) => text.trim()) ? { speaker: speakerOf(from), at, words } : null;
};

/**
 * The passages of a transcript in any of its sources' forms: plain text, text with timed words, or sentences of either (Twilio's and others'). Empty when there
 * is nothing to read.
 */
export const linesOf = (transcript: unknown): Line[] => {
  if (Array.isArray(transcript)) return transcript.flatMap(one => lineOf(one) ?? []);
  if (isObject(transcript)) {
    const sentences = first(transcript, ['sentences', 'segments', 'utterances', 'lines']);
    if (Array.isArray(sentences) && sentences.length > 0) return linesOf(sentences);
  }
  const one = lineOf(transcript);
  return one ? [one] : [];
};
