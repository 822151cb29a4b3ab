import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ImportDoc } from '../models/imports.ts';
import type { Models } from '../models/index.ts';
import type { DataId } from './data-id.ts';
import { newId } from './store/ids.ts';
import { pause } from './store/pause.ts';

export interface ImportDeps {
  models: Models;
  dataId: DataId;
  log: { warn(data: object, message: string): void };
  /** before the second attempt; the pauses grow from there */
  firstPauseMs?: number;
}

/** Goes on with an import from where the database says; false when its turn is later. What it throws is ours, and it is tried again. */
export type GoOn = (id: string, signal: AbortSignal, attempt: number) => Promise<boolean>;

export type NewImport = Pick<ImportDoc, 'account' | 'who' | 'files' | 'uploaded' | 'counts'>;

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

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

/** The life of imports of one kind: accepted once they are durable, gone on with after a kill, and ended once. */
export const makeImportRunner = (
  { models, dataId, log, firstPauseMs }: ImportDeps,
  kind: ImportDoc['kind'],
  goOn: GoOn,
) => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = new Map<string, Promise<void>>();

  const tried = (id: string, attempt: number): Promise<boolean> =>
    goOn(id, signal, attempt).catch(error => {
      if (!signal.aborted) log.warn({ import: id, kind, error: (error as Error).name }, 'an import goes on later');
      return false;
    });

  const start = (id: string): Promise<void> => {
    const done = untilDone(attempt => tried(id, attempt), signal, firstPauseMs).finally(() => running.delete(id));
    running.set(id, done);
    return done;
  };

  return {
    /** Resolves once the import is durable; it goes on by itself (`done` never fails: its row says how it ended). The files must be durable before. */
    accept: async (one: NewImport): Promise<{ id: string; done: Promise<void> }> => {
      const id = newId();
      await models.imports.create({
        ...{ ...one, _id: id, kind, dataId: await dataId(), state: 'running', errors: [], error: null },
        ...{ createdAt: new Date(), endedAt: null },
      });
      return { id, done: start(id) };
    },
    find: (id: string): Promise<ImportDoc | null> => models.imports.findOne({ _id: id, kind }).lean<ImportDoc>(),
    /** Those that are under way. */
    findRunning: (id: string): Promise<ImportDoc | null> =>
      models.imports.findOne({ _id: id, kind, state: 'running' }).lean<ImportDoc>(),
    /** Once: with what it came to, or why it failed. Files that are copies of ours go, with their folder. */
    end: async ({ _id, uploaded, files }: ImportDoc, error: string | null, set: Partial<ImportDoc> = {}) => {
      const state = error === null ? 'done' : 'failed';
      await models.imports.updateOne(
        { _id, state: 'running' },
        { $set: { ...set, state, error, endedAt: new Date() } },
      );
      if (uploaded && files[0]) await rm(dirname(files[0].path), { recursive: true, force: true });
    },
    /** Goes on with those that a kill left; their files are in this data folder, or were named by a command beside it. */
    resume: async (): Promise<void> => {
      const left = await models.imports.find({ kind, state: 'running', dataId: await dataId() }, { _id: 1 }).lean();
      for (const { _id } of left) if (!running.has(_id)) void start(_id);
    },
    /** Ends where it can be gone on from. */
    stop: async (): Promise<void> => {
      stopping.abort();
      await Promise.allSettled(running.values());
    },
  };
};
