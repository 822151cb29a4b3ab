import type { Principal } from '../../access/principal.ts';
import { always, ifBody, ifMissing, ifQuery, ifTaken, json } from '../answers.ts';
import { type Call, call, created, ok } from '../call.ts';
import type { HttpDeps } from '../deps.ts';
import { disclose } from '../disclose.ts';
import { pageQuery } from '../dto/common.ts';
import { contact, contactInput, contactPage, contactQuery, historyPage } from '../dto/contacts.ts';

export const actorOf = (who: Principal) => ({ who: who.id, source: 'api' });

const tag = 'Contacts';

const listCalls = ({ register: { contacts }, access }: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/contacts',
    tag,
    summary: 'Contacts, newest activity first',
    action: 'contacts:read',
    query: contactQuery,
    answers: { 200: json('A page of contacts', contactPage), ...always, ...ifQuery },
    handle: async ({ who, query: { review, ...query } }) =>
      ok(
        await disclose(access.log, who, { action: 'contacts:list' }, () =>
          contacts.list({ ...query, review: review === 'true' }),
        ),
      ),
  }),
  call({
    method: 'post',
    path: '/contacts',
    tag,
    summary: 'Creates a contact',
    action: 'contacts:write',
    body: contactInput,
    answers: { 201: json('The contact', contact), ...always, ...ifBody, ...ifTaken },
    handle: async ({ who, body }) => created(await contacts.create(body, actorOf(who))),
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
      const saved = await contacts.upsertByExternalId(params.externalId ?? '', body, actorOf(who));
      return { status: saved.outcome === 'created' ? 201 : 200, body: saved.contact };
    },
  }),
];

const oneCalls = ({ register: { contacts }, access }: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/contacts/{id}',
    tag,
    summary: 'One contact; an absorbed id answers as the surviving one',
    action: 'contacts:read',
    answers: { 200: json('The contact', contact), ...always, ...ifMissing },
    handle: async ({ who, params: { id = '' } }) => {
      const found = await contacts.get(id);
      return ok(await disclose(access.log, who, { action: 'contacts:read', contact: found.id }, async () => found));
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
    handle: async ({ who, params: { id = '' }, body }) => ok((await contacts.patch(id, body, actorOf(who))).contact),
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
      const page = await contacts.history(id, query);
      return ok(await disclose(access.log, who, { action: 'contacts:history', contact: id }, async () => page));
    },
  }),
];

export const contactCalls = (deps: HttpDeps): Call[] => [...listCalls(deps), ...oneCalls(deps)];
