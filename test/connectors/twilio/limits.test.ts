import { expect } from 'chai';
import type { Captured } from '../../../connectors/contract.ts';
import { configSchema } from '../../../connectors/twilio/config.ts';
import {
  ACCOUNT,
  call,
  messageStatus,
  recording,
  type Sent,
  sid,
  signed,
  sms,
  TOKEN,
} from '../../../connectors/twilio/fixtures/requests.ts';
import { makeHints } from '../../../connectors/twilio/hints.ts';
import { makeReceive } from '../../../connectors/twilio/webhooks/receive.ts';
import { eachReplaced, expectSmallRow } from '../row-size.ts';

const receive = makeReceive(makeHints(), () => new Date('2026-11-20T10:05:00Z'));
const config = configSchema.parse({ accountSid: ACCOUNT, authToken: TOKEN });
const send = (path: string, params: Sent) => receive({ id: 'tekstiviestit', config } as never, signed(path, params));
const itemOf = async (path: string, params: Sent): Promise<Captured> => {
  const { items } = await send(path, params);
  if (!items[0]) throw new Error('There is no item.');
  return items[0];
};

describe('twilio: fields that are too long', () => {
  it('no field is so long that its row can not be stored: names and transcripts are cut, others refused', async () => {
    const long = 'x'.repeat(150_000);
    const transcription = {
      TranscriptionSid: sid('TR', 1),
      TranscriptionText: 'Hei',
      RecordingSid: sid('RE', 1),
      CallSid: sid('CA', 1),
    };
    const more = {
      OptOutType: 'STOP',
      ProfileName: 'Päivi',
      Latitude: '60',
      Longitude: '24',
      Label: 'a',
      Address: 'b',
    };
    const sent: [string, Sent][] = [
      ['messages', sms(1, more)],
      ['messages', sms(1, { ...more, Body: '' })],
      ['message-status', messageStatus(1, 'failed', { ErrorCode: '1', ErrorMessage: 'x' })],
      ['calls', call(1, 'ringing', { CallerName: 'Päivi' })],
      ['call-status', call(1, 'completed', { DialCallSid: sid('CA', 2), DialCallStatus: 'completed' })],
      ['recordings', recording(1, 1)],
      ['transcriptions', transcription],
    ];
    for (const [path, params] of sent)
      for (const [where, replaced] of eachReplaced(params, long)) {
        const received = await send(path, replaced as Sent);
        if (received.items.length === 0) expect(received.reply, where).to.have.property('status', 422);
        for (const item of received.items) expectSmallRow(item, `${path} ${where}`);
      }
    expect((await itemOf('messages', sms(1, { ProfileName: long }))).participants[0]?.name).to.equal('x'.repeat(1000));
    expect((await itemOf('messages', sms(1, { Body: long }))).text).to.equal(long);
    const told = await itemOf('transcriptions', { ...transcription, TranscriptionText: long });
    expect(JSON.stringify(told.details)).to.include('x… (The original has all of it.)');
  });
});
