import { fileFault, unreadable } from '../../connectors/contract.ts';
import type { ImportDoc } from '../../models/imports.ts';
import { LeaseLostError } from '../capture/types.ts';
import { type Around, type GoOn, makeImportRunner, untilDone } from '../import-runner.ts';
import { isMongoAway } from '../store/away.ts';
import { isConflict } from '../store/transaction.ts';
import type { RegisterContext } from './context.ts';
import { type CsvCounts, ImportTaken, noCounts, runCsv } from './csv-run.ts';
import { CsvRefused } from './csv-text.ts';
import { makeTurns } from './turns.ts';

/** An import to be started. `who`: id of the user or token. */
export interface NewContactsImport {
  who: string;
  /** must be durable on this machine's disk */
  file: ImportDoc['files'][0];
  /** the file is the hub's own copy (default), which is deleted with its folder in the end */
  uploaded?: boolean;
}
/** An import with its state and counts. */
export type ContactsImport = Omit<ImportDoc, 'counts'> & { counts: CsvCounts };

/** Imports of contacts. */
export interface ContactImports {
  /** Resolves once the import is durable; it runs in the background. `done` never rejects: `get` tells how it ended. */
  accept(upload: NewContactsImport): Promise<{ id: string; done: Promise<void> }>;
  get(id: string): Promise<ContactsImport | null>;
  /** Resumes unfinished imports, now and from then on: those whose files are in this hub's data folder, or were given by a command on this machine. */
  start(): Promise<void>;
  /** Stops after the current batch; `start` resumes there. */
  stop(): Promise<void>;
}

const refusalOf = (error: unknown, path: string | undefined): string | undefined => {
  if (error instanceof CsvRefused) return error.message;
  const code = fileFault(error, path);
  return code === 'ENOENT' ? 'The file is no longer there.' : code && unreadable(code);
};

/** Faults that any import would meet now. The next import must not overtake this one meanwhile: this one's older values would then overwrite its newer ones. */
const isPassing = (error: unknown): boolean =>
  isMongoAway(error) || isConflict(error) || error instanceof LeaseLostError;

/** Runs imports one at a time, in their order: two at once would only wait for each other's organisations. One that another process is working on doesn't hold up the others. */
const makeInOrder = (): Around => {
  const inTurn = makeTurns(Number.POSITIVE_INFINITY);
  const onceNothingPasses = async (turn: () => Promise<boolean>, signal: AbortSignal): Promise<boolean> => {
    let ended = false;
    await untilDone(async () => {
      try {
        ended = await turn();
        return true;
      } catch (error) {
        if (isPassing(error)) return false;
        throw error;
      }
    }, signal);
    return ended;
  };
  return (turn, signal) => inTurn(() => onceNothingPasses(turn, signal), null);
};

/** Makes `ContactImports` (CSV files, DESIGN 10). */
export const makeContactImports = (context: RegisterContext): ContactImports => {
  const goOn: GoOn = async (job, { stop: { signal } }) => {
    try {
      await runCsv(context, job, signal);
      if (!signal.aborted) await runner.end(job, null);
    } catch (error) {
      if (error instanceof ImportTaken) return;
      const refusal = refusalOf(error, job.files[0]?.path);
      if (refusal === undefined) throw error;
      await runner.end(job, refusal);
    }
  };
  const runner = makeImportRunner(context, 'contacts', goOn, makeInOrder());

  return {
    accept: ({ who, file, uploaded = true }) =>
      runner.accept({ account: null, who, files: [file], uploaded, counts: { ...noCounts } }),
    get: async id => {
      const job = await runner.find(id);
      return job && { ...job, counts: { ...noCounts, ...job.counts } };
    },
    start: runner.start,
    stop: runner.stop,
  };
};
