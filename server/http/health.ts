import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import type { Models } from '../../models/index.ts';
import type { Metrics } from './metrics.ts';
import { unavailable } from './problem.ts';

const PING_MS = 1500;

/** Whether MongoDB answers within 1.5 s. Never throws. */
export const isAnswering = async ({ connection }: Models): Promise<boolean> => {
  const ping = connection
    .getClient()
    .db('admin')
    .command({ ping: 1 })
    .then(
      () => true,
      () => false,
    );
  return Promise.race([ping, sleep(PING_MS, false, { ref: false })]);
};

/** /healthz while the process lives, /readyz while MongoDB answers, /metrics for Prometheus. */
export const healthRouter = ({
  models,
  isReady,
}: {
  models: Models;
  isReady?: (() => boolean) | undefined;
}): Router => {
  const router = Router();
  let loaded: Promise<Metrics> | undefined;
  const metrics = (): Promise<Metrics> => {
    loaded ??= import('./metrics.ts').then(({ makeMetrics }) => makeMetrics(models)); // a start needn't wait for it
    return loaded;
  };
  router.get('/healthz', (_req, res) => void res.set('Cache-Control', 'no-store').json({ status: 'ok' }));
  router.get('/readyz', async (_req, res) => {
    if (!(await isAnswering(models))) throw unavailable('The database can not be reached.');
    // little free disk stops the intake, not the reading: that is for the health page
    res.set('Cache-Control', 'no-store').json({ status: 'ok', intake: isReady?.() ?? true });
  });
  router.get('/metrics', async (_req, res) => {
    const { type, text } = await (await metrics()).collect();
    res.set('Cache-Control', 'no-store').type(type).send(text);
  });
  return router;
};

const PATIENCE_MS = 3000;
const AGAIN_MS = 1000;

/**
 * A request that gets no answer because MongoDB hangs is told so (503, within 5 s) instead of waiting on. All that wait share a ping: a
 * thousand would stand in line for a connection, and take themselves for its hanging.
 */
export const whenMongoHangs = (models: Models, handleErrors: ErrorRequestHandler): RequestHandler => {
  let pinging: Promise<boolean> | undefined;
  const answers = (): Promise<boolean> => {
    pinging ??= isAnswering(models).finally(() => {
      pinging = undefined;
    });
    return pinging;
  };
  return (req, res, next) => {
    const look = async (): Promise<void> => {
      const answering = await answers();
      if (res.headersSent || res.closed) return;
      if (answering) timer = setTimeout(look, AGAIN_MS);
      // written here: the request's own way through the routes goes on and ends when it may
      else handleErrors(unavailable('The database does not answer.'), req, res, next);
    };
    let timer = setTimeout(look, PATIENCE_MS);
    res.once('close', () => clearTimeout(timer));
    next();
  };
};
