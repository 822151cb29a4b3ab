import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { AccountDoc } from '../../models/accounts.ts';
import type { Models } from '../../models/index.ts';
import type { Counts } from '../../models/types.ts';
import { type HeldUp, heldUpOf, lagOf } from '../accounts/held-up.ts';
import { native } from '../store/native.ts';

type Sum = Counts & { _id: string };

/** Counts of each account, summed over its checkpoints. */
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

/** Metrics for Prometheus: counts by connector, accounts by state, and the process itself. */
export const makeMetrics = (models: Models) => {
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
  const held = new Gauge({
    name: 'talteen_inbox_held_up',
    help: 'Items that were acknowledged and can not be captured for a reason of the hub',
    labelNames: ['connector'],
    registers,
  });
  const state = new Gauge({
    name: 'talteen_accounts',
    help: 'Accounts by connector and state',
    labelNames: ['connector', 'state'],
    registers,
  });

  const showLag = ({ connector, lagSeconds }: AccountDoc, worst: Map<string, number>, heldUp?: HeldUp): void => {
    if (heldUp) held.inc({ connector }, heldUp.rows);
    if (lagSeconds === null && !heldUp) return;
    worst.set(connector, Math.max(worst.get(connector) ?? 0, lagSeconds ?? 0, heldUp ? lagOf(heldUp) : 0));
    lag.set({ connector }, worst.get(connector) ?? 0);
  };

  /** Sets the metrics from the database, so that all hubs report the same and a restart loses nothing. */
  const count = async (): Promise<void> => {
    const [rows, accounts, heldUp] = await Promise.all([
      sums(models),
      native(models.accounts).find({}).toArray(),
      heldUpOf(models),
    ]);
    for (const metric of [captured, duplicates, quarantined, lag, held, state]) metric.reset();
    const worst = new Map<string, number>();
    for (const account of accounts) {
      const { _id, connector } = account;
      const row = rows.find(sum => sum._id === _id);
      captured.inc({ connector }, row?.stored ?? 0);
      duplicates.inc({ connector }, row?.duplicate ?? 0);
      quarantined.inc({ connector }, row?.quarantined ?? 0);
      if (account.deletedAt !== null) continue;
      state.inc({ connector, state: account.state });
      showLag(account, worst, heldUp.get(_id));
    }
  };

  return {
    collect: async (): Promise<{ type: string; text: string }> => {
      await count();
      return { type: register.contentType, text: await register.metrics() };
    },
  };
};

export type Metrics = ReturnType<typeof makeMetrics>;
