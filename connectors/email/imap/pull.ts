import type { ImapFlow } from 'imapflow';
import type { Account, Batch, Checkpoints } from '../../contract.ts';
import { clearSpool } from '../spool.ts';
import { openClient } from './client.ts';
import type { EmailConfig } from './config.ts';
import { makeErrands } from './errands.ts';
import { explain, type Fault, toConnectorError } from './errors.ts';
import { attend, TIMES, type Times, type Work } from './live.ts';
import { type Fetch, tokensOf } from './oauth.ts';
import { makeOutlet } from './outlet.ts';
import { type Folders, rounds } from './rounds.ts';
import type { FolderState, ReadMails } from './state.ts';
import { backoff, makePermits, sleep } from './waiting.ts';

export interface PullDeps {
  read: ReadMails;
  fetch: Fetch;
  times?: Partial<Times>;
}

/** Refused sign-ins after a good one before the account is parked: servers have bad minutes. */
const MAX_REFUSALS = 3;
/** Broken first connections in a row before the core is told. */
const MAX_FAILURES = 5;
const LAG_EVERY = 2_000;

const makeWork = (account: Account<EmailConfig>, checkpoints: Checkpoints, deps: PullDeps, signal: AbortSignal) => {
  const { config } = account;
  const tokens = tokensOf(deps.fetch, account);
  let signedIn = false;
  let refusals = 0;
  const work: Work = {
    account,
    checkpoints,
    outlet: makeOutlet(),
    read: deps.read,
    large: makePermits(2),
    signal,
    times: { ...TIMES, ...deps.times },
    absent: [],
    async connect() {
      const client = await openClient({ config, signal, ...(tokens && { tokens }) });
      signedIn = true;
      refusals = 0;
      return client;
    },
    refused({ remedy }: Fault, error: unknown) {
      if (remedy === 'stop' && (!signedIn || ++refusals >= MAX_REFUSALS)) throw toConnectorError(error);
    },
  };
  return work;
};

/** Runs a role again and again, with back-off, until it returns by itself or the account is to be parked. */
const keep = async (work: Work, role: string, run: () => Promise<void>): Promise<void> => {
  for (let failures = 1; ; failures++) {
    const started = Date.now();
    try {
      return await run();
    } catch (error) {
      work.signal.throwIfAborted();
      const fault = explain(error);
      work.refused(fault, error);
      work.account.log.warn({ role, code: fault.code }, 'a connection broke and is opened again');
    }
    if (Date.now() - started > 60_000) failures = 1;
    await sleep(backoff(failures, work.times.retry), work.signal);
  }
};

/** INBOX and Sent have an IDLE each, as long as they exist and the server can. */
const attendants = (work: Work, folders: Folders) => {
  const running = new Map<FolderState, Promise<void>>();
  const wanted = () => [folders.get('INBOX'), [...folders.values()].find(state => state.folder.sent)];
  return () => {
    for (const state of wanted()) {
      if (!state || running.has(state)) continue;
      const role = state.folder.sent ? 'sent' : 'inbox';
      const run = async () => {
        if (folders.get(state.folder.path) === state) await attend(work, state);
      };
      running.set(state, keep(work, role, run).catch(work.outlet.fail));
    }
  };
};

/** The account's first connection, which all else hangs on; a lasting fault of it goes to the core. */
const lead = async (work: Work, folders: Folders, seen: () => void): Promise<never> => {
  const errands = makeErrands(work, keep);
  const attendAll = attendants(work, folders);
  for (let failures = 1; ; failures++) {
    let client: ImapFlow | undefined;
    try {
      client = await work.connect();
      await rounds(work, client, folders, errands, ({ capabilities }) => {
        failures = 0;
        seen();
        if (capabilities.has('IDLE')) attendAll();
      });
    } catch (error) {
      work.signal.throwIfAborted();
      const fault = explain(error);
      work.refused(fault, error);
      if (failures >= MAX_FAILURES || (failures === 1 && !folders.size)) throw toConnectorError(error);
      work.account.log.warn({ role: 'first', code: fault.code }, 'a connection broke and is opened again');
    } finally {
      client?.close();
    }
    await sleep(backoff(failures, work.times.retry), work.signal);
  }
};

/** Seconds the account is behind: since when we know of mail that isn't stored, or have had no answer. */
const lagOf = (work: Work, folders: Folders, seenAt: number): number => {
  const now = Date.now();
  const since: number[] = now - seenAt > 2 * work.times.status + work.times.answer ? [seenAt] : [];
  for (const state of folders.values()) {
    const level = state.lookedAt >= (state.behindSince ?? 0) && !work.outlet.pending(state.folder.path);
    if (level && !state.lock.busy) state.behindSince = null;
    if (state.behindSince !== null) since.push(state.behindSince);
  }
  return since.length ? Math.max(0, (now - Math.min(...since)) / 1000) : 0;
};

const noticeOf = ({ absent }: Work): string | undefined =>
  absent.length > 0
    ? `The mailbox has no folder ${absent.map(name => `"${name}"`).join(', ')}. Check the name, or take it out of the folders to be read.`
    : undefined;

/**
 * Pulls a mailbox for ever: STATUS rounds on a first connection, IDLE on INBOX and on Sent, the other folders on a
 * fourth. At most 4 connections; with fewer allowed by the server the first one does the work of those that lack.
 */
export const makePull = (deps: PullDeps) =>
  async function* pull(
    account: Account<EmailConfig>,
    checkpoints: Checkpoints,
    signal: AbortSignal,
  ): AsyncGenerator<Batch> {
    const ending = new AbortController();
    const work = makeWork(account, checkpoints, deps, AbortSignal.any([signal, ending.signal]));
    const folders: Folders = new Map();
    let seenAt: number | null = null;
    const timer = setInterval(() => {
      // before the first answer, whoever pulls again and again knows better how long there was none
      if (seenAt !== null) checkpoints.lag(lagOf(work, folders, seenAt), noticeOf(work));
    }, LAG_EVERY);
    try {
      await clearSpool(account.spool);
      lead(work, folders, () => {
        seenAt = Date.now();
      }).catch(work.outlet.fail);
      yield* work.outlet.batches();
    } catch (error) {
      if (!signal.aborted) throw toConnectorError(error);
    } finally {
      clearInterval(timer);
      ending.abort();
    }
  };
