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

/** What a pull needs besides the account. */
export interface PullDeps {
  read: ReadMails;
  fetch: Fetch;
  times?: Partial<Times>;
}

/** After a successful sign-in, so many refusals in a row park the account: a server may refuse for a moment by mistake. */
const MAX_REFUSALS = 3;
/** So many failures of the first connection in a row are reported to the core. */
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

/** Runs one connection's work again and again, with back-off, until it returns by itself or the account is to be parked. */
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

/** A function that starts IDLE connections for INBOX and Sent, where they exist and have none yet. */
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

/** Runs the account's first connection, on which everything else depends. A lasting fault of it is thrown to the core. */
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

/** Lag of the account in seconds: since when we know of mail that isn't stored, or since the last answer. */
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
 * `Connector.pull`: STATUS rounds on a first connection, IDLE on INBOX and Sent on two more, the other folders on a fourth. Where the server allows fewer than
 * these 4, the first does the work of those that are missing.
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
      // before the first answer nothing is reported: the core, which starts the pulls, knows how long there was none
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
