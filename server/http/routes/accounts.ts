import { z } from 'zod';
import { ConnectorError, type Rung } from '../../../connectors/contract.ts';
import type { AccountDoc } from '../../../models/accounts.ts';
import { may } from '../../access/may.ts';
import type { Principal } from '../../access/principal.ts';
import { pageOfList } from '../../read/cursor.ts';
import { always, empty, ifBody, ifMissing, ifQuery, ifTaken, json } from '../answers.ts';
import { type Answer, type Call, type Context, call, created, noContent, ok } from '../call.ts';
import type { HttpDeps } from '../deps.ts';
import {
  account,
  accountInput,
  accountPage,
  accountPatch,
  accountTestInput,
  connectorList,
  connectorTestInput,
  testResult,
} from '../dto/accounts.ts';
import { pageQuery } from '../dto/common.ts';
import { HttpProblem, notFound } from '../problem.ts';
import { publicUrlOf } from '../public-url.ts';

const tag = 'Accounts';
const NDJSON = 'application/x-ndjson';

const present = async ({ accounts }: HttpDeps, who: Principal, id: string): Promise<AccountDoc> => {
  const found = await accounts.find(id);
  if (!found || !may(who, 'accounts:read', { accounts: [id] })) throw notFound();
  return found;
};

/** The rungs of a test; a ConnectorError becomes a failed rung. */
async function* rungsOf(test: AsyncIterable<Rung>): AsyncIterable<Rung> {
  try {
    yield* test;
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    yield { name: 'settings', ok: false, detail: error.message };
  }
}

/** Answers the rungs of a test: line by line as they are known to a client that accepts NDJSON, else all at the end. */
const answerTest = async (test: AsyncIterable<Rung>, { req, res }: Pick<Context, 'req' | 'res'>) => {
  const rungs: Rung[] = [];
  const lines = req.accepts(['application/json', NDJSON]) === NDJSON;
  if (lines) res.type(NDJSON).flushHeaders();
  for await (const rung of rungsOf(test)) {
    if (res.closed) return undefined;
    if (lines) res.write(`${JSON.stringify(rung)}\n`);
    else rungs.push(rung);
  }
  if (!lines) return ok({ ok: rungs.every(rung => rung.ok), rungs });
  res.end();
  return undefined;
};

const connectorsView = ({ connectors }: HttpDeps): Answer => {
  const items = [...connectors.values()].map(connector => ({
    id: connector.id,
    label: connector.label,
    schema: z.toJSONSchema(connector.configSchema, { io: 'input', unrepresentable: 'any' }),
    secrets: [...connector.secrets],
    capabilities: {
      test: !!connector.test,
      pull: !!connector.pull,
      import: !!connector.importFile,
      receive: !!connector.receive,
    },
  }));
  return ok({ items, next: null });
};

const connectorCalls = (deps: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/connectors',
    tag,
    summary: 'The kinds of sources there are, with the schema of their settings',
    action: 'accounts:read',
    answers: { 200: json('Connectors', connectorList), ...always },
    handle: async () => connectorsView(deps),
  }),
  call({
    method: 'post',
    path: '/connectors/{id}/test',
    tag,
    summary: 'Tests settings before they are saved; one rung a line with Accept: application/x-ndjson',
    action: 'accounts:test',
    body: connectorTestInput,
    answers: { 200: json('The rungs', testResult), ...always, ...ifMissing, ...ifBody },
    handle: async ({ who, params: { id = '' }, body, req, res }) => {
      if (!deps.connectors.has(id)) throw notFound();
      return answerTest(await deps.accounts.testNew(id, body.config, who), { req, res });
    },
  }),
];

const readCalls = (deps: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/accounts',
    tag,
    summary: 'Accounts with their state, lag and health by folder',
    action: 'accounts:read',
    query: pageQuery,
    answers: { 200: json('A page of accounts', accountPage), ...always, ...ifQuery },
    handle: async ({ who, query, req }) => {
      const all = (await deps.accounts.list()).filter(({ _id }) => may(who, 'accounts:read', { accounts: [_id] }));
      const keyOf = ({ createdAt, _id }: AccountDoc) => `${createdAt.toISOString()} ${_id}`;
      const { items, next } = pageOfList(all, keyOf, query);
      return ok({ items: await deps.accounts.views(items, publicUrlOf(deps, req)), next });
    },
  }),
  call({
    method: 'get',
    path: '/accounts/{id}',
    tag,
    summary: 'One account',
    action: 'accounts:read',
    answers: { 200: json('The account', account), ...always, ...ifMissing },
    handle: async ({ who, params: { id = '' }, req }) => {
      const [view] = await deps.accounts.views([await present(deps, who, id)], publicUrlOf(deps, req));
      return ok(view);
    },
  }),
  call({
    method: 'post',
    path: '/accounts/{id}/test',
    tag,
    summary: 'Tests the connection; one rung a line with Accept: application/x-ndjson',
    action: 'accounts:test',
    body: accountTestInput,
    bodyOptional: true,
    answers: { 200: json('The rungs', testResult), ...always, ...ifMissing, ...ifBody },
    handle: async ({ who, params: { id = '' }, body, req, res }) =>
      answerTest(await deps.accounts.test(await present(deps, who, id), body.config, who), { req, res }),
  }),
];

const writeCalls = (deps: HttpDeps): Call[] => [
  call({
    method: 'post',
    path: '/accounts',
    tag,
    summary: 'Adds an account; only who sees all accounts may',
    action: 'accounts:write',
    body: accountInput,
    answers: { 201: json('The account', account), ...always, ...ifBody, ...ifTaken },
    handle: async ({ who, body, req }) => {
      if (who.accounts !== null) throw new HttpProblem(403, { detail: 'Only who sees all accounts adds one.' });
      const [view] = await deps.accounts.views([await deps.accounts.create(body)], publicUrlOf(deps, req));
      return created(view);
    },
  }),
  call({
    method: 'patch',
    path: '/accounts/{id}',
    tag,
    summary:
      'Changes an account: config is merged, a secret that is left out stays unless it would go to another server; state pauses or resumes',
    action: 'accounts:write',
    body: accountPatch,
    answers: { 200: json('The account', account), ...always, ...ifMissing, ...ifBody, ...ifTaken },
    handle: async ({ who, params: { id = '' }, body, req }) => {
      await present(deps, who, id);
      const changed = await deps.accounts.change(id, body, who);
      if (!changed) throw notFound();
      const [view] = await deps.accounts.views([changed], publicUrlOf(deps, req));
      return ok(view);
    },
  }),
  call({
    method: 'delete',
    path: '/accounts/{id}',
    tag,
    summary: 'Removes an account; its interactions stay',
    action: 'accounts:write',
    answers: { 204: empty('It is removed'), ...always, ...ifMissing },
    handle: async ({ who, params: { id = '' } }) => {
      await present(deps, who, id);
      if (!(await deps.accounts.remove(id))) throw notFound();
      return noContent;
    },
  }),
];

/** Calls for connectors and accounts. */
export const accountCalls = (deps: HttpDeps): Call[] => [
  ...connectorCalls(deps),
  ...readCalls(deps),
  ...writeCalls(deps),
];
