import { t } from '../../i18n/index.ts';
import type { CallFacts, Leg } from './details.ts';

/** Whether a call or leg is still going on: it has a state, but no duration yet. */
const goesOn = (told: CallFacts | Leg): boolean => {
  const legs = 'legs' in told ? told.legs : [told];
  return typeof told.durationSeconds !== 'number' && legs.some(({ state }) => state !== undefined);
};

/** The result of a call or leg, in words. */
export const resultOf = (told: CallFacts | Leg, direction: string): string => {
  const { answered, missed, noAnswer, underWay, notTold } = t.call.result;
  if (told.answered === null || told.answered === undefined) return goesOn(told) ? underWay : notTold;
  if (told.answered) return answered;
  return direction === 'inbound' ? missed : noAnswer;
};
