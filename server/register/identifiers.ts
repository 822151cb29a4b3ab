import type { ContactDoc } from '../../models/contacts.ts';
import type { Models } from '../../models/index.ts';
import { trusted } from '../../models/schema.ts';
import type { IdentifierValue } from '../../models/types.ts';
import { identifierKey } from '../rules/identity.ts';
import type { ContactChange } from './contact-input.ts';
import { flush, insert, type Tx } from './context.ts';
import { RegisterConflict } from './errors.ts';

/** What a change does to identifiers: the contact's new list, rows to write and delete, and contacts to absorb. */
export interface IdentifierPlan {
  identifiers: IdentifierValue[];
  /** keys that are new */
  fresh: string[];
  /** keys that come from absorbed contacts */
  taken: string[];
  /** keys that the contact gives up */
  given: string[];
  /** provisional contacts that turn out to be this contact */
  absorbed: ContactDoc[];
  /** e-mail addresses that the contact hadn't before */
  newAddresses: string[];
}

type Some = Pick<Models, 'contacts' | 'identifiers'>;

const same = (a: IdentifierValue[], b: IdentifierValue[]): boolean => {
  const texts = new Set(a.map(({ type, value }) => `${type}:${value}`));
  return a.length === b.length && b.every(({ type, value }) => texts.has(`${type}:${value}`));
};

/**
 * The identifiers after a change. With `identifiersOf` only those of the given types are replaced. The present order is kept when nothing else would change.
 */
const wantedList = (current: IdentifierValue[], { identifiers, identifiersOf }: ContactChange): IdentifierValue[] => {
  if (identifiers) return identifiers;
  if (!identifiersOf) return current;
  const others = current.filter(({ type }) => !identifiersOf.has(type));
  const wanted = [...others, ...[...identifiersOf.values()].flat()];
  return same(wanted, current) ? current : wanted;
};

/** Reads which contacts have these identifiers, in one query; each only once in a transaction. */
export const preloadIdentifiers = async (
  { identifiers }: Pick<Models, 'identifiers'>,
  tx: Tx,
  keys: readonly string[],
) => {
  const unknown = keys.filter(key => !tx.identifiers.has(key));
  if (unknown.length === 0) return;
  const rows = await identifiers.find({ _id: trusted({ $in: unknown }) }, null, { session: tx.session }).lean();
  for (const key of unknown) tx.identifiers.set(key, null);
  for (const { _id, contact } of rows) tx.identifiers.set(_id, contact);
};

const ownersOf = async (models: Some, tx: Tx, keys: string[]) => {
  await preloadIdentifiers(models, tx, keys);
  const rows = keys.flatMap(key => {
    const contact = tx.identifiers.get(key);
    return contact ? [{ key, contact }] : [];
  });
  const ids = [...new Set(rows.map(({ contact }) => contact))];
  if (ids.length) await flush(tx);
  const found = ids.length
    ? await models.contacts.find({ _id: trusted({ $in: ids }) }, null, { session: tx.session }).lean()
    : [];
  return { rows, owners: new Map(found.map(contact => [contact._id, contact])) };
};

/** JSON pointer of an identifier in the request. */
const pointerOf = (change: ContactChange, key: string): string => {
  const at = change.identifiers?.findIndex(one => identifierKey(one) === key) ?? -1;
  if (at >= 0) return `/identifiers/${at}`;
  return `/${key.slice(0, key.indexOf(':'))}`;
};

const withoutKnown = (known: Set<string>, identifiers: IdentifierValue[]): IdentifierValue[] =>
  identifiers.filter(one => !known.has(identifierKey(one)) && known.add(identifierKey(one)));

/**
 * Works out what a change does to identifiers. An identifier of a provisional contact absorbs that contact, with all its identifiers. Throws RegisterConflict
 * for one of another contact.
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
      throw new RegisterConflict('contact', owner._id, pointerOf(change, row.key), 'The identifier');
  }
  const absorbed = [...owners.values()].filter(owner => owner._id !== contact._id);
  const taken = rows.map(({ key }) => key);
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

/** Writes the rows of a plan; that they are unique is ensured by their primary key. */
export const writeIdentifiers = async (
  { identifiers }: Some,
  tx: Tx,
  contact: string,
  { fresh, taken, given, absorbed }: IdentifierPlan,
): Promise<void> => {
  const { session, identifiers: known } = tx;
  if (taken.length || given.length) await flush(tx);
  const from = absorbed.map(({ _id }) => _id);
  for (const rows of [{ contact: trusted({ $in: from }) }, { _id: trusted({ $in: taken }) }])
    if (taken.length) await identifiers.updateMany(rows, { $set: { contact } }, { session });
  if (given.length) await identifiers.deleteMany({ _id: trusted({ $in: given }), contact }, { session });
  insert(
    tx,
    identifiers,
    fresh.map(_id => ({ _id, contact })),
  );
  for (const key of [...fresh, ...taken]) known.set(key, contact);
  for (const key of given) known.set(key, null);
  for (const [key, owner] of known) if (owner && from.includes(owner)) known.set(key, contact);
};
