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

  it('is how long was talked by the clock, also when several legs are of the same talk', () => {
    const at = (minute: number) => `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`;
    const leg = (from: number, to: number, talk: number) => ({
      answered: true,
      startedAt: at(from),
      endedAt: at(to),
      talkSeconds: talk * 60,
    });
    const same = callOf(leg(0, 4, 3), leg(0, 4, 2), leg(4, 5, 1));
    expect(same.call).to.include({ talkSeconds: 360, spokenSeconds: 240 });
    expect(callSummary(same, 'inbound')).to.equal('Answered, 4:00');
    expect(callSummary(callOf(leg(0, 2, 1), leg(7, 9, 1)), 'inbound'), 'apart').to.equal('Answered, 2:00');
    const nowhere = { answered: true, talkSeconds: 60 };
    expect(callSummary(callOf(nowhere, nowhere), 'inbound'), 'nobody says when').to.equal('Answered, 2:00');
  });
});
