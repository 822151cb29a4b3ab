import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Account,
  type Batch,
  type Connector,
  ConnectorError,
  type ImportFile,
} from '../../connectors/contract.ts';
import type { AccountDoc } from '../../models/accounts.ts';
import type { ImportDoc } from '../../models/imports.ts';
import type { Models } from '../../models/index.ts';
import { trusted } from '../../models/schema.ts';
import type { DataId } from '../data-id.ts';
import { makeCheckpoints } from './checkpoints.ts';
import type { AcquireLease, Lease } from './lease.ts';
import type { makePump } from './pump.ts';

export interface ImportsDeps {
  models: Models;
  connectors: ReadonlyMap<string, Connector>;
  acquire: AcquireLease;
  pump: ReturnType<typeof makePump>;
  dataId: DataId;
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

/** What a connector reads in a file, under the stream of the import. */
async function* inStream(batches: AsyncIterable<Batch>, stream: string): AsyncIterable<Batch> {
  for await (const batch of batches) yield { ...batch, stream };
}

/** Captures files that were handed in, through the same capture as everything else. An import that was accepted goes on after a kill. */
export const makeImports = ({ models, connectors, acquire, pump, dataId, open, log }: ImportsDeps) => {
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
    beside: readonly ImportFile[],
    connector: Connector,
    account: Account,
    token: number,
    stop: AbortController,
  ): Promise<void> => {
    const file = beside[index];
    const { importFile } = connector;
    if (!file || !importFile) throw new ConnectorError('stop', `The connector ${connector.id} imports no files.`);
    const checkpoints = makeCheckpoints(models, account.id, token, () => undefined);
    const stream = `import/${job._id}/${index}`;
    const { position } = await checkpoints.ref(stream);
    const batches = importFile(account, { ...file, beside }, stop.signal, position);
    await pump({ account, connector }, inStream(batches, stream), checkpoints, stop);
  };

  const end = (id: string, set: Partial<ImportDoc>) =>
    models.imports.updateOne({ _id: id, state: 'running' }, { $set: { ...set, endedAt: new Date() } });

  const captureAll = async (job: ImportDoc, token: number, stop: AbortController): Promise<void> => {
    const account = await models.accounts.findById(job.account).lean<AccountDoc>();
    const connector = account && connectors.get(account.connector);
    if (!account || !connector) throw new ConnectorError('stop', 'Its account is gone.');
    const opened = await open(account);
    const beside = job.files.map(({ name, path }) => ({ name, path }));
    for (const index of job.files.keys()) await captureFile(job, index, beside, connector, opened, token, stop);
  };

  const finish = async (job: ImportDoc, set: Partial<ImportDoc>): Promise<void> => {
    await end(job._id, { ...set, counts: { ...(await countsOf(job)) } });
    if (job.uploaded && job.files[0]) await rm(dirname(job.files[0].path), { recursive: true, force: true });
  };

  const captureToEnd = async (job: ImportDoc, token: number, stop: AbortController): Promise<void> => {
    try {
      await captureAll(job, token, stop);
      await finish(job, { state: 'done' });
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      await finish(job, { state: 'failed', error: error.message });
    }
  };

  /** Whoever had the lease before may have ended the import, and deleted its files. */
  const underLease = async (id: string, lease: Lease, stop: AbortController): Promise<void> => {
    const onLost = () => stop.abort(lease.signal.reason);
    lease.signal.addEventListener('abort', onLost, { once: true });
    try {
      const job = await models.imports.findOne({ _id: id, state: 'running' }).lean<ImportDoc>();
      if (job) await captureToEnd(job, lease.token, stop);
    } finally {
      lease.signal.removeEventListener('abort', onLost);
      await lease.release().catch(() => undefined);
    }
  };

  /** Only the connector can say that a file can't be imported; whatever else goes wrong is ours, and it goes on from its checkpoint. */
  const run = async (id: string): Promise<void> => {
    for (let wait = FIRST_RETRY_MS; !stopping.signal.aborted; wait = Math.min(wait * 2, LONGEST_RETRY_MS)) {
      try {
        const lease = await acquire(`import:${id}`);
        if (lease) return await whileLinked(stopping.signal, stop => underLease(id, lease, stop));
      } catch (error) {
        if (!stopping.signal.aborted) log.warn({ import: id, error: (error as Error).name }, 'an import goes on later');
      }
      await sleep(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };

  const start = (id: string): Promise<void> => {
    const done = run(id).finally(() => running.delete(id));
    running.set(id, done);
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
        dataId: await dataId(),
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
      return { id: job._id, done: start(job._id) };
    },

    get: async (id: string): Promise<(Omit<ImportDoc, 'counts'> & { counts: ImportCounts }) | null> => {
      const job = await models.imports.findOne({ _id: id, kind: 'interactions' }).lean<ImportDoc>();
      return job && { ...job, counts: await countsOf(job) };
    },

    /** Goes on with those that a kill left; their files are in this data folder, or were named by a command beside it. */
    resume: async (): Promise<void> => {
      const left = await models.imports
        .find({ kind: 'interactions', state: 'running', dataId: await dataId() }, { _id: 1 })
        .lean();
      for (const { _id } of left) if (!running.has(_id)) void start(_id);
    },

    stop: async (): Promise<void> => {
      stopping.abort();
      await Promise.allSettled(running.values());
    },
  };
};

export type Imports = ReturnType<typeof makeImports>;
