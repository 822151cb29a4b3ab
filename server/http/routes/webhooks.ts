import express, { type Request, type RequestHandler, type Response } from 'express';
import {
  type Account,
  type Connector,
  ConnectorError,
  type Reply,
  type WebhookRequest,
} from '../../../connectors/contract.ts';
import { may } from '../../access/may.ts';
import type { RecentAccount } from '../../accounts/recent.ts';
import { always, ifMissing, json, problems } from '../answers.ts';
import { boundBody } from '../bodies.ts';
import { type Call, call } from '../call.ts';
import type { HttpDeps } from '../deps.ts';
import { postedItem, postedItems } from '../dto/operations.ts';
import { HttpProblem, notFound, unavailable, whenThereIsRoom } from '../problem.ts';
import { publicUrlOf } from '../public-url.ts';

const LIMIT = 25 * 1024 * 1024;
const anyBody = boundBody(express.raw({ type: () => true, limit: LIMIT }), LIMIT);

/** The query as it came, since a signature may cover it. */
const queryOf = (url: string): string => (url.includes('?') ? url.slice(url.indexOf('?') + 1) : '');

const requestOf = (deps: HttpDeps, req: Request, path: string, authenticated: boolean): WebhookRequest => ({
  method: req.method,
  url: publicUrlOf(deps, req) + req.originalUrl,
  path,
  query: queryOf(req.originalUrl),
  headers: req.headers,
  body: Buffer.isBuffer(req.body) ? req.body : new Uint8Array(),
  authenticated,
});

type Intake = (request: WebhookRequest) => Promise<Reply>;

/** The intake of an account, checked before the body is read. Throws 404 and 503. */
const intakeOf = (deps: HttpDeps, { doc: account, opened }: RecentAccount): Intake => {
  const receive = deps.connectors.get(account.connector)?.receive;
  if (!receive) throw notFound('This account takes nothing that is posted.');
  if (account.state === 'paused') throw unavailable('This account is paused.');
  whenThereIsRoom(deps);
  return request => received(deps, opened, receive, request);
};

const received = async (
  deps: HttpDeps,
  opened: Account,
  receive: NonNullable<Connector['receive']>,
  request: WebhookRequest,
): Promise<Reply> => {
  try {
    const result = await receive(opened, request);
    // acknowledged only once it is committed
    const accepted = await deps.intake.accept(opened, result);
    return typeof result.reply === 'function' ? result.reply(accepted) : result.reply;
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    if (error.remedy === 'reject') throw new HttpProblem(403, { detail: error.message });
    throw unavailable('It can not be taken in now.');
  }
};

const BODILESS = new Set([204, 304]);

/** Writes a connector's reply. Without headers that only browsers need, except nosniff. */
const answer = (res: Response, { status, headers = {}, body = '' }: Reply): void => {
  if (res.headersSent) return; // it was answered by `whenMongoHangs`
  const length = BODILESS.has(status) ? {} : { 'Content-Length': Buffer.byteLength(body) };
  res.writeHead(status, { 'X-Content-Type-Options': 'nosniff', ...headers, ...length }).end(body);
};

/** Whether the request brings a token that may post to this account. */
const hasToken = async ({ access }: HttpDeps, req: Request, account: string): Promise<boolean> => {
  if (!/^Bearer /i.test(req.headers.authorization ?? '')) return false;
  const who = await access.authenticate({ headers: req.headers });
  return may(who, 'items:post', { accounts: [account] });
};

interface Place {
  account: string;
  rest: string;
}

/** Account and path in an address `/ACCOUNT/PATH` below /webhooks; undefined when it is none. */
const placeOf = ({ path }: Request): Place | undefined => {
  const [, account = '', rest = ''] = /^\/([^/]+)\/(.+)$/.exec(path) ?? [];
  try {
    return account ? { account: decodeURIComponent(account), rest: decodeURIComponent(rest) } : undefined;
  } catch {
    throw new HttpProblem(400, { detail: 'The address can not be read.' });
  }
};

/**
 * /webhooks/:account/…, outside the API: the connector itself checks the sender. One handler without a router, since it must take thousands of requests a
 * second.
 */
export const takeWebhooks = (deps: HttpDeps): RequestHandler => {
  const intakeAt = async (id: string): Promise<Intake> => {
    const account = await deps.accounts.recent(id);
    if (!account) throw notFound('There is no such webhook.');
    return intakeOf(deps, account);
  };
  const take = async (req: Request, res: Response, { account, rest }: Place, intake: Intake): Promise<void> =>
    answer(res, await intake(requestOf(deps, req, rest, await hasToken(deps, req, account))));
  return (req, res, next) => {
    const place = placeOf(req);
    if (!place) return next();
    intakeAt(place.account).then(intake => {
      anyBody(req, res, error => {
        if (error) next(error);
        else take(req, res, place, intake).catch(next);
      });
    }, next);
  };
};

/** The call to post items with a token. */
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
      200: json('Durably accepted; what other kinds of accounts than `webhook` answer is their own', postedItem),
      207: json('Each item with what became of it', postedItems),
      ...always,
      ...ifMissing,
      ...problems({
        400: 'The body is not JSON',
        413: 'Over 25 MB, or over 1,000 items',
        415: 'The body is packed in a way that is not known',
        422: 'The item has the wrong shape; `errors` names its fields',
      }),
    },
    handle: async ({ who, params: { id = '' }, req, res }) => {
      const account = may(who, 'items:post', { accounts: [id] }) ? await deps.accounts.recent(id) : null;
      if (!account) throw notFound();
      answer(res, await intakeOf(deps, account)(requestOf(deps, req, 'items', true)));
      return undefined;
    },
  }),
];
