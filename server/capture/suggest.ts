import type { Participant } from '../../connectors/contract.ts';
import type { SuggestionDoc } from '../../models/suggestions.ts';
import { identifierKey, identify } from '../rules/identity.ts';
import { hashKey } from '../rules/keys.ts';
import type { Prepared } from './types.ts';

interface Said {
  account: string;
  country: string;
  now: Date;
}

const pairsOf = (
  participant: Participant,
  { target, item }: Prepared,
  { account, country, now }: Said,
): SuggestionDoc[] => {
  const first = identify(participant.identifier, country);
  if (!first) return [];
  return (participant.also ?? []).flatMap(also => {
    const second = identify(also, country);
    if (!second || identifierKey(second) === identifierKey(first)) return [];
    return {
      _id: hashKey('suggestion', ...[identifierKey(first), identifierKey(second)].sort()),
      identifiers: [first, second],
      proven: item.proven ?? false,
      account,
      item: target,
      at: now,
      state: 'open',
      obstacle: null,
      decidedBy: null,
    };
  });
};

/** Which identifiers an item says are one person's: joined when a signed source says so, else put to an agent. */
export const suggestionsOf = (prepared: Prepared, said: Said): SuggestionDoc[] =>
  prepared.item.participants.flatMap(participant =>
    participant.also?.length ? pairsOf(participant, prepared, said) : [],
  );
