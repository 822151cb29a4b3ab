import type { Participant } from '../../connectors/contract.ts';
import type { StoredParticipant } from '../../models/interactions.ts';
import type { IdentifierValue } from '../../models/types.ts';

type InRole = Pick<StoredParticipant, 'role' | 'identifier'>;

/** Two are the same participant when both their role and their identifier are, as it came. */
export const participantKey = ({ role, identifier: { type, value } }: InRole): string =>
  JSON.stringify([role, type, value]);

/** Those of `all` who aren't among `others` in the same role. */
export const without = <One extends InRole>(all: readonly One[], others: readonly InRole[]): One[] => {
  const known = new Set(others.map(participantKey));
  return all.filter(one => !known.has(participantKey(one)));
};

/** An identifier as it came, as a text: to be compared in whatever role. */
export const identifierText = ({ type, value }: IdentifierValue): string => `${type}:${value}`;

/** All identifiers of a participant, as texts. */
export const identifierTexts = ({ identifier, also = [] }: StoredParticipant): string[] =>
  [identifier, ...also].map(identifierText);

const union = (some: readonly IdentifierValue[], more: readonly IdentifierValue[]): IdentifierValue[] => [
  ...new Map([...some, ...more].map(one => [identifierText(one), one])).values(),
];

/** The participants of `all`, each with the name and the further identifiers that `now` has of it. */
export const renamed = (all: readonly StoredParticipant[], now: readonly Participant[]): StoredParticipant[] =>
  all.map(one => {
    const said = now.find(other => participantKey(other) === participantKey(one));
    if (!said) return one;
    const also = union(one.also ?? [], said.also ?? []);
    return { ...one, ...(said.name ? { name: said.name } : {}), ...(also.length > 0 ? { also } : {}) };
  });
