import express, { type Request, type Response, Router } from 'express';
import { ConnectorError, type Received, type WebhookRequest } from '../../../connectors/contract.ts';
import type { AccountDoc } from '../../../models/accounts.ts';
import { may } from '../../access/may.ts';
import { always, ifMissing } from '../answers.ts';
import { type Call, call } from '../call.ts';
import type { HttpDeps } from '../deps.ts';
import { HttpProblem, notFound, unavailable } from '../problem.ts';

const LIMIT = '25mb';
const anyBody = express.raw({ type: () => true, limit: LIMIT });

const requestOf = (req: Request, path: string, authenticated: boolean): WebhookRequest => ({
  method: req.method,
  path,
  query: new URL(req.originalUrl, 'http://hub').search.slice(1),
  headers: req.headers,
  body: Buffer.isBuffer(req.body) ? req.body : new Uint8Array(),
  authenticated,
});

const received = async (deps: HttpDeps, account: AccountDoc, request: WebhookRequest): Promise<Received> => {
  const receive = deps.connectors.get(account.connector)?.receive;
  if (!receive) throw notFound('This account takes nothing that is posted.');
  if (account.state === 'paused') throw unavailable('This account is paused.');
  if (deps.isReady?.() === false) throw unavailable('There is too little free disk to take anything in.');
  try {
    const opened = await deps.open(account, { use: 'import' });
    const result = await receive(opened, request);
    // only what is committed is acknowledged
    await deps.intake.accept(opened, result);
    return result;
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    if (error.remedy === 'reject') throw new HttpProblem(403, { detail: error.message });
    throw unavailable('It can not be taken in now.');
  }
};

const answer = (res: Response, { reply }: Received): void => {
  res.status(reply.status);
  for (const [name, value] of Object.entries(reply.headers ?? {})) res.set(name, value);
  res.send(reply.body ?? '');
};

/** Whether the request brings a token that may post to this account. */
const hasToken = async ({ access }: HttpDeps, req: Request, account: string): Promise<boolean> => {
  if (!/^Bearer /i.test(req.headers.authorization ?? '')) return false;
  const who = await access.authenticate({ headers: req.headers });
  return may(who, 'items:post', { accounts: [account] });
};

/** POST /webhooks/:account/…, outside the API: the connector itself checks who sends. */
export const webhookRouter = (deps: HttpDeps): Router => {
  const router = Router();
  router.all('/:account/*path', anyBody, async (req, res) => {
    const { account: id, path } = req.params as unknown as { account: string; path: string[] };
    const account = await deps.accounts.find(id);
    if (!account) throw notFound('There is no such webhook.');
    const authenticated = await hasToken(deps, req, id);
    answer(res, await received(deps, account, requestOf(req, path.join('/'), authenticated)));
  });
  return router;
};

export const itemCalls = (deps: HttpDeps): Call[] => [
  call({
    method: 'post',
    path: '/accounts/{id}/items',
    tag: 'Items',
    summary: 'Posts items to an account, as its webhook takes them',
    action: 'items:post',
    anyBody: 'application/json',
    before: [anyBody],
    answers: {
      200: { description: 'Durably accepted' },
      207: { description: 'Each item with what became of it' },
      ...always,
      ...ifMissing,
      413: { description: 'Over 25 MB, or over 1,000 items' },
      422: { description: 'An item has the wrong shape' },
    },
    handle: async ({ who, params: { id = '' }, req, res }) => {
      const account = may(who, 'items:post', { accounts: [id] }) ? await deps.accounts.find(id) : null;
      if (!account) throw notFound();
      answer(res, await received(deps, account, requestOf(req, 'items', true)));
      return undefined;
    },
  }),
];
