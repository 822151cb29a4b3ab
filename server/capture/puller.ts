import { type Account, type Connector, ConnectorError } from '../../connectors/contract.ts';
import type { AccountDoc } from '../../models/accounts.ts';
import type { Models } from '../../models/index.ts';
import { trusted } from '../../models/schema.ts';
import { every } from '../store/pause.ts';
import { makeCheckpoints } from './checkpoints.ts';
import { type AcquireLease, type Lease, whileHeld } from './lease.ts';
import type { makePump } from './pump.ts';
import { LeaseLostError } from './types.ts';

const LOOK_MS = 1000;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;

export interface PullerDeps {
  models: Models;
  connectors: ReadonlyMap<string, Connector>;
  acquire: AcquireLease;
  pump: ReturnType<typeof makePump>;
  /** opens an account's sealed config; throws ConnectorError('stop') when it can't be read */
  open(account: AccountDoc): Promise<Account>;
  log: { info(data: object, message: string): void; warn(data: object, message: string): void };
}

interface Running {
  revision: number;
  stop: AbortController;
  done: Promise<void>;
}

/** What an administrator reads: our own words for the connector's errors, no detail of others (they may quote a mail). */
const inWords = (error: unknown): string =>
  error instanceof ConnectorError
    ? error.message
    : `An error of the hub (${(error as Error)?.name ?? 'unknown'}); it is tried again.`;

/** Keeps every running account pulled by exactly one hub: takes leases, starts and restarts, backs off, parks. */
export const makePuller = ({ models, connectors, acquire, pump, open, log }: PullerDeps) => {
  const running = new Map<string, Running>();
  /** `notBefore` by a clock that nobody sets */
  const failures = new Map<string, { count: number; notBefore: number }>();
  /** account → Unix time in ms up to which it is known to be level */
  const levelUntil = new Map<string, number>();
  const stopping = new AbortController();
  let looking: Promise<void> = Promise.resolve();

  const setAccount = (id: string, revision: number, set: Partial<AccountDoc>) =>
    models.accounts.updateOne({ _id: id, revision }, { $set: set });

  const pull = async (
    account: AccountDoc,
    connector: Connector,
    lease: Lease,
    stop: AbortController,
  ): Promise<void> => {
    const opened = await open(account);
    let lag = account.lagSeconds;
    let { lastError } = account;
    // one after the other, and the last before what a failure writes
    let told: Promise<unknown> = Promise.resolve();
    const checkpoints = makeCheckpoints(models, account._id, lease.token, (seconds, words) => {
      const notice = words ?? null;
      const rounded = Math.round(seconds);
      levelUntil.set(account._id, Date.now() - seconds * 1000);
      if (rounded === lag && lastError === notice) return;
      lag = rounded;
      lastError = notice;
      const set = { lagSeconds: rounded, lastError: notice };
      told = told.then(() => setAccount(account._id, account.revision, set)).catch(() => undefined);
    });
    const batches = connector.pull?.(opened, checkpoints, stop.signal);
    if (batches) await pump({ account: opened, connector }, batches, checkpoints, stop).finally(() => told);
  };

  /** Parks an account, unless its secrets have changed since it was opened (`Account.remember`): the new ones are tried first. */
  const park = ({ _id, revision, sealed }: AccountDoc) =>
    models.accounts.updateOne({ _id, revision, sealed }, { $set: { state: 'parked' } });

  const failed = async (account: AccountDoc, error: unknown): Promise<void> => {
    const stop = error instanceof ConnectorError && error.remedy === 'stop';
    const now = Date.now();
    const since = levelUntil.get(account._id) ?? now - (account.lagSeconds ?? 0) * 1000;
    levelUntil.set(account._id, since);
    const lagSeconds = Math.max(0, Math.round((now - since) / 1000));
    await setAccount(account._id, account.revision, { lastError: inWords(error), lagSeconds }).catch(() => undefined);
    if (stop) await park(account).catch(() => undefined);
    const count = (failures.get(account._id)?.count ?? 0) + 1;
    const wait = Math.min(FIRST_RETRY_MS * 2 ** (count - 1), LONGEST_RETRY_MS) * (0.5 + Math.random() / 2);
    failures.set(account._id, { count, notBefore: performance.now() + wait });
    log.warn({ account: account._id, error: (error as Error)?.name, parked: stop }, 'pulling an account failed');
  };

  const run = async (account: AccountDoc, connector: Connector, stop: AbortController): Promise<void> => {
    const lease = await acquire(account._id).catch(() => null);
    if (!lease) return;
    const began = Date.now();
    await whileHeld(lease, stop, async () => {
      try {
        await pull(account, connector, lease, stop);
        failures.delete(account._id);
      } catch (error) {
        if (Date.now() - began > LONGEST_RETRY_MS) failures.delete(account._id);
        const ours = stop.signal.aborted && stop.signal.reason === 'stop';
        if (!ours && !(error instanceof LeaseLostError)) await failed(account, error);
      }
    });
  };

  const start = (account: AccountDoc, connector: Connector): void => {
    const stop = new AbortController();
    const done = run(account, connector, stop).finally(() => running.delete(account._id));
    running.set(account._id, { revision: account.revision, stop, done });
  };

  const look = async (): Promise<void> => {
    const pulled = [...connectors.values()].filter(({ pull }) => pull !== undefined).map(({ id }) => id);
    const accounts = await models.accounts
      .find({ state: 'running', deletedAt: null, connector: trusted({ $in: pulled }) })
      .lean<AccountDoc[]>();
    if (stopping.signal.aborted) return;
    const wanted = new Map(accounts.map(account => [account._id, account]));
    for (const [id, { revision, stop }] of running) if (wanted.get(id)?.revision !== revision) stop.abort('stop');
    for (const account of accounts) {
      const connector = connectors.get(account.connector);
      const waits = (failures.get(account._id)?.notBefore ?? 0) > performance.now();
      if (connector && !running.has(account._id) && !waits) start(account, connector);
    }
  };

  return {
    start: (): void => {
      looking = every(LOOK_MS, stopping.signal, () =>
        look().catch(error => log.warn({ error: (error as Error).name }, 'the list of accounts could not be read')),
      );
    },
    stop: async (): Promise<void> => {
      stopping.abort();
      await looking;
      for (const { stop } of running.values()) stop.abort('stop');
      await Promise.allSettled([...running.values()].map(({ done }) => done));
    },
  };
};
