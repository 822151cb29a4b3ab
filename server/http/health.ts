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

/** Whether a write is in the journals of a majority in that time: a primary alone answers, and commits nothing. Never throws. */
const isWriting = ({ meta }: Models, ms: number): Promise<boolean> => {
  const options = { upsert: true, writeConcern: { ...durable, wtimeout: ms } };
  return within(native(meta).updateOne({ _id: 'written' }, { $set: { value: new Date() } }, options), ms);
};

/** Those who ask meanwhile get the same answer; a good one lasts for a moment. */
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

/** What MongoDB does now: all who ask share a look. */
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
    loaded ??= import('./metrics.ts').then(({ makeMetrics }) => makeMetrics(models)); // a start needn't wait for it
    return loaded;
  };
  router.get('/healthz', (_req, res) => void res.set('Cache-Control', 'no-store').json({ status: 'ok' }));
  router.get('/readyz', async (_req, res) => {
    if (!(await answers())) throw unavailable('The database can not be reached.');
    if (!(await writes())) throw unavailable('The database can not write.');
    // little free disk stops the intake, not the reading: that is for the health page
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
 * A request that gets no answer because MongoDB hangs is told so (503, within 5 s) instead of waiting on; one that is here as a whole also when MongoDB
 * answers and can't write (within 8 s): what it asked for may be done later, and its repetition finds that. All that wait share a look: a
 * thousand would stand in line for a connection, and take themselves for its hanging.
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
      // written here: the request's own way through the routes goes on and ends when it may
      else handleErrors(unavailable('The database does not answer.'), req, res, next);
    };
    let timer = setTimeout(look, patienceMs);
    res.once('close', () => clearTimeout(timer));
    next();
  };
};
