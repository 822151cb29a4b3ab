import { expect } from 'chai';
import type { CallDetails } from '../../../connectors/common/call.ts';
import type { FoldedItem } from '../../../connectors/contract.ts';
import { configSchema } from '../../../connectors/twilio/config.ts';
import { ACCOUNT, call, type Sent, signed, TOKEN } from '../../../connectors/twilio/fixtures/requests.ts';
import { makeHints } from '../../../connectors/twilio/hints.ts';
import { fold } from '../../../connectors/twilio/items/fold.ts';
import { makeReceive } from '../../../connectors/twilio/webhooks/receive.ts';

/** All callbacks come after the call; with a time it is that of its state. */
const ARRIVED = '2026-11-20T10:05:00.000Z';
const STATES: [state: string, at: string][] = [
  ['initiated', '2026-11-20T10:00:00.000Z'],
  ['ringing', '2026-11-20T10:00:01.000Z'],
  ['in-progress', '2026-11-20T10:00:05.000Z'],
  ['completed', '2026-11-20T10:00:35.000Z'],
];

const permutations = <T>(all: readonly T[]): T[][] =>
  all.length === 0
    ? [[]]
    : all.flatMap((one, at) => permutations(all.toSpliced(at, 1)).map(others => [one, ...others]));

describe('twilio: the callbacks of a leg in any order', () => {
  const receive = makeReceive(makeHints(), () => new Date(ARRIVED));
  const config = configSchema.parse({ accountSid: ACCOUNT, authToken: TOKEN });
  const itemOf = async (state: string, at: string | undefined): Promise<FoldedItem> => {
    const over: Sent = {
      ...(at ? { Timestamp: new Date(at).toUTCString() } : {}),
      ...(state === 'completed' ? { CallDuration: '30' } : {}),
    };
    const request = signed('call-status', call(1, state, over));
    const { items } = await receive({ id: 'tekstiviestit', config } as never, request);
    return items[0] as FoldedItem;
  };
  const legOf = (items: readonly FoldedItem[]) => {
    let details: unknown;
    for (const item of items) details = fold(details, item, 1).details;
    return (details as CallDetails).call.legs;
  };

  it('make one leg, that is answered after it began and before it ends, with their times or without', async () => {
    const dated = await Promise.all(STATES.map(([state, at]) => itemOf(state, at)));
    const undated = await Promise.all(STATES.map(([state]) => itemOf(state, undefined)));
    const orders = permutations([0, 1, 2, 3]);
    for (let mask = 0; mask < 16; mask++) {
      const has = (state: number): boolean => ((mask >> state) & 1) === 1;
      const told = orders.map(order => legOf(order.map(state => (has(state) ? dated : undated)[state] as FoldedItem)));
      const [[leg, ...others] = []] = told;
      for (const one of told) expect(one).to.deep.equal(told[0]);
      expect(others).to.deep.equal([]);
      expect(leg).to.include({ state: 'completed', answered: true, durationSeconds: 30, talkSeconds: 30 });
      const { startedAt = '', answeredAt, endedAt = '' } = leg ?? {};
      expect(answeredAt).to.equal(has(2) ? STATES[2]?.[1] : undefined);
      expect(endedAt).to.equal(has(3) ? STATES[3]?.[1] : ARRIVED);
      expect(startedAt <= (answeredAt ?? endedAt) && (answeredAt ?? startedAt) <= endedAt).to.equal(true);
    }
  });
});
