import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, type Batch, type Connector, ConnectorError } from '../../connectors/contract.ts';
import type { AccountDoc } from '../../models/accounts.ts';
import type { ImportDoc } from '../../models/imports.ts';
import type { Models } from '../../models/index.ts';
import { trusted } from '../../models/schema.ts';
import { type HeldCheckpoints, makeCheckpoints } from './checkpoints.ts';
import type { AcquireLease, Lease } from './lease.ts';
import type { makePump } from './pump.ts';

export interface ImportsDeps {
  models: Models;
  connectors: ReadonlyMap<string, Connector>;
  acquire: AcquireLease;
  pump: ReturnType<typeof makePump>;
  /** the account as its connector sees it; its config need not be complete, a file asks nobody */
  open(account: AccountDoc): Promise<Account>;
  log: { info(data: object, message: string): void; warn(data: object, message: string): void };
}

export interface NewImport {
  account: string;
  who: string;
  files: ImportDoc['files'];
  /** the files are copies of ours: deleted, with their folder, once all is captured */
  uploaded: boolean;
}

export interface ImportCounts {
  read: number;
  stored: number;
  duplicate: number;
  quarantined: number;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;

/** Works with a controller that follows `signal` and can be aborted alone; it lets go of `signal`, which outlives many of them. */
const whileLinked = async <T>(signal: AbortSignal, work: (controller: AbortController) => Promise<T>): Promise<T> => {
  const controller = new AbortController();
  const follow = () => controller.abort(signal.reason);
  signal.addEventListener('abort', follow, { once: true });
  if (signal.aborted) follow();
  try {
    return await work(controller);
  } finally {
    signal.removeEventListener('abort', follow);
  }
};

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Batches of a file that was read before, from behind the one that moved the checkpoint last; all of them when that one doesn't come again. */
async function* resumed(
  read: () => AsyncIterable<Batch>,
  stream: string,
  checkpoints: HeldCheckpoints,
): AsyncIterable<Batch> {
  const { position } = await checkpoints.ref(stream);
  let found = position === null;
  for await (const batch of read()) {
    if (found) yield { ...batch, stream };
    else found = same(batch.next, position);
  }
  if (!found) for await (const batch of read()) yield { ...batch, stream };
}

/** Captures files that were handed in, through the same capture as everything else. An import that was accepted goes on after a kill. */
export const makeImports = ({ models, connectors, acquire, pump, open, log }: ImportsDeps) => {
  const running = new Map<string, Promise<void>>();
  const stopping = new AbortController();

  const countsOf = async ({ _id, account }: Pick<ImportDoc, '_id' | 'account'>): Promise<ImportCounts> => {
    const prefix = `${account}:import/${_id}/`;
    const checkpoints = await models.checkpoints
      .find({ _id: trusted({ $gte: prefix, $lt: `${prefix}\uffff` }) }, { counts: 1 })
      .lean();
    const sum = { read: 0, stored: 0, duplicate: 0, quarantined: 0 };
    for (const { counts } of checkpoints) {
      for (const kind of ['stored', 'duplicate', 'quarantined'] as const) {
        sum[kind] += counts[kind];
        sum.read += counts[kind];
      }
    }
    return sum;
  };

  const captureFile = async (
    job: ImportDoc,
    index: number,
    connector: Connector,
    account: Account,
    token: number,
    stop: AbortController,
  ): Promise<void> => {
    const file = job.files[index];
    const { importFile } = connector;
    if (!file || !importFile) throw new ConnectorError('stop', `The connector ${connector.id} imports no files.`);
    const checkpoints = makeCheckpoints(models, account.id, token, () => undefined);
    const read = () => importFile(account, { name: file.name, path: file.path }, stop.signal);
    const stream = `import/${job._id}/${index}`;
    await pump({ account, connector }, resumed(read, stream, checkpoints), checkpoints, stop);
  };

  const end = (id: string, set: Partial<ImportDoc>) =>
    models.imports.updateOne({ _id: id }, { $set: { ...set, endedAt: new Date() } });

  const captureAll = async (job: ImportDoc, token: number, stop: AbortController): Promise<void> => {
    const account = await models.accounts.findById(job.account).lean<AccountDoc>();
    const connector = account && connectors.get(account.connector);
    if (!account || !connector) throw new ConnectorError('stop', 'Its account is gone.');
    const opened = await open(account);
    for (const index of job.files.keys()) await captureFile(job, index, connector, opened, token, stop);
  };

  const finish = async (job: ImportDoc, set: Partial<ImportDoc>): Promise<void> => {
    await end(job._id, { ...set, counts: { ...(await countsOf(job)) } });
    if (job.uploaded && job.files[0]) await rm(dirname(job.files[0].path), { recursive: true, force: true });
  };

  const underLease = async (job: ImportDoc, lease: Lease, stop: AbortController): Promise<void> => {
    const onLost = () => stop.abort(lease.signal.reason);
    lease.signal.addEventListener('abort', onLost, { once: true });
    try {
      await captureAll(job, lease.token, stop);
      await finish(job, { state: 'done' });
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      await finish(job, { state: 'failed', error: error.message });
    } finally {
      lease.signal.removeEventListener('abort', onLost);
      await lease.release().catch(() => undefined);
    }
  };

  /** Only the connector can say that a file can't be imported; whatever else goes wrong is ours, and it goes on from its checkpoint. */
  const run = async (job: ImportDoc): Promise<void> => {
    for (let wait = FIRST_RETRY_MS; !stopping.signal.aborted; wait = Math.min(wait * 2, LONGEST_RETRY_MS)) {
      try {
        const lease = await acquire(`import:${job._id}`);
        if (lease) return await whileLinked(stopping.signal, stop => underLease(job, lease, stop));
      } catch (error) {
        if (!stopping.signal.aborted)
          log.warn({ import: job._id, error: (error as Error).name }, 'an import goes on later');
      }
      await sleep(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };

  const start = (job: ImportDoc): Promise<void> => {
    const done = run(job).finally(() => running.delete(job._id));
    running.set(job._id, done);
    return done;
  };

  return {
    /** Resolves once the import is durable; its capture goes on by itself (`done`). The files must be durable before. */
    accept: async ({ account, who, files, uploaded }: NewImport): Promise<{ id: string; done: Promise<void> }> => {
      const job: ImportDoc = {
        _id: randomBytes(12).toString('hex'),
        kind: 'interactions',
        account,
        who,
        host: hostname(),
        files,
        uploaded,
        state: 'running',
        counts: {},
        errors: [],
        error: null,
        createdAt: new Date(),
        endedAt: null,
      };
      await models.imports.create(job);
      return { id: job._id, done: start(job) };
    },

    get: async (id: string): Promise<(Omit<ImportDoc, 'counts'> & { counts: ImportCounts }) | null> => {
      const job = await models.imports.findOne({ _id: id, kind: 'interactions' }).lean<ImportDoc>();
      return job && { ...job, counts: await countsOf(job) };
    },

    /** Goes on with those that a kill left; their files are on this machine's disk. */
    resume: async (): Promise<void> => {
      const left = await models.imports
        .find({ kind: 'interactions', state: 'running', host: hostname() })
        .lean<ImportDoc[]>();
      for (const job of left) if (!running.has(job._id)) void start(job);
    },

    stop: async (): Promise<void> => {
      stopping.abort();
      await Promise.allSettled(running.values());
    },
  };
};

export type Imports = ReturnType<typeof makeImports>;
