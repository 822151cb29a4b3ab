import { may } from '../../access/may.ts';
import type { Principal } from '../../access/principal.ts';
import { always, ifMissing, ifQuery, ifTaken, json } from '../answers.ts';
import { type Call, call, ok } from '../call.ts';
import type { HttpDeps } from '../deps.ts';
import { disclose } from '../disclose.ts';
import { suggestion, suggestionCounts, suggestionPage, suggestionQuery } from '../dto/register.ts';
import { HttpProblem, notFound } from '../problem.ts';

const tag = 'Suggestions';

const decide = async (
  { register: { suggestions }, access: { log } }: HttpDeps,
  who: Principal,
  id: string,
  what: 'join' | 'dismiss',
) => {
  const account = await suggestions.accountOf(id);
  if (account === null || !may(who, 'contacts:write', { accounts: [account] })) throw notFound();
  const decided = await suggestions.decide(id, what, { who: who.id, source: 'suggestion' });
  if (!decided) throw notFound();
  await log.record(who, { action: 'suggestions:read' }); // the answer names contacts
  if (decided.obstacle) throw new HttpProblem(409, { detail: decided.obstacle });
  return decided.view;
};

/** Calls for suggestions. */
export const suggestionCalls = (deps: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/suggestions',
    tag,
    summary: "Identifiers that may be one person's and wait for somebody to say so, newest first",
    action: 'contacts:read',
    query: suggestionQuery,
    answers: { 200: json('A page of suggestions', suggestionPage), ...always, ...ifQuery },
    handle: async ({ who, query }) =>
      ok(
        await disclose(deps.access.log, who, { action: 'suggestions:read' }, () =>
          deps.register.suggestions.list({ accounts: who.accounts, ...query }),
        ),
      ),
  }),
  call({
    method: 'get',
    path: '/suggestions/counts',
    tag,
    summary: 'How many wait, up to 10,000; nothing of whom they are about',
    action: 'contacts:read',
    answers: { 200: json('The count', suggestionCounts), ...always },
    handle: async ({ who }) => ok({ total: await deps.register.suggestions.count(who.accounts) }),
  }),
  call({
    method: 'post',
    path: '/suggestions/{id}/join',
    tag,
    summary: 'Both identifiers are one contact’s from now on',
    action: 'contacts:write',
    answers: { 200: json('The suggestion', suggestion), ...always, ...ifMissing, ...ifTaken },
    handle: async ({ who, params: { id = '' } }) => ok(await decide(deps, who, id, 'join')),
  }),
  call({
    method: 'post',
    path: '/suggestions/{id}/dismiss',
    tag,
    summary: 'They are not the same person, and are not suggested again',
    action: 'contacts:write',
    answers: { 200: json('The suggestion', suggestion), ...always, ...ifMissing, ...ifTaken },
    handle: async ({ who, params: { id = '' } }) => ok(await decide(deps, who, id, 'dismiss')),
  }),
];
