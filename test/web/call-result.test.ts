import { expect } from 'chai';
import { resultOf } from '../../web/message/call/result.ts';

describe('how a call ended, as its page says it', () => {
  const call = { durationSeconds: null, talkSeconds: null, answered: null, legs: [] };
  const leg = { externalId: 'leg' };
  for (const [said, told, direction] of [
    ['Answered', { ...call, answered: true }, 'inbound'],
    ['Missed', { ...call, answered: false }, 'inbound'],
    ['No answer', { ...leg, answered: false }, 'outbound'],
    ['Under way', { ...call, legs: [{ ...leg, state: 'ringing' }] }, 'inbound'],
    ['Under way', { ...leg, state: 'ringing' }, 'inbound'],
    ['Not known whether answered', { ...call, durationSeconds: 65, legs: [leg] }, 'inbound'],
    ['Not known whether answered', { ...call, legs: [leg] }, 'inbound'],
    ['Not known whether answered', { ...leg, durationSeconds: 65 }, 'inbound'],
  ] as const)
    it(`${said}: ${JSON.stringify(told)}`, () => {
      expect(resultOf(told as never, direction)).to.equal(said);
    });
});
