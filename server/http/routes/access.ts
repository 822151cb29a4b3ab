import type { TokenDoc, UserDoc } from '../../../models/access.ts';
import { covers } from '../../access/grants.ts';
import { generatePassword } from '../../access/passwords.ts';
import type { Principal } from '../../access/principal.ts';
import { readAccessLog, whoseOf } from '../../read/access-log.ts';
import { pageOfList } from '../../read/cursor.ts';
import { always, empty, ifBody, ifMissing, ifQuery, ifTaken, json } from '../answers.ts';
import { type Call, call, created, noContent, ok } from '../call.ts';
import type { HttpDeps } from '../deps.ts';
import {
  type AccessLogRow,
  accessLogPage,
  accessLogQuery,
  newToken,
  newUser,
  type Token,
  tokenInput,
  tokenPage,
  type User,
  user,
  userInput,
  userPage,
  userPatch,
} from '../dto/access.ts';
import { pageQuery } from '../dto/common.ts';
import { badField, HttpProblem, notFound } from '../problem.ts';

const tag = 'Access';

const userView = ({ _id, email, name, role, accounts, disabled, createdAt }: UserDoc): User => ({
  id: _id,
  email,
  name,
  role,
  accounts,
  disabled,
  createdAt: createdAt.toISOString(),
});

const tokenView = ({ _id, name, role, account, createdAt }: TokenDoc): Token => ({
  id: _id,
  name,
  role,
  account,
  createdAt: createdAt.toISOString(),
});

const accountsOf = ({ account }: Pick<TokenDoc, 'account'>): string[] | null => (account === null ? null : [account]);

/** Throws 422 when `who` would grant accounts that they may not see themselves. */
const checkGrant = (who: Principal, pointer: string, accounts: readonly string[] | null): void => {
  if (!covers(who, accounts)) throw badField(pointer, 'only accounts that you see yourself, and not all (null)');
};

/** Throws 403 when a user or token may see more than `who`: with a new password, say, `who` could sign in as them. */
const checkReach = (who: Principal, accounts: readonly string[] | null): void => {
  if (!covers(who, accounts)) throw new HttpProblem(403, { detail: 'It sees accounts that you do not see.' });
};

/** Throws 422 when one of these accounts doesn't exist. */
const checkThere = async ({ accounts }: HttpDeps, pointer: string, ids: readonly string[]): Promise<void> => {
  const there = new Set((await accounts.list()).map(({ _id }) => _id));
  if (ids.every(id => there.has(id))) return;
  throw badField(pointer, 'there is no such account');
};

const userCalls = (deps: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/users',
    tag,
    summary: 'Users by e-mail address',
    action: 'users:read',
    query: pageQuery,
    answers: { 200: json('A page of users', userPage), ...always, ...ifQuery },
    handle: async ({ query }) => {
      const { items, next } = pageOfList(await deps.access.users.list(), ({ email }) => email, query);
      return ok({ items: items.map(userView), next });
    },
  }),
  call({
    method: 'post',
    path: '/users',
    tag,
    summary: 'Adds a user, who sees no more than who adds it; without a password one is made and answered once',
    action: 'users:write',
    body: userInput,
    answers: { 201: json('The user', newUser), ...always, ...ifBody, ...ifTaken },
    handle: async ({ who, body }) => {
      checkGrant(who, '/accounts', body.accounts);
      await checkThere(deps, '/accounts', body.accounts ?? []);
      const password = body.password ?? generatePassword();
      const made = await deps.access.users.create({ ...body, password });
      return created({ ...userView(made), ...(body.password === undefined ? { password } : {}) });
    },
  }),
  call({
    method: 'patch',
    path: '/users/{id}',
    tag,
    summary: 'Changes a user; what it may see less of cuts its sessions and sockets',
    action: 'users:write',
    body: userPatch,
    answers: { 200: json('The user', user), ...always, ...ifMissing, ...ifBody, ...ifTaken },
    handle: async ({ who, params: { id = '' }, body }) => {
      if (body.accounts !== undefined) checkGrant(who, '/accounts', body.accounts);
      const had = (await deps.access.users.find(id))?.accounts ?? [];
      await checkThere(
        deps,
        '/accounts',
        (body.accounts ?? []).filter(account => !had.includes(account)), // an account that was removed meanwhile may stay
      );
      const changed = await deps.access.users.change(id, body, ({ accounts }) => checkReach(who, accounts));
      if (!changed) throw notFound();
      return ok(userView(changed));
    },
  }),
];

const tokenCalls = (deps: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/tokens',
    tag,
    summary: 'Tokens, without their values',
    action: 'tokens:read',
    query: pageQuery,
    answers: { 200: json('A page of tokens', tokenPage), ...always, ...ifQuery },
    handle: async ({ query }) => {
      const { items, next } = pageOfList(await deps.access.tokens.list(), ({ name, _id }) => `${name}\n${_id}`, query);
      return ok({ items: items.map(tokenView), next });
    },
  }),
  call({
    method: 'post',
    path: '/tokens',
    tag,
    summary: 'Makes a token, which sees no more than who makes it; its value is answered once',
    action: 'tokens:write',
    body: tokenInput,
    answers: { 201: json('The token', newToken), ...always, ...ifBody },
    handle: async ({ who, body }) => {
      checkGrant(who, '/account', accountsOf(body));
      await checkThere(deps, '/account', accountsOf(body) ?? []);
      const { token, doc } = await deps.access.tokens.create(body);
      return created({ ...tokenView(doc), token });
    },
  }),
  call({
    method: 'delete',
    path: '/tokens/{id}',
    tag,
    summary: 'Withdraws a token',
    action: 'tokens:write',
    answers: { 204: empty('It is withdrawn'), ...always, ...ifMissing },
    handle: async ({ who, params: { id = '' } }) => {
      const found = await deps.access.tokens.find(id);
      if (found) checkReach(who, accountsOf(found));
      if (!(await deps.access.tokens.remove(id))) throw notFound();
      return noContent;
    },
  }),
];

const logCalls = ({ models }: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/access-log',
    tag,
    summary: 'Who read what of whom, newest first',
    action: 'access-log:read',
    query: accessLogQuery,
    answers: { 200: json('A page of reads', accessLogPage), ...always, ...ifQuery },
    handle: async ({ query }) => {
      const { shown, next } = await readAccessLog(models, query);
      const whose = await whoseOf(models, shown);
      const items = shown.map(
        ({ _id, at, quarantined = null, ...row }): AccessLogRow => ({
          id: _id,
          at: at.toISOString(),
          quarantined,
          ...row,
          whose: whose(row),
        }),
      );
      return ok({ items, next });
    },
  }),
];

/** Calls for users, tokens and the access log. */
export const accessCalls = (deps: HttpDeps): Call[] => [...userCalls(deps), ...tokenCalls(deps), ...logCalls(deps)];
