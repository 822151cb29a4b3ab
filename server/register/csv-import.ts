import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ImportDoc } from '../../models/imports.ts';
import type { RegisterContext } from './context.ts';
import { type CsvCounts, ImportTaken, noCounts, runCsv } from './csv-run.ts';
import { CsvRefused } from './csv-text.ts';

export interface NewContactsImport {
  who: string;
  /** durable on this machine's disk before */
  file: ImportDoc['files'][0];
  /** the file is a copy of ours (default): deleted with its folder in the end */
  uploaded?: boolean;
}
export type ContactsImport = Omit<ImportDoc, 'counts'> & { counts: CsvCounts };

export interface ContactImports {
  /** Resolves once the import is durable; it goes on by itself (`done` never fails: `get` says how it ended). */
  accept(upload: NewContactsImport): Promise<{ id: string; done: Promise<void> }>;
  get(id: string): Promise<ContactsImport | null>;
  /** Goes on with those that a kill left; their files are in this data folder, or were named by a command beside it. */
  resume(): Promise<void>;
  /** Ends after the record that is being imported; `resume` goes on from there. */
  stop(): Promise<void>;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;

const isGone = (error: unknown): boolean => (error as { code?: unknown })?.code === 'ENOENT';

/** Imports of contacts from CSV files (DESIGN 10), one at a time: two would only wait for each other's organisations. */
export const makeContactImports = (context: RegisterContext): ContactImports => {
  const { models, dataId, log } = context;
  const stopping = new AbortController();
  const running = new Map<string, Promise<void>>();
  let last: Promise<void> = Promise.resolve();

  const end = async (job: ImportDoc, error: string | null): Promise<void> => {
    const set = { state: error === null ? 'done' : 'failed', error, endedAt: new Date() } as const;
    await models.imports.updateOne({ _id: job._id, state: 'running' }, { $set: set });
    if (job.uploaded && job.files[0]) await rm(dirname(job.files[0].path), { recursive: true, force: true });
  };

  /** From where the database says; true when there is nothing left to do here. */
  const attempt = async (id: string): Promise<boolean> => {
    const job = await models.imports.findOne({ _id: id, state: 'running' }).lean<ImportDoc>();
    if (!job) return true;
    try {
      await runCsv(context, job, stopping.signal);
      if (!stopping.signal.aborted) await end(job, null);
    } catch (error) {
      if (error instanceof ImportTaken) return true;
      if (error instanceof CsvRefused) await end(job, error.message);
      else if (isGone(error)) await end(job, 'The file is no longer there.');
      else throw error;
    }
    return true;
  };

  /** Whatever goes wrong that isn't the file's fault is ours (MongoDB is away, say): it goes on from its counts. */
  const run = async (id: string): Promise<void> => {
    for (let wait = FIRST_RETRY_MS; !stopping.signal.aborted; wait = Math.min(wait * 2, LONGEST_RETRY_MS)) {
      try {
        if (await attempt(id)) return;
      } catch (error) {
        log.warn({ import: id, error: (error as Error).name }, 'an import of contacts goes on later');
      }
      await sleep(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };

  const start = (id: string): Promise<void> => {
    const done = last.then(() => run(id)).finally(() => running.delete(id));
    running.set(id, done);
    last = done;
    return done;
  };

  return {
    async accept({ who, file, uploaded = true }) {
      const job: ImportDoc = {
        ...{ _id: randomUUID(), kind: 'contacts', account: null, who, files: [file], uploaded },
        dataId: await dataId(),
        ...{ state: 'running', counts: { ...noCounts }, errors: [], error: null, createdAt: new Date(), endedAt: null },
      };
      await models.imports.create(job);
      return { id: job._id, done: start(job._id) };
    },
    async get(id) {
      const job = await models.imports.findOne({ _id: id, kind: 'contacts' }).lean<ImportDoc>();
      return job && { ...job, counts: { ...noCounts, ...job.counts } };
    },
    async resume() {
      const left = await models.imports.find({ kind: 'contacts', state: 'running', dataId: await dataId() }).lean();
      for (const { _id } of left) if (!running.has(_id)) void start(_id);
    },
    async stop() {
      stopping.abort();
      await Promise.allSettled(running.values());
    },
  };
};
