import type { Principal } from '../../access/principal.ts';
import { whoNames } from '../../read/who-names.ts';
import type { Saved } from '../../register/contacts.ts';
import type { HistoryView, Page } from '../../register/types.ts';
import { always, ifBody, ifMissing, ifQuery, ifTaken, json } from '../answers.ts';
import { type Call, call, created, ok } from '../call.ts';
import type { HttpDeps } from '../deps.ts';
import { disclose } from '../disclose.ts';
import { pageQuery } from '../dto/common.ts';
import {
  type Contact,
  contact,
  contactInput,
  contactPage,
  contactQuery,
  type HistoryRow,
  historyPage,
} from '../dto/contacts.ts';

/** The principal as the actor of a change. */
export const actorOf = (who: Principal) => ({ who: who.id, source: 'api' });

/** Adds to changes the names of the users and tokens that made them. */
export const withNames = async (
  { models }: Pick<HttpDeps, 'models'>,
  { items, next }: Page<HistoryView>,
): Promise<Page<HistoryRow>> => {
  const names = await whoNames(
    models,
    items.map(({ who }) => who),
  );
  return { items: items.map(row => ({ ...row, whoName: names.get(row.who) ?? null })), next };
};

/** A contact as `who` may see it: without its newest entry for those who may not see all accounts, since that may have come by one of the others. */
const shownTo = ({ accounts }: Principal, view: Contact): Contact =>
  accounts === null ? view : { ...view, lastEntry: null };

/**
 * The answer to a change. It has the whole contact, so it counts as a read of what was there before: also when nothing changed, or when a new contact absorbed
 * another.
 */
const written = async (
  { access: { log } }: HttpDeps,
  who: Principal,
  { contact: view, outcome, absorbed }: Saved,
): Promise<Contact> => {
  if (outcome !== 'created' || absorbed) await log.record(who, { action: 'contacts:write', contact: view.id });
  return shownTo(who, view);
};

const tag = 'Contacts';

const listContacts = async (
  { register: { contacts }, access }: HttpDeps,
  who: Principal,
  query: Parameters<HttpDeps['register']['contacts']['list']>[0],
) => {
  const { items, next } = await disclose(access.log, who, { action: 'contacts:list' }, () => contacts.list(query));
  return { items: items.map(one => shownTo(who, one)), next };
};

const listCalls = (deps: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/contacts',
    tag,
    summary: 'Contacts, newest activity first',
    action: 'contacts:read',
    query: contactQuery,
    answers: { 200: json('A page of contacts', contactPage), ...always, ...ifQuery },
    handle: async ({ who, query: { review, ...query } }) =>
      ok(await listContacts(deps, who, { ...query, review: review === 'true' })),
  }),
  call({
    method: 'post',
    path: '/contacts',
    tag,
    summary: 'Creates a contact',
    action: 'contacts:write',
    body: contactInput,
    answers: { 201: json('The contact', contact), ...always, ...ifBody, ...ifTaken },
    handle: async ({ who, body }) => {
      const { absorbed, ...view } = await deps.register.contacts.create(body, actorOf(who));
      return created(await written(deps, who, { contact: view, outcome: 'created', absorbed }));
    },
  }),
  call({
    method: 'put',
    path: '/contacts/by-external-id/{externalId}',
    tag,
    summary: 'Creates the contact with this external id, or changes the fields that are named',
    action: 'contacts:write',
    body: contactInput,
    answers: {
      200: json('The contact, which was there', contact),
      201: json('The contact, which is new', contact),
      ...always,
      ...ifBody,
      ...ifTaken,
    },
    handle: async ({ who, params, body }) => {
      const saved = await deps.register.contacts.upsertByExternalId(params.externalId ?? '', body, actorOf(who));
      const view = await written(deps, who, saved);
      return saved.outcome === 'created' ? created(view) : ok(view);
    },
  }),
];

const oneCalls = (deps: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/contacts/{id}',
    tag,
    summary: 'One contact; an absorbed id answers as the surviving one',
    action: 'contacts:read',
    answers: { 200: json('The contact', contact), ...always, ...ifMissing },
    handle: async ({ who, params: { id = '' } }) => {
      const found = await deps.register.contacts.get(id);
      await deps.access.log.record(who, { action: 'contacts:read', contact: found.id });
      return ok(shownTo(who, found));
    },
  }),
  call({
    method: 'patch',
    path: '/contacts/{id}',
    tag,
    summary: 'Changes the fields that are named: objects merge, arrays are replaced, null clears',
    action: 'contacts:write',
    body: contactInput,
    answers: { 200: json('The contact', contact), ...always, ...ifMissing, ...ifBody, ...ifTaken },
    handle: async ({ who, params: { id = '' }, body }) => {
      return ok(await written(deps, who, await deps.register.contacts.patch(id, body, actorOf(who))));
    },
  }),
  call({
    method: 'get',
    path: '/contacts/{id}/history',
    tag,
    summary: 'Who changed what of a contact, newest first',
    action: 'contacts:read',
    query: pageQuery,
    answers: { 200: json('A page of changes', historyPage), ...always, ...ifMissing, ...ifQuery },
    handle: async ({ who, params: { id = '' }, query }) => {
      const { contact: shown, ...page } = await deps.register.contacts.history(id, query);
      for (const one of new Set([id, shown]))
        await deps.access.log.record(who, { action: 'contacts:history', contact: one });
      return ok(await withNames(deps, page));
    },
  }),
];

/** Calls for contacts. */
export const contactCalls = (deps: HttpDeps): Call[] => [...listCalls(deps), ...oneCalls(deps)];
