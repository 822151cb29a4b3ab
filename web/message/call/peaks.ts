/** Loudness along a recording, from 0 to 1: a list for each channel. */
export interface Peaks {
  channels: number[][];
  /** seconds */
  duration: number;
}

/** Largest file (bytes) that is drawn, since it must be fetched as a whole for that. Larger ones are only played. */
export const mostDrawn = 24_000_000;
const buckets = 240;
/** enough for a waveform, with little memory for an hour */
const sampleRate = 8000;
const kept = 30;
const known = new Map<string, Promise<Peaks | null>>();

const loudest = (samples: Float32Array): number[] => {
  const size = Math.max(1, Math.ceil(samples.length / buckets));
  return Array.from({ length: Math.ceil(samples.length / size) }, (_, bucket) => {
    let most = 0;
    for (let at = bucket * size; at < Math.min(samples.length, (bucket + 1) * size); at += 1)
      most = Math.max(most, Math.abs(samples[at] ?? 0));
    return most;
  });
};

/** Scales the peaks so that quiet recordings are drawn as high as loud ones. */
const levelled = (channels: number[][]): number[][] => {
  const most = Math.max(0.01, ...channels.flat());
  return channels.map(channel => channel.map(peak => peak / most));
};

const measure = async (address: string): Promise<Peaks | null> => {
  const response = await fetch(address);
  if (!response.ok) return null;
  const decoder = new OfflineAudioContext(1, 1, sampleRate);
  const audio = await decoder.decodeAudioData(await response.arrayBuffer());
  const channels = Array.from({ length: Math.min(2, audio.numberOfChannels) }, (_, n) =>
    loudest(audio.getChannelData(n)),
  );
  return { channels: levelled(channels), duration: audio.duration };
};

/** The waveform of a recording; null when the browser can't decode it. Each is computed once. */
export const peaksOf = (address: string): Promise<Peaks | null> => {
  const before = known.get(address);
  if (before) return before;
  const peaks = measure(address).catch(() => null);
  known.set(address, peaks);
  const [oldest] = known.keys();
  if (known.size > kept && oldest !== undefined) known.delete(oldest);
  return peaks;
};
