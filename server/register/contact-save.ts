import { blankContact, type ContactDoc } from '../../models/contacts.ts';
import type { OrganisationDoc } from '../../models/organisations.ts';
import { searchWords } from '../rules/identity.ts';
import { newId } from '../store/ids.ts';
import { type ContactChange, endsAfterStart, readContactInput } from './contact-input.ts';
import { flush, insert, type RegisterContext, type Tx } from './context.ts';
import { moveExternalId, refuseTakenExternalId } from './external-ids.ts';
import { type Changes, changesBetween, record } from './history.ts';
import { type IdentifierPlan, planIdentifiers, writeIdentifiers } from './identifiers.ts';
import { organisationAt, organisationById, organisationFor } from './organisation-names.ts';
import { restampContact } from './restamp.ts';
import type { Actor, ContactInput, Outcome } from './types.ts';

/** A contact after a change. */
export interface SavedContact {
  contact: ContactDoc;
  organisation: OrganisationDoc | null;
  outcome: Outcome;
  /** it has absorbed a provisional contact */
  absorbed: boolean;
}

const fields = [
  'name.first',
  'name.last',
  'organisation',
  'identifiers',
  'provisional',
  'relationship.startedAt',
  'relationship.endedAt',
  'externalId',
] as const;

/** Fields on which retention tags depend. */
const stamped: readonly string[] = ['organisation', 'provisional', 'relationship.startedAt', 'relationship.endedAt'];

/** Words by which a contact is found. */
export const contactWords = (contact: ContactDoc, organisation: Pick<OrganisationDoc, 'name'> | null): string[] =>
  searchWords({ ...contact, organisationName: organisation?.name ?? null });

const nameAfter = (before: ContactDoc, change: ContactChange, absorbed: ContactDoc[]): ContactDoc['name'] => {
  const name = { ...before.name, ...change.name };
  if (name.first !== null || name.last !== null || 'first' in change.name || 'last' in change.name) return name;
  return absorbed.find(one => one.name.first !== null || one.name.last !== null)?.name ?? name;
};

/**
 * The contact's organisation after the change: the one in the change, else its present one, else that of an absorbed contact, else the one that has the domain
 * of a new e-mail address; null for none.
 */
const organisationAfter = async (
  { models }: RegisterContext,
  tx: Tx,
  before: ContactDoc,
  change: ContactChange,
  { absorbed, newAddresses }: IdentifierPlan,
  actor: Actor,
): Promise<OrganisationDoc | null> => {
  if (change.organisation === null) return null;
  if (change.organisation) return organisationFor(models, tx, change.organisation, actor);
  const id = before.organisation ?? absorbed.find(({ organisation }) => organisation !== null)?.organisation;
  if (id) return organisationById(models, tx, id);
  return newAddresses.length ? organisationAt(models, tx, newAddresses) : null;
};

const newestEntry = (contacts: ContactDoc[]): ContactDoc['lastEntry'] =>
  contacts.reduce<ContactDoc['lastEntry']>(
    (newest, { lastEntry }) => (lastEntry && (!newest || lastEntry.at > newest.at) ? lastEntry : newest),
    null,
  );

/**
 * Merges contacts into another. An absorbed contact keeps its entries and its own fields, so that this can be undone; those that it had absorbed itself are
 * moved on to the new contact.
 */
const absorb = async ({ models }: RegisterContext, tx: Tx, into: string, absorbed: ContactDoc[], actor: Actor) => {
  for (const one of absorbed) {
    const gone = { mergedInto: into, identifiers: [], search: [], updatedAt: new Date() };
    const { session } = tx;
    await models.contacts.updateOne({ _id: one._id }, { $set: gone, $inc: { revision: 1 } }, { session });
    await models.contacts.updateMany({ mergedInto: one._id }, { $set: { mergedInto: into } }, { session });
    const changes = changesBetween(one, { ...one, ...gone }, ['mergedInto', 'identifiers']);
    record(models, tx, 'contact', one._id, actor, changes);
  }
};

/** Writes the organisation that a contact is put into, so that a change of the organisation conflicts with this transaction, which has read it as it was. */
const join = async ({ models }: RegisterContext, { joined, session }: Tx, { _id }: OrganisationDoc): Promise<void> => {
  if (joined.has(_id)) return;
  joined.add(_id);
  await models.organisations.updateOne({ _id }, { $inc: { revision: 1 } }, { session });
};

/**
 * Writes a changed contact: the document (revision included), its history, and the retention tags of its timeline when they depend on the change. Identifiers,
 * external id and merges are written by the caller.
 */
export const writeContact = async (
  context: RegisterContext,
  tx: Tx,
  { before, after, changes }: { before: ContactDoc | null; after: ContactDoc; changes: Changes },
  { organisation, actor, merged = false }: { organisation: OrganisationDoc | null; actor: Actor; merged?: boolean },
): Promise<void> => {
  const { models } = context;
  if (before || merged) await flush(tx);
  if (before) {
    const { _id, createdAt: _, revision: __, captures: ___, lastEntry, ...rest } = after;
    const $set = merged ? { ...rest, lastEntry } : rest;
    await models.contacts.updateOne({ _id }, { $set, $inc: { revision: 1 } }, { session: tx.session });
  } else insert(tx, models.contacts, [after]);
  record(models, tx, 'contact', after._id, actor, changes);
  const changed = new Set(changes.map(({ field }) => field));
  if (organisation && changed.has('organisation')) await join(context, tx, organisation);
  if (merged) await flush(tx);
  if (merged || (before && stamped.some(field => changed.has(field))))
    await restampContact(context, tx, after, organisation, actor);
};

/**
 * Creates a contact (`current` null) or changes it. Everything is checked before the first write, so that a refusal leaves the transaction usable. Throws
 * FieldErrors and RegisterConflict.
 */
export const saveContact = async (
  context: RegisterContext,
  tx: Tx,
  current: ContactDoc | null,
  input: ContactInput,
  actor: Actor,
): Promise<SavedContact> => {
  const { models } = context;
  const at = new Date();
  const change = readContactInput(context, input);
  const before = current ?? blankContact(newId(), at);
  const relationship = { ...before.relationship, ...change.relationship };
  endsAfterStart(relationship);
  const plan = await planIdentifiers(models, tx, before, change);
  await refuseTakenExternalId(context, tx, before, change.externalId);
  const organisation = await organisationAfter(context, tx, before, change, plan, actor);
  const after: ContactDoc = {
    ...before,
    name: nameAfter(before, change, plan.absorbed),
    organisation: organisation?._id ?? null,
    identifiers: plan.identifiers,
    provisional: before.provisional && !change.makesKnown,
    relationship,
    externalId: change.externalId === undefined ? before.externalId : change.externalId,
    lastEntry: newestEntry([before, ...plan.absorbed]),
    updatedAt: at,
  };
  const changes = changesBetween(current, after, fields);
  if (current && changes.length === 0 && plan.absorbed.length === 0)
    return { contact: current, organisation, outcome: 'unchanged', absorbed: false };
  after.search = contactWords(after, organisation);
  await writeIdentifiers(models, tx, after._id, plan);
  await moveExternalId(context, tx, before, after);
  await absorb(context, tx, after._id, plan.absorbed, actor);
  const merged = plan.absorbed.length > 0;
  await writeContact(context, tx, { before: current, after, changes }, { organisation, actor, merged });
  return { contact: after, organisation, outcome: current ? 'changed' : 'created', absorbed: merged };
};
