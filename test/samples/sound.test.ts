import { expect } from 'chai';
import { recordCall } from '../../samples/sound/call.ts';

const turns = [
  { speaker: 'agent', text: 'Varaamo, hei! Kuinka voin auttaa?' },
  { speaker: 'contact', text: 'Hei, ovikoodi ei toimi.' },
] as const;

/** The loudest of a channel between two moments, of 32,767. */
const loudest = (wav: Uint8Array, channel: number, from: number, to: number): number => {
  const view = new DataView(wav.buffer);
  let most = 0;
  for (let at = 44 + Math.floor(from * 8000) * 4; at < 44 + Math.floor(to * 8000) * 4; at += 4)
    most = Math.max(most, Math.abs(view.getInt16(at + channel * 2, true)));
  return most;
};

describe('sample recordings', () => {
  const { wav, seconds, turns: spoken } = recordCall(turns, 5);

  it('are the same for the same seed', () => {
    expect(Buffer.from(recordCall(turns, 5).wav).equals(Buffer.from(wav))).to.equal(true);
    expect(Buffer.from(recordCall(turns, 6).wav).equals(Buffer.from(wav))).to.equal(false);
  });

  it('are WAV files of two channels, as long as they say', () => {
    const view = new DataView(wav.buffer);
    expect(Buffer.from(wav.subarray(0, 4)).toString()).to.equal('RIFF');
    expect(view.getUint32(4, true)).to.equal(wav.length - 8);
    expect(view.getUint16(22, true)).to.equal(2);
    expect(view.getUint32(40, true)).to.equal(wav.length - 44);
    expect((wav.length - 44) / 4 / 8000).to.be.closeTo(seconds, 0.6);
  });

  it('ring, then have each speaker on a channel of its own when the words say so', () => {
    expect(spoken.map(({ words }) => words.map(({ text }) => text).join(' '))).to.deep.equal(
      turns.map(({ text }) => text),
    );
    const [agent, contact] = spoken.map(({ start }) => start) as [number, number];
    expect(loudest(wav, 0, 0.1, 0.9)).to.be.above(2000);
    expect(loudest(wav, 1, agent, contact - 0.5)).to.be.above(10_000);
    expect(loudest(wav, 0, agent, contact - 0.05)).to.equal(0);
    expect(loudest(wav, 0, contact, seconds - 1)).to.be.above(10_000);
    expect(loudest(wav, 1, contact, seconds - 1)).to.equal(0);
  });
});
