import { expect } from 'chai';
import { callSummary, emptyCall, type Leg, withLeg } from '../../../connectors/common/call.ts';

const START = '2026-11-20T10:00:00.000Z';
const callOf = (...legs: Partial<Leg>[]) =>
  legs.reduce(
    (call, leg, index) => withLeg(call, { externalId: `leg ${index}`, startedAt: START, ...leg }),
    emptyCall(),
  );

describe('what a timeline says of a call', () => {
  for (const [said, direction, leg] of [
    ['Answered, 3:12', 'inbound', { answered: true, durationSeconds: 200, talkSeconds: 192 }],
    ['Answered, 1:00:05', 'outbound', { answered: true, durationSeconds: 3605 }],
    ['Answered', 'inbound', { answered: true }],
    ['Missed', 'inbound', { answered: false, durationSeconds: 20 }],
    ['No answer', 'outbound', { answered: false, durationSeconds: 20 }],
    ['Call, 1:05', 'inbound', { durationSeconds: 65 }],
    ['Call, 0:02', 'inbound', { endedAt: '2026-11-20T10:00:02.000Z' }],
    ['Under way', 'inbound', { state: 'ringing' }],
  ] as const)
    it(`${said} (${direction}, ${JSON.stringify(leg)})`, () => {
      expect(callSummary(callOf(leg), direction)).to.equal(said);
    });
});
