import type { InteractionDoc, StoredLeg, StoredParticipant } from '../../models/interactions.ts';
import { notAfter, storedParticipants } from './documents.ts';
import { participantKey } from './participants.ts';
import type { Prepared } from './types.ts';

/**
 * The order in which legs give a call its direction, the first one's: legs with somebody outside before internal ones, those that can make a call before
 * those that wait for one, then by time, and last by id, so that the order in which they came doesn't matter.
 */
const bySignificance = (a: StoredLeg, b: StoredLeg): number =>
  Number(a.direction === 'internal') - Number(b.direction === 'internal') ||
  Number(a.waits ?? false) - Number(b.waits ?? false) ||
  a.occurredAt.getTime() - b.occurredAt.getTime() ||
  (a.id < b.id ? -1 : 1);

const legOf = ({ id, item, standsFor }: Prepared): StoredLeg => ({
  id,
  direction: item.direction,
  occurredAt: item.occurredAt,
  participants: storedParticipants(item),
  ...(item.orElse === 'create' ? {} : { waits: true }),
  ...(standsFor ? { standsFor } : {}),
});

/** What the interaction said before it had any leg, as a leg. */
const ownLeg = ({ _id, direction, occurredAt, participants }: InteractionDoc): StoredLeg => ({
  id: _id,
  direction,
  occurredAt,
  participants,
});

type CallByLegs = Pick<InteractionDoc, 'legs' | 'participants' | 'direction' | 'occurredAt'>;

/**
 * Who takes part in a call by all its legs, since when, and which way it goes: the same whichever leg came first. `made`: the interaction was made by
 * the first of them, and has nothing of its own.
 */
export const withLeg = (
  interaction: InteractionDoc,
  prepared: Prepared,
  { made, now }: { made: boolean; now: Date },
): CallByLegs => {
  const before = interaction.legs ?? (made ? [] : [ownLeg(interaction)]);
  const legs = [...before.filter(({ id }) => id !== prepared.id), legOf(prepared)].sort(bySignificance);
  const participants = new Map<string, StoredParticipant>();
  for (const one of legs.flatMap(leg => leg.participants))
    if (!participants.has(participantKey(one))) participants.set(participantKey(one), one);
  const first = legs.reduce((least, { occurredAt }) => Math.min(least, occurredAt.getTime()), Number.POSITIVE_INFINITY);
  return {
    legs,
    participants: [...participants.values()],
    direction: legs[0]?.direction ?? interaction.direction,
    occurredAt: notAfter(new Date(first), now),
  };
};
