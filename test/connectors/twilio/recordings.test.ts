import { expect } from 'chai';
import type { CallDetails } from '../../../connectors/common/call.ts';
import type { Captured, FoldedItem } from '../../../connectors/contract.ts';
import { configSchema } from '../../../connectors/twilio/config.ts';
import { ACCOUNT, recording, type Sent, sid, signed, TOKEN } from '../../../connectors/twilio/fixtures/requests.ts';
import { makeHints } from '../../../connectors/twilio/hints.ts';
import { fold } from '../../../connectors/twilio/items/fold.ts';
import { recordingItem } from '../../../connectors/twilio/items/recording.ts';
import { makeReceive } from '../../../connectors/twilio/webhooks/receive.ts';

const NOW = new Date('2026-11-20T10:05:00Z');
const receive = makeReceive(makeHints(), () => NOW);
const config = configSchema.parse({ accountSid: ACCOUNT, authToken: TOKEN });

const itemOf = async (path: string, params: Sent, over: object = {}): Promise<Captured> => {
  const { items } = await receive({ id: 'puhelin', config: { ...config, ...over } } as never, signed(path, params));
  if (!items[0]) throw new Error('There is no item.');
  return items[0];
};
const told = (state: string, RecordingDuration: string): Promise<Captured> =>
  itemOf('recordings', recording(1, 1, { RecordingStatus: state, RecordingDuration }));

const folded = (...items: Captured[]) => {
  const details = items.reduce<unknown>((before, { parts: _, raw: __, ...item }) => {
    return fold(before, item as FoldedItem, 1).details;
  }, undefined);
  return (details as CallDetails).recordings;
};

describe('twilio: what is known of a recording', () => {
  const file = recordingItem(
    { sid: sid('RE', 1), of: { call: sid('CA', 1) }, at: NOW, durationSeconds: 5, channels: 2, notice: null },
    { type: 'audio/wav', size: 1 } as never,
    async () => undefined,
  );
  const whole = { durationSeconds: 5, channels: 2, state: 'completed' };

  it('is the same in whichever order it is told, and never steps back', async () => {
    const [begun, done] = [await told('in-progress', '-1'), await told('completed', '5')];
    for (const order of [[begun, done], [done, begun], [done]]) {
      const [only, ...more] = folded(...order);
      expect(more).to.deep.equal([]);
      expect(only).to.include({ ...whole, part: null });
    }
    for (const order of [
      [begun, file],
      [file, begun],
      [begun, file, done],
      [file, done, begun],
      [done, begun, file],
    ])
      expect(folded(...order)[0]).to.include({ ...whole, part: 1 });
  });

  it('is known before its file is here, with what callers are told, and its transcript', async () => {
    const before = await itemOf('recordings', recording(1, 1), { recordingNotice: false });
    const said = await itemOf('transcriptions', {
      TranscriptionSid: sid('TR', 1),
      TranscriptionText: 'Hei',
      RecordingSid: sid('RE', 1),
      CallSid: sid('CA', 1),
    });
    const recordings = [
      {
        externalId: sid('RE', 1),
        part: null,
        durationSeconds: 42,
        channels: 2,
        notice: false,
        transcript: 'Hei',
        state: 'completed',
      },
    ];
    expect(folded(before, said)).to.deep.equal(recordings);
    expect(folded(said, before)).to.deep.equal(recordings);
  });

  it('says when it could not be transcribed', async () => {
    const failed = {
      TranscriptionSid: sid('TR', 1),
      TranscriptionStatus: 'failed',
      RecordingSid: sid('RE', 1),
      CallSid: sid('CA', 1),
    };
    const item = await itemOf('transcriptions', failed);
    expect(item.raw?.size).to.be.above(100);
    expect(folded(file, item)[0]).to.deep.include({ ...whole, part: 1, transcript: null, transcription: 'failed' });
  });

  it('is not known to have a length while it is made', async () => {
    expect(folded(await told('in-progress', '-1'))[0]).to.include({ state: 'in-progress', durationSeconds: null });
  });

  it('is told also when there is none', async () => {
    const [begun, absent] = [await told('in-progress', '-1'), await told('absent', '0')];
    for (const order of [
      [begun, absent],
      [absent, begun],
    ])
      expect(folded(...order)[0]).to.include({ state: 'absent', part: null });
  });
});
