import type { ContactDoc } from '../../models/contacts.ts';
import type { Models } from '../../models/index.ts';
import { trusted } from '../../models/schema.ts';
import type { IdentifierValue } from '../../models/types.ts';
import { identifierKey } from '../rules/identity.ts';
import type { ContactChange } from './contact-input.ts';
import type { Tx } from './context.ts';
import { RegisterConflict } from './errors.ts';

/** What a change does to identifiers: the contact's list after it, rows to write and to delete, and whom it absorbs. */
export interface IdentifierPlan {
  identifiers: IdentifierValue[];
  /** keys that the contact gets and nobody has */
  fresh: string[];
  /** keys that the contact takes over from whom it absorbs */
  taken: string[];
  /** keys that the contact gives up */
  given: string[];
  /** provisional contacts that are this one, as it turns out */
  absorbed: ContactDoc[];
  /** e-mail addresses that the contact hadn't before */
  newAddresses: string[];
}

type Some = Pick<Models, 'contacts' | 'identifiers'>;

const same = (a: IdentifierValue[], b: IdentifierValue[]): boolean => {
  const texts = new Set(a.map(({ type, value }) => `${type}:${value}`));
  return a.length === b.length && b.every(({ type, value }) => texts.has(`${type}:${value}`));
};

/** By type: those types are replaced, the others stay. The order is kept when nothing but the order would change. */
const wantedList = (current: IdentifierValue[], { identifiers, identifiersOf }: ContactChange): IdentifierValue[] => {
  if (identifiers) return identifiers;
  if (!identifiersOf) return current;
  const others = current.filter(({ type }) => !identifiersOf.has(type));
  const wanted = [...others, ...[...identifiersOf.values()].flat()];
  return same(wanted, current) ? current : wanted;
};

const ownersOf = async ({ contacts, identifiers }: Some, { session }: Tx, keys: string[]) => {
  if (keys.length === 0) return { rows: [], owners: new Map<string, ContactDoc>() };
  const rows = await identifiers.find({ _id: trusted({ $in: keys }) }, null, { session }).lean();
  const ids = rows.map(({ contact }) => contact);
  const found = ids.length ? await contacts.find({ _id: trusted({ $in: ids }) }, null, { session }).lean() : [];
  return { rows, owners: new Map(found.map(contact => [contact._id, contact])) };
};

/** Where in what was handed in an identifier stood. */
const pointerOf = (change: ContactChange, key: string): string => {
  const at = change.identifiers?.findIndex(one => identifierKey(one) === key) ?? -1;
  if (at >= 0) return `/identifiers/${at}`;
  return `/${key.slice(0, key.indexOf(':'))}`;
};

const withoutKnown = (known: Set<string>, identifiers: IdentifierValue[]): IdentifierValue[] =>
  identifiers.filter(one => !known.has(identifierKey(one)) && known.add(identifierKey(one)));

/**
 * Works out what a change does to identifiers: one of a provisional contact absorbs that contact with all that it is
 * recognised by, one of another contact is a RegisterConflict that names it.
 */
export const planIdentifiers = async (
  models: Some,
  tx: Tx,
  contact: Pick<ContactDoc, '_id' | 'identifiers'>,
  change: ContactChange,
): Promise<IdentifierPlan> => {
  const wanted = wantedList(contact.identifiers, change);
  const [before, after] = [new Set(contact.identifiers.map(identifierKey)), new Set(wanted.map(identifierKey))];
  const added = [...after].filter(key => !before.has(key));
  const { rows, owners } = await ownersOf(models, tx, added);
  for (const row of rows) {
    const owner = owners.get(row.contact);
    if (owner && !owner.provisional && owner._id !== contact._id)
      throw new RegisterConflict('contact', owner._id, pointerOf(change, row._id), 'The identifier');
  }
  const absorbed = [...owners.values()].filter(owner => owner._id !== contact._id);
  const taken = rows.map(({ _id }) => _id);
  return {
    identifiers: [
      ...wanted,
      ...withoutKnown(
        new Set(after),
        absorbed.flatMap(({ identifiers }) => identifiers),
      ),
    ],
    fresh: added.filter(key => !taken.includes(key)),
    taken,
    given: [...before].filter(key => !after.has(key)),
    absorbed,
    newAddresses: wanted.filter(one => one.type === 'email' && !before.has(identifierKey(one))).map(one => one.value),
  };
};

/** Writes the rows of a plan: uniqueness is their primary key. */
export const writeIdentifiers = async (
  { identifiers }: Some,
  { session }: Tx,
  contact: string,
  { fresh, taken, given, absorbed }: IdentifierPlan,
): Promise<void> => {
  const from = absorbed.map(({ _id }) => _id);
  for (const rows of [{ contact: trusted({ $in: from }) }, { _id: trusted({ $in: taken }) }])
    if (taken.length) await identifiers.updateMany(rows, { $set: { contact } }, { session });
  if (given.length) await identifiers.deleteMany({ _id: trusted({ $in: given }), contact }, { session });
  if (fresh.length)
    await identifiers.insertMany(
      fresh.map(_id => ({ _id, contact })),
      { session },
    );
};
