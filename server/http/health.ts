import { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import type { Models } from '../../models/index.ts';
import { durable } from '../../models/schema.ts';
import { inTime } from '../store/in-time.ts';
import { native } from '../store/native.ts';
import type { Metrics } from './metrics.ts';
import { unavailable } from './problem.ts';

const PING_MS = 1500;
const WRITE_MS = 4000;
const LASTS_MS = 500;

const within = (work: Promise<unknown>, ms: number): Promise<boolean> =>
  inTime(work, ms).then(
    () => true,
    () => false,
  );

/** Whether MongoDB answers within 1.5 s. Never throws. */
const isAnswering = ({ connection }: Models): Promise<boolean> =>
  within(connection.getClient().db('admin').command({ ping: 1 }), PING_MS);

/** Whether a majority has journaled a write within `ms`: a primary without its secondaries answers a ping, but can't commit. Never throws. */
const isWriting = ({ meta }: Models, ms: number): Promise<boolean> => {
  const options = { upsert: true, writeConcern: { ...durable, wtimeout: ms } };
  return within(native(meta).updateOne({ _id: 'written' }, { $set: { value: new Date() } }, options), ms);
};

/** Calls during a check share its result; a positive result is kept for LASTS_MS. */
const shared = (ask: () => Promise<boolean>): (() => Promise<boolean>) => {
  let asking: Promise<boolean> | undefined;
  let wellUntil = 0;
  return async () => {
    if (performance.now() < wellUntil) return true;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    const well = await asking;
    if (well) wellUntil = performance.now() + LASTS_MS;
    return well;
  };
};

/** Checks of MongoDB, shared by all who ask at the same time. */
export const makeMongoWatch = (models: Models, writeMs = WRITE_MS) => ({
  answers: shared(() => isAnswering(models)),
  writes: shared(() => isWriting(models, writeMs)),
});

export type MongoWatch = ReturnType<typeof makeMongoWatch>;

/** /healthz while the process lives, /readyz while MongoDB answers and takes writes, /metrics for Prometheus. */
export const healthRouter = ({
  models,
  mongo: { answers, writes },
  hasRoom,
}: {
  models: Models;
  mongo: MongoWatch;
  hasRoom(): boolean;
}): Router => {
  const router = Router();
  let loaded: Promise<Metrics> | undefined;
  const metrics = (): Promise<Metrics> => {
    loaded ??= import('./metrics.ts').then(({ makeMetrics }) => makeMetrics(models)); // loaded later, so that the start needn't wait for it
    return loaded;
  };
  router.get('/healthz', (_req, res) => void res.set('Cache-Control', 'no-store').json({ status: 'ok' }));
  router.get('/readyz', async (_req, res) => {
    if (!(await answers())) throw unavailable('The database can not be reached.');
    if (!(await writes())) throw unavailable('The database can not write.');
    // too little free disk only stops intake, not reading
    res.set('Cache-Control', 'no-store').json({ status: 'ok', intake: hasRoom() });
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
 * Answers 503 to requests that wait because MongoDB hangs, within 5 s. A request that has been received completely is also answered (within 8 s) when MongoDB
 * responds but can't write: its work may still be done later, and a repetition finds that out. All waiting requests share a check: a thousand would queue for
 * connections, and would take that for MongoDB hanging.
 */
export const whenMongoHangs = (
  { answers, writes }: MongoWatch,
  handleErrors: ErrorRequestHandler,
  patienceMs = PATIENCE_MS,
): RequestHandler => {
  return (req, res, next) => {
    const look = async (): Promise<void> => {
      const well = (await answers()) && (!req.complete || (await writes()));
      if (res.headersSent || res.closed) return;
      if (well) timer = setTimeout(look, AGAIN_MS);
      // answered here; the handler of the request goes on and ends when it can
      else handleErrors(unavailable('The database does not answer.'), req, res, next);
    };
    let timer = setTimeout(look, patienceMs);
    res.once('close', () => clearTimeout(timer));
    next();
  };
};
