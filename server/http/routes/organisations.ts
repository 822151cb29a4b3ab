import { always, ifBody, ifMissing, ifQuery, ifTaken, json } from '../answers.ts';
import { type Call, call, created, ok } from '../call.ts';
import type { HttpDeps } from '../deps.ts';
import { pageQuery } from '../dto/common.ts';
import {
  historyPage,
  organisation,
  organisationInput,
  organisationPage,
  organisationPatch,
  organisationQuery,
} from '../dto/contacts.ts';
import { actorOf, withNames } from './contacts.ts';

const tag = 'Organisations';

const listCalls = ({ register: { organisations } }: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/organisations',
    tag,
    summary: 'Organisations by name',
    action: 'organisations:read',
    query: organisationQuery,
    answers: { 200: json('A page of organisations', organisationPage), ...always, ...ifQuery },
    handle: async ({ query }) => ok(await organisations.list(query)),
  }),
  call({
    method: 'post',
    path: '/organisations',
    tag,
    summary: 'Creates an organisation',
    action: 'organisations:write',
    body: organisationInput,
    answers: { 201: json('The organisation', organisation), ...always, ...ifBody, ...ifTaken },
    handle: async ({ who, body }) => created(await organisations.create(body, actorOf(who))),
  }),
];

const oneCalls = (deps: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/organisations/{id}',
    tag,
    summary: 'One organisation',
    action: 'organisations:read',
    answers: { 200: json('The organisation', organisation), ...always, ...ifMissing },
    handle: async ({ params: { id = '' } }) => ok(await deps.register.organisations.get(id)),
  }),
  call({
    method: 'patch',
    path: '/organisations/{id}',
    tag,
    summary: 'Changes the fields that are named: objects merge, arrays are replaced, null clears',
    action: 'organisations:write',
    body: organisationPatch,
    answers: { 200: json('The organisation', organisation), ...always, ...ifMissing, ...ifBody, ...ifTaken },
    handle: async ({ who, params: { id = '' }, body }) =>
      ok((await deps.register.organisations.patch(id, body, actorOf(who))).organisation),
  }),
  call({
    method: 'get',
    path: '/organisations/{id}/history',
    tag,
    summary: 'Who changed what of an organisation, newest first',
    action: 'organisations:read',
    query: pageQuery,
    answers: { 200: json('A page of changes', historyPage), ...always, ...ifMissing, ...ifQuery },
    handle: async ({ params: { id = '' }, query }) =>
      ok(await withNames(deps, await deps.register.organisations.history(id, query))),
  }),
];

/** Calls for organisations. */
export const organisationCalls = (deps: HttpDeps): Call[] => [...listCalls(deps), ...oneCalls(deps)];
