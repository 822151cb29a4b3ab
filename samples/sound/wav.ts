/** Samples a second: what telephones carry. */
export const RATE = 8000;

const HEADER = 44;

/** A RIFF/WAVE file (PCM, 16 bit) of channels that are equally long; samples from -1 to 1. */
export const wavOf = (channels: readonly Float32Array[]): Uint8Array<ArrayBuffer> => {
  const count = channels.length;
  const length = channels[0]?.length ?? 0;
  const size = length * count * 2;
  const file = new Uint8Array(HEADER + size);
  const view = new DataView(file.buffer);
  const word = (at: number, text: string) => file.set(new TextEncoder().encode(text), at);
  word(0, 'RIFF');
  view.setUint32(4, 36 + size, true);
  word(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, count, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * count * 2, true);
  view.setUint16(32, count * 2, true);
  view.setUint16(34, 16, true);
  word(36, 'data');
  view.setUint32(40, size, true);
  channels.forEach((samples, channel) => {
    samples.forEach((sample, n) => {
      view.setInt16(HEADER + (n * count + channel) * 2, Math.max(-1, Math.min(1, sample)) * 32767, true);
    });
  });
  return file;
};
