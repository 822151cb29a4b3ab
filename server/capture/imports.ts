import {
  type Account,
  type Batch,
  type Connector,
  ConnectorError,
  fileFault,
  type ImportFile,
  unreadable,
} from '../../connectors/contract.ts';
import type { AccountDoc } from '../../models/accounts.ts';
import type { ImportDoc } from '../../models/imports.ts';
import { type Counts, sumOf } from '../../models/types.ts';
import { type Attempt, type ImportDeps, MOST_PASSING, makeImportRunner } from '../import-runner.ts';
import { importStream } from '../rules/streams.ts';
import { makeCheckpoints } from './checkpoints.ts';
import { countsOfImport, foldImport } from './imported.ts';
import type { makePump } from './pump.ts';

export interface ImportsDeps extends ImportDeps {
  connectors: ReadonlyMap<string, Connector>;
  pump: ReturnType<typeof makePump>;
  /** the account as its connector sees it; its config need not be complete, a file asks nobody */
  open(account: AccountDoc): Promise<Account>;
}

export interface NewImport {
  account: string;
  who: string;
  files: ImportDoc['files'];
  /** the files are copies of ours: deleted, with their folder, once all is captured */
  uploaded: boolean;
}

export interface ImportCounts extends Counts {
  read: number;
}

const none: ImportCounts = { read: 0, ...sumOf([]) };

/** What ends an import, in words: only its connector can say that a file can't be imported. Whatever else goes wrong is ours. */
const refusalOf = (error: unknown, attempt: number): string | undefined => {
  if (error instanceof ConnectorError) return error.remedy === 'retry' ? undefined : error.message;
  const code = attempt < MOST_PASSING ? undefined : fileFault(error);
  return code && unreadable(code);
};

/** One import, while this process has its lease. */
interface Capturing extends Pick<Attempt, 'token' | 'stop'> {
  job: ImportDoc;
  account: Account;
  connector: Connector;
  beside: readonly ImportFile[];
}

/** What a connector reads in a file, under the stream of the import. */
async function* inStream(batches: AsyncIterable<Batch>, stream: string): AsyncIterable<Batch> {
  for await (const batch of batches) yield { ...batch, stream };
}

/** Captures files that were handed in, through the same capture as everything else. An import that was accepted goes on after a kill. */
export const makeImports = (deps: ImportsDeps) => {
  const { models, connectors, pump, open } = deps;

  const countsOf = async (job: ImportDoc): Promise<ImportCounts> => {
    const counts = await countsOfImport(models, job);
    return { read: counts.stored + counts.duplicate + counts.quarantined, ...counts };
  };

  const captureFile = async ({ job, account, connector, beside, token, stop }: Capturing, index: number) => {
    const file = beside[index];
    const { importFile } = connector;
    if (!file || !importFile) throw new ConnectorError('stop', `The connector ${connector.id} imports no files.`);
    const checkpoints = makeCheckpoints(models, account.id, token, () => undefined);
    const stream = importStream(job._id, index);
    const { position } = await checkpoints.ref(stream);
    const batches = importFile(account, { ...file, beside }, stop.signal, position);
    await pump({ account, connector }, inStream(batches, stream), checkpoints, stop);
  };

  const captureAll = async (job: ImportDoc, { token, stop }: Attempt): Promise<void> => {
    const doc = await models.accounts.findById(job.account).lean<AccountDoc>();
    const connector = doc && connectors.get(doc.connector);
    if (!doc || !connector) throw new ConnectorError('stop', 'Its account is gone.');
    const beside = job.files.map(({ name, path }) => ({ name, path }));
    const capturing = { job, account: await open(doc), connector, beside, token, stop };
    for (const index of job.files.keys()) await captureFile(capturing, index);
  };

  const runner = makeImportRunner(deps, 'interactions', async (job, attempt) => {
    let refusal: string | null = null;
    try {
      await captureAll(job, attempt);
    } catch (error) {
      refusal = refusalOf(error, attempt.number) ?? null;
      if (refusal === null) throw error;
    }
    await runner.end(job, refusal, { counts: { ...(await countsOf(job)) } });
    await foldImport(models, job);
  });

  return {
    accept: (one: NewImport) => runner.accept({ ...one, counts: {} }),
    get: async (id: string): Promise<(Omit<ImportDoc, 'counts'> & { counts: ImportCounts }) | null> => {
      const job = await runner.find(id);
      return job && { ...job, counts: job.state === 'running' ? await countsOf(job) : { ...none, ...job.counts } };
    },
    start: runner.start,
    stop: runner.stop,
  };
};

export type Imports = ReturnType<typeof makeImports>;
