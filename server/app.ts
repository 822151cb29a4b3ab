import express, { type Express, Router } from 'express';
import { allCalls } from './http/calls.ts';
import type { HttpDeps } from './http/deps.ts';
import { docsPage, docsStyle } from './http/docs-page.ts';
import { makeHandleErrors } from './http/errors.ts';
import { healthRouter, makeMongoWatch, whenMongoHangs } from './http/health.ts';
import { type Document, openApiOf } from './http/openapi.ts';
import { pageRouter, securityHeaders } from './http/page.ts';
import { notFound } from './http/problem.ts';
import { requestLog } from './http/request-log.ts';
import { makeRouter } from './http/router.ts';
import { visitorRouter } from './http/routes/visitor.ts';
import { takeWebhooks } from './http/routes/webhooks.ts';

/** Made when it is first asked for: a start needn't wait for it. */
const documents = (calls: ReturnType<typeof allCalls>): Router => {
  let made: Document | undefined;
  const document = (): Document => {
    made ??= openApiOf(calls);
    return made;
  };
  return Router()
    .get('/openapi.json', (_req, res) => void res.json(document()))
    .get('/docs', (_req, res) => void res.type('html').send(docsPage(document(), '/api/v1/docs/style.css')))
    .get('/docs/style.css', (_req, res) => void res.type('css').send(docsStyle));
};

/** The whole HTTP side as an Express app; it never listens. */
export const makeApp = (deps: HttpDeps): Express => {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // only bytes and files have ETags, and look at them: JSON is never "not modified"
  Object.defineProperty(app.request, 'fresh', { get: () => false });
  app.set('trust proxy', deps.trustProxy);
  app.set('query parser', 'simple');
  const handleErrors = makeHandleErrors(deps.log);
  const mongo = makeMongoWatch(deps.models);
  app.use(requestLog(deps.log), whenMongoHangs(mongo, handleErrors));
  app.use('/webhooks', takeWebhooks(deps)); // before what only a browser needs
  app.use(securityHeaders(deps.publicUrl));
  app.use(healthRouter({ ...deps, mongo }));
  const calls = allCalls(deps);
  app.use('/api/v1', documents(calls), makeRouter(calls, deps));
  if (deps.live) app.use('/visitor', visitorRouter(deps, deps.live));
  if (deps.webRoot) app.use(pageRouter(deps.webRoot, deps.publicUrl));
  app.use(() => {
    throw notFound('There is nothing here.');
  });
  app.use(handleErrors);
  return app;
};
