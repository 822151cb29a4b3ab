import type { Contact, ContactInput, Identifier } from '../api/types.ts';

/** What the dialog holds of a contact. */
export interface Edited {
  name: { first: string | null; last: string | null };
  organisation: string | null;
  relationship: { startedAt: string | null; endedAt: string | null };
  identifiers: Identifier[];
}

const tidy = (text: string | null | undefined): string | null => text?.trim() || null;
const bare = ({ type, value }: Identifier): Identifier => ({ type, value });
const keyOf = ({ type, value }: Identifier): string => `${type}:${value}`;

/** The fields of a contact that the dialog shows. */
export const editedOf = ({ name, organisation, relationship, identifiers }: Contact): Edited => ({
  name: { first: tidy(name.first), last: tidy(name.last) },
  organisation: tidy(organisation?.name),
  relationship: { startedAt: relationship.startedAt ?? null, endedAt: relationship.endedAt ?? null },
  identifiers: identifiers.map(bare),
});

const differing = <T extends object>(before: T, after: T): Partial<T> =>
  Object.fromEntries(Object.entries(after).filter(([name, value]) => value !== before[name as keyof T])) as Partial<T>;

const isEmpty = (fields: object): boolean => Object.keys(fields).length === 0;

/** Whether what was made of the list differs from what it was. */
export const sameIdentifiers = (a: readonly Identifier[], b: readonly Identifier[]): boolean =>
  a.length === b.length && a.every((one, at) => keyOf(one) === keyOf(b[at] as Identifier));

/** What was added to and taken off a list, done to the list as it is now. */
const rebased = (before: Identifier[], after: Identifier[], now: Identifier[]): Identifier[] => {
  const was = new Set(before.map(keyOf));
  const kept = new Set(after.map(keyOf));
  const there = new Set(now.map(keyOf));
  return [
    ...now.filter(one => kept.has(keyOf(one)) || !was.has(keyOf(one))),
    ...after.filter(one => !was.has(keyOf(one)) && !there.has(keyOf(one))),
  ];
};

/**
 * What to send: only what was changed in the dialog, so that what changed elsewhere meanwhile stays. Names and dates go one by one (a merge
 * patch); the identifiers go whole, made of those that the contact has `now`.
 */
export const changesOf = (before: Edited, after: Edited, now: Edited = before): ContactInput => {
  const name = differing(before.name, after.name);
  const relationship = differing(before.relationship, after.relationship);
  return {
    ...(isEmpty(name) ? {} : { name }),
    ...(after.organisation === before.organisation ? {} : { organisation: after.organisation }),
    ...(isEmpty(relationship) ? {} : { relationship }),
    ...(sameIdentifiers(before.identifiers, after.identifiers)
      ? {}
      : {
          identifiers: sameIdentifiers(before.identifiers, now.identifiers)
            ? after.identifiers
            : rebased(before.identifiers, after.identifiers, now.identifiers),
        }),
  };
};
