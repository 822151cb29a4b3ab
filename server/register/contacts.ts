import type { ContactDoc } from '../../models/contacts.ts';
import { FieldErrors } from '../errors.ts';
import { type SavedContact, saveContact } from './contact-save.ts';
import { type RegisterContext, type Tx, transact } from './context.ts';
import { NotInRegister } from './errors.ts';
import { contactByExternalId, normalExternalId, survivingContact } from './external-ids.ts';
import { type ListQuery, listContacts, listHistory } from './lists.ts';
import type { Actor, ContactInput, ContactView, HistoryView, Page } from './types.ts';
import { contactView } from './views.ts';

/** A contact as it is shown, and what the change did. */
export type Saved = { contact: ContactView } & Pick<SavedContact, 'outcome' | 'absorbed'>;

/** Contacts of the register. */
export interface Contacts {
  /** Creates a known contact. Throws FieldErrors, RegisterConflict. */
  create(input: ContactInput, actor: Actor): Promise<ContactView & Pick<Saved, 'absorbed'>>;
  /** Creates the contact with this external id, or changes the fields that `input` names. */
  upsertByExternalId(externalId: string, input: ContactInput, actor: Actor): Promise<Saved>;
  /** Changes the fields that `input` names; an absorbed id changes the surviving contact. Throws NotInRegister too. */
  patch(id: string, input: ContactInput, actor: Actor): Promise<Saved>;
  /** An absorbed id answers as the surviving contact. Throws NotInRegister. */
  get(id: string): Promise<ContactView>;
  list(query: ListQuery & { review?: boolean | undefined }): Promise<Page<ContactView>>;
  /** changes, newest first; `contact`: id of the surviving contact. Throws NotInRegister. */
  history(id: string, query: Omit<ListQuery, 'q'>): Promise<Page<HistoryView> & { contact: string }>;
}

const present = async (context: RegisterContext, id: string, tx?: Tx): Promise<ContactDoc> => {
  const contact = await survivingContact(context, id, tx);
  if (!contact) throw new NotInRegister('contact', id);
  return contact;
};

/** As `upsertByExternalId`, in the caller's transaction. */
export const upsertContact = async (
  context: RegisterContext,
  tx: Tx,
  externalId: string,
  input: ContactInput,
  actor: Actor,
): Promise<SavedContact> => {
  const named = input.externalId;
  const id = normalExternalId(externalId);
  if (named !== undefined && (named === null || normalExternalId(named) !== id))
    throw new FieldErrors([{ pointer: '/externalId', detail: 'another one than in the address' }]);
  const current = await contactByExternalId(context, tx, id);
  return saveContact(
    context,
    tx,
    current,
    current ? { ...input, externalId: undefined } : { ...input, externalId },
    actor,
  );
};

const savedView = ({ contact, organisation, outcome, absorbed }: SavedContact): Saved => ({
  contact: contactView(contact, organisation),
  outcome,
  absorbed,
});

/** Makes `Contacts`. Each change is one transaction with its row in the history, and durable when it resolves. */
export const makeContacts = (context: RegisterContext): Contacts => ({
  create: (input, actor) =>
    transact(context, async tx => {
      const { contact, absorbed } = savedView(await saveContact(context, tx, null, input, actor));
      return { ...contact, absorbed };
    }),
  upsertByExternalId: (externalId, input, actor) =>
    transact(context, async tx => savedView(await upsertContact(context, tx, externalId, input, actor))),
  patch: (id, input, actor) =>
    transact(context, async tx => {
      const current = await present(context, id, tx);
      return savedView(await saveContact(context, tx, current, input, actor));
    }),
  async get(id) {
    const contact = await present(context, id);
    const { organisation: at } = contact;
    return contactView(contact, at === null ? null : await context.models.organisations.findById(at).lean());
  },
  list: query => listContacts(context, query),
  async history(id, query) {
    const { _id } = await present(context, id);
    const merged = await context.models.contacts.find({ mergedInto: _id }, { _id: 1 }).lean();
    return { contact: _id, ...(await listHistory(context, [_id, ...merged.map(one => one._id)], query)) };
  },
});
