import { t } from '../../i18n/index.ts';
import type { CallFacts, Leg } from './details.ts';

/** What is told while a call goes on has a state, and no length yet. */
const goesOn = (told: CallFacts | Leg): boolean => {
  const legs = 'legs' in told ? told.legs : [told];
  return typeof told.durationSeconds !== 'number' && legs.some(({ state }) => state !== undefined);
};

/** How a call, or a leg of one, ended. */
export const resultOf = (told: CallFacts | Leg, direction: string): string => {
  const { answered, missed, noAnswer, underWay, notTold } = t.call.result;
  if (told.answered === null || told.answered === undefined) return goesOn(told) ? underWay : notTold;
  if (told.answered) return answered;
  return direction === 'inbound' ? missed : noAnswer;
};
