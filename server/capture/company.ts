import type { Participant } from '../../connectors/contract.ts';
import type { InteractionDoc, StoredLeg, StoredParticipant } from '../../models/interactions.ts';
import { notAfter, storedParticipants } from './documents.ts';
import type { Prepared } from './types.ts';

type Part = Pick<StoredParticipant, 'role' | 'identifier'>;

const partOf = ({ role, identifier: { type, value } }: Part): string => JSON.stringify([role, type, value]);

/** Those who aren't among the others, in the part that they have there. */
export const without = <One extends Part>(all: readonly One[], others: readonly Part[]): One[] => {
  const known = new Set(others.map(partOf));
  return all.filter(one => !known.has(partOf(one)));
};

/** Those who take part, each by the name that is given now and with the addresses that are new. */
export const renamed = (all: readonly StoredParticipant[], now: readonly Participant[]): StoredParticipant[] =>
  all.map(one => {
    const said = now.find(other => partOf(other) === partOf(one));
    if (!said) return one;
    const also = new Map([...(one.also ?? []), ...(said.also ?? [])].map(each => [`${each.type}:${each.value}`, each]));
    return {
      ...one,
      ...(said.name ? { name: said.name } : {}),
      ...(also.size > 0 ? { also: [...also.values()] } : {}),
    };
  });

/**
 * Legs with somebody outside go before internal ones, those that can open a call before those that can't, then by time: the first one gives the call its
 * direction.
 */
const byWeight = (a: StoredLeg, b: StoredLeg): number =>
  Number(a.direction === 'internal') - Number(b.direction === 'internal') ||
  Number(a.waits ?? false) - Number(b.waits ?? false) ||
  a.occurredAt.getTime() - b.occurredAt.getTime() ||
  (a.id < b.id ? -1 : 1);

const legOf = ({ id, item }: Prepared): StoredLeg => ({
  id,
  direction: item.direction,
  occurredAt: item.occurredAt,
  participants: storedParticipants(item),
  ...(item.orElse === 'create' ? {} : { waits: true }),
});

/** What was there before any leg was, as one. */
const ownLeg = ({ _id, direction, occurredAt, participants }: InteractionDoc): StoredLeg => ({
  id: _id,
  direction,
  occurredAt,
  participants,
});

type Company = Pick<InteractionDoc, 'legs' | 'participants' | 'direction' | 'occurredAt'>;

/**
 * Who takes part in a call by all its legs, since when, and which way it goes: the same whichever leg came first. `made`: the interaction was made by
 * the first of them, and has nothing of its own.
 */
export const withLeg = (
  interaction: InteractionDoc,
  prepared: Prepared,
  { made, now }: { made: boolean; now: Date },
): Company => {
  const before = interaction.legs ?? (made ? [] : [ownLeg(interaction)]);
  const legs = [...before.filter(({ id }) => id !== prepared.id), legOf(prepared)].sort(byWeight);
  const participants = new Map<string, StoredParticipant>();
  for (const one of legs.flatMap(leg => leg.participants))
    if (!participants.has(partOf(one))) participants.set(partOf(one), one);
  const first = legs.reduce((least, { occurredAt }) => Math.min(least, occurredAt.getTime()), Number.POSITIVE_INFINITY);
  return {
    legs,
    participants: [...participants.values()],
    direction: legs[0]?.direction ?? interaction.direction,
    occurredAt: notAfter(new Date(first), now),
  };
};
