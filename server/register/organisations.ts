import type { OrganisationDoc } from '../../models/organisations.ts';
import { endsAfterStart } from './contact-input.ts';
import { type RegisterContext, type Tx, transact } from './context.ts';
import { NotInRegister } from './errors.ts';
import { changesBetween, record } from './history.ts';
import { type ListQuery, listHistory, listOrganisations } from './lists.ts';
import { linkContacts, refreshContacts } from './organisation-contacts.ts';
import { readOrganisationInput } from './organisation-input.ts';
import { moveKeys } from './organisation-keys.ts';
import { newOrganisation, organisationFields, organisationWords } from './organisation-names.ts';
import type { Actor, HistoryView, OrganisationInput, OrganisationView, Outcome, Page } from './types.ts';
import { organisationView } from './views.ts';

/** Organisations of the register. */
export interface Organisations {
  /** Throws FieldErrors, RegisterConflict. */
  create(input: OrganisationInput, actor: Actor): Promise<OrganisationView>;
  /** Changes the fields that `input` names. Throws NotInRegister too. */
  patch(
    id: string,
    input: OrganisationInput,
    actor: Actor,
  ): Promise<{ organisation: OrganisationView; outcome: Outcome }>;
  get(id: string): Promise<OrganisationView>;
  list(query: ListQuery): Promise<Page<OrganisationView>>;
  history(id: string, query: Omit<ListQuery, 'q'>): Promise<Page<HistoryView>>;
}

/** Fields on which the search words or retention tags of contacts depend. */
const ofContacts: readonly string[] = ['name', 'relationship.startedAt', 'relationship.endedAt'];

const write = async (
  { models }: RegisterContext,
  { session }: Tx,
  isNew: boolean,
  after: OrganisationDoc,
): Promise<void> => {
  if (isNew) {
    await models.organisations.create([after], { session });
    return;
  }
  const { _id, createdAt: _, revision: __, ...$set } = after;
  await models.organisations.updateOne({ _id }, { $set, $inc: { revision: 1 } }, { session });
};

/** Creates an organisation (`current` null) or changes it, and updates its contacts accordingly. */
const saveOrganisation = async (
  context: RegisterContext,
  tx: Tx,
  current: OrganisationDoc | null,
  input: OrganisationInput,
  actor: Actor,
): Promise<{ organisation: OrganisationDoc; outcome: Outcome }> => {
  const at = new Date();
  const change = readOrganisationInput(input, context.zone, current === null);
  const before = current ?? newOrganisation(change.name ?? '', at);
  const after = {
    ...before,
    ...change,
    relationship: { ...before.relationship, ...change.relationship },
    updatedAt: at,
  };
  endsAfterStart(after.relationship);
  const changes = changesBetween(current, after, organisationFields);
  if (current && changes.length === 0) return { organisation: current, outcome: 'unchanged' };
  after.search = organisationWords(after);
  await moveKeys(context, tx, current, after);
  await write(context, tx, current === null, after);
  record(context.models, tx, 'organisation', after._id, actor, changes);
  if (current && changes.some(({ field }) => ofContacts.includes(field)))
    await refreshContacts(context, tx, after, actor);
  if (after.domains.some(domain => !current?.domains.includes(domain))) await linkContacts(context, tx, after, actor);
  return { organisation: after, outcome: current ? 'changed' : 'created' };
};

const present = async ({ models }: RegisterContext, id: string, tx?: Tx): Promise<OrganisationDoc> => {
  const organisation = await models.organisations.findById(id, null, tx ? { session: tx.session } : {}).lean();
  if (!organisation) throw new NotInRegister('organisation', id);
  return organisation;
};

/** Makes `Organisations`. Each change is one transaction with its row in the history, and durable when it resolves. */
export const makeOrganisations = (context: RegisterContext): Organisations => ({
  create: (input, actor) =>
    transact(context, async tx =>
      organisationView((await saveOrganisation(context, tx, null, input, actor)).organisation),
    ),
  patch: (id, input, actor) =>
    transact(context, async tx => {
      const current = await present(context, id, tx);
      const { organisation, outcome } = await saveOrganisation(context, tx, current, input, actor);
      return { organisation: organisationView(organisation), outcome };
    }),
  get: async id => organisationView(await present(context, id)),
  list: query => listOrganisations(context, query),
  async history(id, query) {
    const { _id } = await present(context, id);
    return listHistory(context, [_id], query);
  },
});
