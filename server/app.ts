import express, { type Express, Router } from 'express';
import { pinoHttp } from 'pino-http';
import { allCalls } from './http/calls.ts';
import type { HttpDeps } from './http/deps.ts';
import { docsPage, docsStyle } from './http/docs-page.ts';
import { handleErrors } from './http/errors.ts';
import { healthRouter, whenMongoHangs } from './http/health.ts';
import { openApiOf } from './http/openapi.ts';
import { pageRouter, securityHeaders } from './http/page.ts';
import { notFound } from './http/problem.ts';
import { makeRouter } from './http/router.ts';
import { webhookRouter } from './http/routes/webhooks.ts';

/** The route's pattern, not the address: ids and searches are somebody's. */
const routeOf = (req: { baseUrl?: string; route?: { path?: unknown } }): string =>
  typeof req.route?.path === 'string' ? `${req.baseUrl ?? ''}${req.route.path}` : 'none';

/** One line a request, without address, query, headers or body. */
const requestLog = (log: HttpDeps['log']) => {
  const about = (req: object, res: { statusCode: number }, ms: unknown) => ({
    method: (req as { method?: string }).method,
    route: routeOf(req as Parameters<typeof routeOf>[0]),
    status: res.statusCode,
    ms,
  });
  return pinoHttp({
    logger: log,
    quietReqLogger: true,
    wrapSerializers: false,
    // the whole request would bring its address, its token and its cookie into the log
    serializers: { req: () => undefined, res: () => undefined },
    customLogLevel: (_req, res) => (res.statusCode >= 500 ? 'warn' : 'debug'),
    customSuccessObject: (req, res, value: { responseTime?: number }) => about(req, res, value.responseTime),
    customErrorObject: (req, res, _error, value: { responseTime?: number }) => about(req, res, value.responseTime),
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request',
  });
};

const documents = (calls: ReturnType<typeof allCalls>): Router => {
  const document = openApiOf(calls);
  const page = docsPage(document, '/api/v1/docs/style.css');
  return Router()
    .get('/openapi.json', (_req, res) => void res.json(document))
    .get('/docs', (_req, res) => void res.type('html').send(page))
    .get('/docs/style.css', (_req, res) => void res.type('css').send(docsStyle));
};

/** The whole HTTP side as an Express app; it never listens. */
export const makeApp = (deps: HttpDeps): Express => {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', deps.trustProxy);
  app.set('query parser', 'simple');
  app.use(requestLog(deps.log), securityHeaders(deps.publicUrl), whenMongoHangs(deps.models));
  app.use(healthRouter(deps));
  const calls = allCalls(deps);
  app.use('/api/v1', documents(calls), makeRouter(calls, deps));
  app.use('/webhooks', webhookRouter(deps));
  if (deps.webRoot) app.use(pageRouter(deps.webRoot));
  app.use(() => {
    throw notFound('There is nothing here.');
  });
  app.use(handleErrors);
  return app;
};
