import type { ContactDoc } from '../../models/contacts.ts';
import type { SuggestionDoc } from '../../models/suggestions.ts';
import type { IdentifierValue } from '../../models/types.ts';
import { FieldErrors } from '../errors.ts';
import { identifierKey } from '../rules/identity.ts';
import { saveContact } from './contact-save.ts';
import type { RegisterContext, Tx } from './context.ts';
import { RegisterConflict } from './errors.ts';
import { survivingContact } from './external-ids.ts';
import type { Actor } from './types.ts';

/** Why two identifiers couldn't be joined, in words. */
export const OBSTACLES = {
  nobody: 'Neither of the two belongs to a contact yet.',
  both: 'Each of the two belongs to a contact of the register. Correct one of them by hand if they are one person.',
  refused: 'The register doesn’t take one of them: it is our own, or no address or number.',
} as const;

/** `contact`: id of the contact that has both now. `obstacle`: why they couldn't be joined, in words. */
export type Joined = { contact: string } | { obstacle: string };

const ownerOf = async (context: RegisterContext, tx: Tx, one: IdentifierValue): Promise<ContactDoc | null> => {
  const row = await context.models.identifiers.findById(identifierKey(one), null, { session: tx.session }).lean();
  return row && survivingContact(context, row.contact, tx);
};

/** The contact that gets the other identifier: a known one before a provisional one, the first's before the second's; null when neither has a contact. */
const keeperOf = (owners: [ContactDoc | null, ContactDoc | null]): ContactDoc | null =>
  owners.find(owner => owner?.provisional === false) ?? owners.find(owner => owner !== null) ?? null;

/**
 * Gives both identifiers to one contact: one that no contact has is added, and a provisional contact that has it is absorbed. Everything is checked before the
 * first write, so that an obstacle leaves the transaction usable.
 */
export const joinIdentifiers = async (
  context: RegisterContext,
  tx: Tx,
  { identifiers: [first, second] }: Pick<SuggestionDoc, 'identifiers'>,
  actor: Actor,
): Promise<Joined> => {
  const owners: [ContactDoc | null, ContactDoc | null] = [
    await ownerOf(context, tx, first),
    await ownerOf(context, tx, second),
  ];
  const keeper = keeperOf(owners);
  if (!keeper) return { obstacle: OBSTACLES.nobody };
  if (owners[0]?._id === owners[1]?._id) return { contact: keeper._id };
  const other = keeper === owners[0] ? second : first;
  const input = { identifiers: [...keeper.identifiers, other] };
  try {
    const { contact } = await saveContact(context, tx, keeper, input, actor);
    return { contact: contact._id };
  } catch (error) {
    if (error instanceof RegisterConflict) return { obstacle: OBSTACLES.both };
    if (error instanceof FieldErrors) return { obstacle: OBSTACLES.refused };
    throw error;
  }
};
