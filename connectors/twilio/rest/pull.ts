import type { OutgoingFetch } from '../../common/fetch.ts';
import type { Account, Batch, Checkpoints } from '../../contract.ts';
import type { TwilioConfig } from '../config.ts';
import type { Hints } from '../hints.ts';
import { makeRest, type Rest } from './client.ts';
import { deleteOld } from './delete.ts';
import { restError } from './errors.ts';
import { type FetchFile, type FileTask, failedFile, isForAll, makeFetchFile } from './files.ts';
import { type Lists, makeLists } from './lists.ts';
import { makeOwners } from './owners.ts';
import { makeQueue, type Queue } from './queue.ts';
import { askedCalls, reconcile, STREAMS, type Streams } from './reconcile.ts';
import { makeRoots } from './roots.ts';
import { forgetBefore, openStream, sinceOf } from './streams.ts';

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
const TRIES_BEFORE_TOLD = 3;

/** What a pull needs besides the account. */
export interface PullOptions {
  fetch: OutgoingFetch;
  hints: Hints;
  /** Unix milliseconds; for tests */
  clock?: () => number;
}

interface Pulling {
  account: Account<TwilioConfig>;
  checkpoints: Checkpoints;
  signal: AbortSignal;
  rest: Rest;
  lists: Lists;
  streams: Streams;
  queue: Queue;
  fetchFile: FetchFile;
  clock(): number;
}

const streamOf = ({ streams }: Pulling, { kind }: FileTask) =>
  kind === 'recording' ? streams.recordings : streams.media;

async function* fetchOne(of: Pulling, task: FileTask): AsyncIterable<Batch> {
  const { queue, fetchFile, clock, account, signal } = of;
  const stream = streamOf(of, task);
  if (stream.seen.has(task.sid)) return queue.done(task);
  try {
    const item = await fetchFile(task);
    yield* askedCalls(of);
    queue.done(task);
    stream.seen.set(task.sid, String(clock()));
    yield stream.quickBatch([item]);
  } catch (error) {
    if (signal.aborted || isForAll(error)) throw error;
    const attempts = queue.later(task, clock());
    account.log.warn({ kind: task.kind, attempts, error: (error as Error).name }, 'a file could not be fetched');
    if (attempts === TRIES_BEFORE_TOLD) yield stream.quickBatch([], [failedFile(task, error)]);
  }
}

async function* fetchDue(of: Pulling): AsyncIterable<Batch> {
  const { queue, clock, signal } = of;
  for (let task = queue.next(clock()); task && !signal.aborted; task = queue.next(clock())) yield* fetchOne(of, task);
}

const tellLag = ({ queue, checkpoints, clock }: Pulling): void => {
  const oldest = queue.oldest();
  checkpoints.lag(Number.isFinite(oldest) ? Math.max(0, (clock() - oldest) / 1000) : 0);
};

/**
 * Stores, for each kind of file, the time from which the next comparison has to look for missing ones: this one's start, or the oldest file that still waits.
 */
async function* settleFiles({ streams, queue, clock, account }: Pulling, began: number): AsyncIterable<Batch> {
  const keep = (account.config.deleteRecordingsAfterDays ?? 0) * DAY_MS;
  for (const [kind, stream] of [
    ['recording', streams.recordings],
    ['media', streams.media],
  ] as const) {
    const since = sinceOf(stream, clock()).getTime() - HOUR_MS;
    forgetBefore(stream, kind === 'recording' && keep ? Math.min(since, clock() - keep - 7 * DAY_MS) : since);
    stream.until = Math.min(began, queue.oldest(kind));
    yield stream.batch([]);
  }
}

async function* compareAll(of: Pulling, take: () => FileTask[]): AsyncIterable<Batch> {
  const { lists, streams, checkpoints, queue, clock } = of;
  const now = clock();
  let failure: unknown;
  try {
    yield* reconcile({ lists, streams, checkpoints, now, give: queue.add });
  } catch (error) {
    failure = error;
  }
  // what the comparison found before it failed, and what webhooks announced, is fetched all the same
  queue.add(take());
  if (!failure) tellLag(of);
  yield* fetchDue(of);
  if (failure) throw failure;
  yield* settleFiles(of, now);
  await deleteOld(of, now);
}

const open = async (
  { fetch, clock = Date.now }: PullOptions,
  account: Account<TwilioConfig>,
  checkpoints: Checkpoints,
  signal: AbortSignal,
): Promise<Pulling> => {
  const rest = makeRest(account.config, fetch, signal);
  const roots = makeRoots(rest);
  const owners = makeOwners(rest, roots);
  const lists = makeLists(await rest.client(), roots, owners);
  const opened = await Promise.all(STREAMS.map(async name => [name, await openStream(checkpoints, name)] as const));
  const streams = Object.fromEntries(opened) as Streams;
  const fetchFile = makeFetchFile(account, rest, owners.wholeOf, signal);
  return { account, checkpoints, signal, rest, lists, streams, queue: makeQueue(), fetchFile, clock };
};

/** A sleep that `wake` or the signal ends early. */
const makeBell = (signal: AbortSignal) => {
  let ring: () => void = () => undefined;
  let rang = false;
  const wake = (): void => {
    rang = true;
    ring();
  };
  signal.addEventListener('abort', wake, { once: true });
  return {
    wake,
    wait: (ms: number): Promise<void> =>
      new Promise<void>(resolve => {
        const timer = setTimeout(resolve, rang || signal.aborted ? 0 : Math.max(0, ms));
        ring = () => {
          clearTimeout(timer);
          resolve();
        };
      }).then(() => {
        rang = false;
      }),
  };
};

/** Fetches files that webhooks announce, until the next comparison is due (`due`: Unix milliseconds). */
async function* untilNext(
  of: Pulling,
  take: () => FileTask[],
  wait: (ms: number) => Promise<void>,
  due: number,
): AsyncIterable<Batch> {
  const { queue, clock, signal } = of;
  while (!signal.aborted && clock() < due) {
    queue.add(take());
    yield* fetchDue(of);
    tellLag(of);
    await wait(Math.min(due, queue.due()) - clock());
  }
}

/**
 * `Connector.pull`: compares everything with Twilio's API at the start and every `reconcileSeconds`, and fetches recordings and files of messages that the
 * comparison found or a webhook announced. Throws ConnectorError (see `restError`).
 */
export const makePull = (options: PullOptions) =>
  async function* pull(
    account: Account<TwilioConfig>,
    checkpoints: Checkpoints,
    signal: AbortSignal,
  ): AsyncIterable<Batch> {
    const bell = makeBell(signal);
    const ear = options.hints.listen(account.id, bell.wake);
    try {
      const of = await open(options, account, checkpoints, signal);
      while (!signal.aborted) {
        const due = of.clock() + account.config.reconcileSeconds * 1000;
        yield* compareAll(of, ear.take);
        yield* untilNext(of, ear.take, bell.wait, due);
      }
    } catch (error) {
      if (!signal.aborted) throw restError(error);
    } finally {
      ear.close();
    }
  };
