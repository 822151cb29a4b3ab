import { setTimeout as sleep } from 'node:timers/promises';
import { type RequestHandler, Router } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { AccountDoc } from '../../models/accounts.ts';
import type { Models } from '../../models/index.ts';
import { native } from '../store/native.ts';
import { handleErrors } from './errors.ts';
import { unavailable } from './problem.ts';

const PING_MS = 1500;

/** Whether MongoDB answers within `ms`. Never throws. */
export const isAnswering = async ({ connection }: Models, ms = PING_MS): Promise<boolean> => {
  const ping = connection
    .getClient()
    .db('admin')
    .command({ ping: 1 })
    .then(
      () => true,
      () => false,
    );
  return Promise.race([ping, sleep(ms, false, { ref: false })]);
};

interface Sum {
  _id: string;
  stored: number;
  duplicate: number;
  quarantined: number;
}

/** What was captured by each account, from the checkpoints that count it. */
const sums = (models: Models): Promise<Sum[]> =>
  native(models.checkpoints)
    .aggregate<Sum>([
      {
        $group: {
          _id: '$account',
          stored: { $sum: '$counts.stored' },
          duplicate: { $sum: '$counts.duplicate' },
          quarantined: { $sum: '$counts.quarantined' },
        },
      },
    ])
    .toArray();

const makeMetrics = (models: Models) => {
  const registers = [new Registry()];
  const [register] = registers as [Registry];
  collectDefaultMetrics({ register });
  const counter = (name: string, help: string) =>
    new Counter({ name, help, labelNames: ['connector'], registers }) as Counter<'connector'>;
  const captured = counter('talteen_captured_total', 'Items that became an interaction or a revision of one');
  const duplicates = counter('talteen_duplicates_total', 'Items that had been captured before');
  const quarantined = counter('talteen_quarantined_total', 'Items that could not be fetched or read');
  const lag = new Gauge({
    name: 'talteen_lag_seconds',
    help: 'Age of the oldest item that a source holds and that is not captured yet, the worst of its accounts',
    labelNames: ['connector'],
    registers,
  });
  const state = new Gauge({
    name: 'talteen_accounts',
    help: 'Accounts by connector and state',
    labelNames: ['connector', 'state'],
    registers,
  });

  const showLag = ({ connector, lagSeconds }: AccountDoc, worst: Map<string, number>): void => {
    if (lagSeconds === null) return;
    worst.set(connector, Math.max(worst.get(connector) ?? 0, lagSeconds));
    lag.set({ connector }, worst.get(connector) ?? 0);
  };

  /** The database is what counts, so that all hubs say the same and nothing is lost at a restart. */
  const collect = async (): Promise<void> => {
    const [rows, accounts] = await Promise.all([sums(models), native(models.accounts).find({}).toArray()]);
    for (const metric of [captured, duplicates, quarantined, lag, state]) metric.reset();
    const worst = new Map<string, number>();
    for (const account of accounts) {
      const { _id, connector } = account;
      const row = rows.find(sum => sum._id === _id);
      captured.inc({ connector }, row?.stored ?? 0);
      duplicates.inc({ connector }, row?.duplicate ?? 0);
      quarantined.inc({ connector }, row?.quarantined ?? 0);
      if (account.deletedAt !== null) continue;
      state.inc({ connector, state: account.state });
      showLag(account, worst);
    }
  };

  return { register, collect };
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
  const { register, collect } = makeMetrics(models);
  router.get('/healthz', (_req, res) => void res.set('Cache-Control', 'no-store').json({ status: 'ok' }));
  router.get('/readyz', async (_req, res) => {
    if (!(await isAnswering(models))) throw unavailable('The database can not be reached.');
    // little free disk stops the intake, not the reading: that is for the health page
    res.set('Cache-Control', 'no-store').json({ status: 'ok', intake: isReady?.() ?? true });
  });
  router.get('/metrics', async (_req, res) => {
    await collect();
    res
      .set('Cache-Control', 'no-store')
      .type(register.contentType)
      .send(await register.metrics());
  });
  return router;
};

const PATIENCE_MS = 3500;

/** A request that gets no answer because MongoDB hangs is told so (503) instead of waiting on. */
export const whenMongoHangs =
  (models: Models): RequestHandler =>
  (req, res, next) => {
    const timer = setTimeout(async () => {
      if (res.headersSent || res.closed || (await isAnswering(models, 800)) || res.headersSent) return;
      // written here: the request's own way through the routes goes on and ends when it may
      handleErrors(unavailable('The database does not answer.'), req, res, next);
    }, PATIENCE_MS);
    res.once('close', () => clearTimeout(timer));
    next();
  };
