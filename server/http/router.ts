import { isUtf8 } from 'node:buffer';
import express, { type RequestHandler, Router } from 'express';
import type { Access } from '../access/index.ts';
import { boundBody } from './bodies.ts';
import type { Call, Context } from './call.ts';
import { NOT_UTF8 } from './errors.ts';
import { guard, whoOf } from './guard.ts';
import { HttpProblem, notFound } from './problem.ts';
import { validBody, validQuery } from './validate.ts';

const JSON_LIMIT = 1024 * 1024;

/** Refuses JSON that isn't UTF-8 (RFC 8259, 8.1): it would be read with U+FFFD, and what was written there would be lost. */
const wantsUtf8 = (body: Buffer, charset: string): void => {
  if (charset === 'utf-8' && !isUtf8(body)) throw Object.assign(new Error('not UTF-8'), { type: NOT_UTF8 });
};

const jsonBody = boundBody(
  express.json({
    limit: JSON_LIMIT,
    type: ['application/json', 'application/*+json'],
    strict: false, // a string or number is JSON too; the schema refuses it, naming the field
    verify: (_req, _res, body, charset) => wantsUtf8(body, charset),
  }),
  JSON_LIMIT,
);

/** Reads a JSON body. Answers 415 for another type, which express.json would take for no body. */
const wantsJson =
  (call: Call): RequestHandler =>
  (req, res, next) => {
    const empty = !req.headers['transfer-encoding'] && Number(req.headers['content-length'] ?? 0) === 0;
    if (empty || req.is(['application/json', 'application/*+json'])) return jsonBody(req, res, next);
    throw new HttpProblem(415, { detail: `${call.method.toUpperCase()} ${call.path} takes application/json.` });
  };

const contextOf = (call: Call, req: express.Request, res: express.Response): Context<never, never> => {
  const query = call.query && validQuery(call.query, req.query);
  const missing = req.body === undefined && call.bodyOptional;
  const body = call.body && validBody(call.body, missing ? {} : req.body);
  const params = req.params as Record<string, string>;
  const context = { params, query, body, req, res };
  return Object.defineProperty(context, 'who', { get: () => whoOf(req) }) as unknown as Context<never, never>;
};

const run =
  (call: Call): RequestHandler =>
  async (req, res) => {
    const answer = await call.handle(contextOf(call, req, res));
    if (!answer || res.headersSent) return;
    res.status(answer.status);
    if (answer.body === undefined) res.end();
    else res.json(answer.body);
  };

const expressPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

const notAllowed =
  (methods: readonly string[]): RequestHandler =>
  () => {
    const Allow = methods.map(method => method.toUpperCase()).join(', ');
    throw new HttpProblem(405, { detail: `Allowed here: ${Allow}.`, headers: { Allow } });
  };

/** Sorts paths so that fixed words come before parameters at the same place. */
const bySpecificity = (a: string, b: string): number => (a.replaceAll('{', '~') < b.replaceAll('{', '~') ? -1 : 1);

/** The routes of all calls. 401 and 403 come before a body is read; other methods get 405, other addresses 404. */
export const makeRouter = (calls: readonly Call[], deps: { access: Access; publicUrl: string | undefined }): Router => {
  const router = Router();
  router.use((_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });
  for (const path of [...new Set(calls.map(({ path }) => path))].sort(bySpecificity)) {
    const here = calls.filter(call => call.path === path);
    for (const call of here) {
      const handlers: RequestHandler[] = [];
      if (call.action !== 'public') handlers.push(guard(call.action, deps));
      if (call.body) handlers.push(wantsJson(call));
      handlers.push(...(call.before ?? []));
      router[call.method](expressPath(path), ...handlers, run(call));
    }
    router.all(expressPath(path), notAllowed(here.map(({ method }) => method)));
  }
  router.use(() => {
    throw notFound('There is no such call.');
  });
  return router;
};
