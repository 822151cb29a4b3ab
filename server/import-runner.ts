import { setMaxListeners } from 'node:events';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ImportDoc } from '../models/imports.ts';
import type { Models } from '../models/index.ts';
import { type AcquireLease, type Lease, whileHeld, whileLinked } from './capture/lease.ts';
import type { DataId } from './data-id.ts';
import { newId } from './store/ids.ts';
import { every, pause } from './store/pause.ts';

export interface ImportDeps {
  models: Models;
  dataId: DataId;
  acquire: AcquireLease;
  log: { warn(data: object, message: string): void };
  /** before the second attempt; the pauses grow from there */
  firstPauseMs?: number;
  /** between two looks for what other processes left */
  lookMs?: number;
}

/** One try of an import, by the only process that has its lease. */
export interface Attempt {
  /** from 1 */
  number: number;
  /** the lease's fencing token */
  token: number;
  /** aborted when the hub stops and when the lease is lost; whoever aborts it ends the try */
  stop: AbortController;
}

/** Resumes an import from where the database says it is, and ends it. Whatever it throws is taken for a passing fault of the hub: it is called again later. */
export type GoOn = (job: ImportDoc, attempt: Attempt) => Promise<void>;

/** Runs one attempt (`turn`) when no other import is in the way; the default is at once. Answers what the attempt does. */
export type Around = (turn: () => Promise<boolean>, signal: AbortSignal) => Promise<boolean>;

export type NewImport = Pick<ImportDoc, 'account' | 'who' | 'files' | 'uploaded' | 'counts'>;

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** Imports that another process of the data folder left unfinished are resumed within this time. */
const LOOK_MS = 20_000;
/** After so many failed attempts the fault isn't taken for a passing one: the import shows it, and a file that can't be read is given up. */
export const MOST_PASSING = 5;

/** Does it until it answers true, with longer and longer pauses between. */
export const untilDone = async (
  work: (attempt: number) => Promise<boolean>,
  signal: AbortSignal,
  firstPauseMs = FIRST_PAUSE_MS,
): Promise<void> => {
  let wait = firstPauseMs;
  for (let attempt = 1; !signal.aborted && !(await work(attempt)); attempt++) {
    await pause(wait, signal);
    wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
  }
};

/** The life of imports of one kind: accepted once they are durable, gone on with after a kill by one process at a time, and ended once. */
export const makeImportRunner = (
  { models, dataId, acquire, log, firstPauseMs, lookMs = LOOK_MS }: ImportDeps,
  kind: ImportDoc['kind'],
  goOn: GoOn,
  around: Around = turn => turn(),
) => {
  const stopping = new AbortController();
  const { signal } = stopping;
  setMaxListeners(0, signal); // each import that runs listens
  const running = new Map<string, Promise<void>>();
  let looking: Promise<void> = Promise.resolve();

  const findRunning = (id: string): Promise<ImportDoc | null> =>
    models.imports.findOne({ _id: id, kind, state: 'running' }).lean<ImportDoc>();

  /** Whoever had the lease before may have ended the import, and deleted its files. */
  const underLease = (id: string, number: number, lease: Lease, stop: AbortController): Promise<void> =>
    whileHeld(lease, stop, async () => {
      const job = await findRunning(id);
      if (job) await goOn(job, { number, token: lease.token, stop });
    });

  /** False when another process is at it, or its lease was lost on the way. */
  const attempt = async (id: string, number: number): Promise<boolean> => {
    const lease = await acquire(`import:${id}`);
    if (!lease) return false;
    const stop = new AbortController();
    await whileLinked(signal, stop, () => underLease(id, number, lease, stop));
    return (await findRunning(id)) === null;
  };

  const tell = async (id: string, number: number, { name }: Error): Promise<void> => {
    log.warn({ import: id, kind, attempt: number, error: name }, 'an import goes on later');
    if (number < MOST_PASSING) return;
    const error = `It has failed ${number} times so far, the last time with ${name}. It is tried again.`;
    await models.imports.updateOne({ _id: id, state: 'running' }, { $set: { error } }).catch(() => undefined); // the log has it
  };

  const tried = async (id: string, number: number): Promise<boolean> => {
    try {
      return await around(() => attempt(id, number), signal);
    } catch (error) {
      if (!signal.aborted) await tell(id, number, error as Error);
      return false;
    }
  };

  const start = (id: string): Promise<void> => {
    const done = untilDone(number => tried(id, number), signal, firstPauseMs).finally(() => running.delete(id));
    running.set(id, done);
    return done;
  };

  const resume = async (): Promise<void> => {
    const left = await models.imports.find({ kind, state: 'running', dataId: await dataId() }, { _id: 1 }).lean();
    for (const { _id } of left) if (!signal.aborted && !running.has(_id)) void start(_id);
  };

  const look = (): Promise<void> =>
    resume().catch(error =>
      log.warn({ kind, error: (error as Error).name }, 'imports that were left are looked for later'),
    );

  return {
    /** Resolves once the import is durable; it goes on by itself (`done` never fails: its row says how it ended). The files must be durable before. */
    accept: async (one: NewImport): Promise<{ id: string; done: Promise<void> }> => {
      const id = newId();
      await models.imports.create({
        ...one,
        _id: id,
        kind,
        dataId: await dataId(),
        state: 'running',
        errors: [],
        error: null,
        createdAt: new Date(),
        endedAt: null,
      });
      return { id, done: start(id) };
    },
    find: (id: string): Promise<ImportDoc | null> => models.imports.findOne({ _id: id, kind }).lean<ImportDoc>(),
    /** Once: with what it came to, or why it failed. Files that are copies of ours go, with their folder. */
    end: async ({ _id, uploaded, files }: ImportDoc, error: string | null, set: Partial<ImportDoc> = {}) => {
      const state = error === null ? 'done' : 'failed';
      await models.imports.updateOne(
        { _id, state: 'running' },
        { $set: { ...set, state, error, endedAt: new Date() } },
      );
      if (uploaded && files[0]) await rm(dirname(files[0].path), { recursive: true, force: true });
    },
    /**
     * Goes on with what was left, by kills too, now and from then on; its files are in this data folder, or were named by a command beside it.
     */
    start: async (): Promise<void> => {
      await resume();
      looking = every(lookMs, signal, look, { atOnce: false });
    },
    /** Ends where it can be gone on from. */
    stop: async (): Promise<void> => {
      stopping.abort();
      await Promise.allSettled([looking, ...running.values()]);
    },
  };
};
