import { expect } from 'chai';
import { channelHistory, liveScenes } from '../../samples/index.ts';

const now = new Date('2026-11-24T12:00:00Z');
const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();

describe('samples of the other channels', () => {
  const history = channelHistory({ seed: 2, now });

  it('are the same for the same seed', () => {
    const again = channelHistory({ seed: 2, now });
    expect(again.posted).to.deep.equal(history.posted);
    expect(again.calls.map(({ bytes }) => Buffer.from(bytes).toString('base64'))).to.deep.equal(
      history.calls.map(({ bytes }) => Buffer.from(bytes).toString('base64')),
    );
  });

  it('lie in the two years before, with nothing left to fill in', () => {
    const items = history.posted as { id: string; occurredAt: string }[];
    expect(new Set(items.map(({ id }) => id)).size).to.equal(items.length);
    for (const { occurredAt } of items)
      expect(Date.parse(occurredAt)).to.be.within(now.getTime() - 731 * 86_400_000, now.getTime());
    expect(JSON.stringify(history.posted)).to.not.match(/\{\w+\}|undefined/);
    expect(text(history.chats[0]?.bytes)).to.not.match(/"body":"[^"]*\{\w+\}|undefined/);
  });

  it('name each recording in the log, and bring it', () => {
    const [log, ...recordings] = history.calls;
    const lines = text(log?.bytes).trim().split('\n').slice(1);
    const named = lines.map(line => line.split(',').at(-1)).filter(Boolean);
    expect(recordings.length).to.equal(10);
    expect(named).to.deep.equal(recordings.map(({ name }) => name));
    expect(lines.filter(line => line.includes('anonymous')).length).to.be.above(0);
  });

  it('go on with scenes of every kind, in words that are whole', () => {
    const scenes = liveScenes({ seed: 2, clock: () => now });
    const some = Array.from({ length: 16 }, () => scenes.next().value);
    expect(new Set(some.map(({ kind }) => kind))).to.deep.equal(new Set(['chat', 'call', 'sms', 'booking', 'notice']));
    const said = some.map(scene => JSON.stringify({ ...scene, wav: null }));
    for (const words of said) expect(words).to.not.match(/\{\w+\}[^"]*"|undefined/);
  });
});
