import type { Batch, Captured, Checkpoints } from '../../contract.ts';
import { isMissing } from './errors.ts';
import type { FileTask } from './files.ts';
import type { Listed, Lists } from './lists.ts';
import { type Stream, sinceOf } from './streams.ts';

/** The API's lists, each with a checkpoint of its own. */
export const STREAMS = ['messages', 'calls', 'recordings', 'transcriptions', 'media'] as const;
export type Streams = Record<(typeof STREAMS)[number], Stream>;

const BATCH = 100;
/** After so many messages whose lists of files can't be read the comparison stops asking: the fault isn't theirs. */
const MOST_ERRORS = 3;

/** What a comparison works with. `now`: Unix milliseconds. */
export interface Reconciling {
  lists: Lists;
  streams: Streams;
  checkpoints: Checkpoints;
  now: number;
  /** takes files that are to be fetched */
  give(tasks: FileTask[]): void;
}

async function* fresh(
  stream: Stream,
  pages: AsyncIterable<Listed[]>,
  compared: Map<string, string>,
): AsyncIterable<Listed[]> {
  for await (const page of pages) {
    const changed = page.filter(({ sid, version }) => stream.seen.get(sid) !== version);
    for (const { sid, version } of page) compared.set(sid, version);
    for (let at = 0; at < changed.length; at += BATCH) yield changed.slice(at, at + BATCH);
  }
}

const noteAll = (stream: Stream, listed: readonly Listed[]): Captured[] => {
  for (const { sid, version } of listed) stream.seen.set(sid, version);
  return listed.flatMap(({ items }) => items);
};

/** Batches of calls that had to be fetched by SID. They must come before what belongs to them. */
export async function* askedCalls({
  lists,
  streams: { calls },
}: Pick<Reconciling, 'lists' | 'streams'>): AsyncIterable<Batch> {
  const listed = await lists.askedCalls();
  if (listed.length > 0) yield calls.quickBatch(noteAll(calls, listed));
}

/** Compares a list with what is known, and yields what is new or changed. Entries that are no longer listed are forgotten. */
async function* compareItems(of: Reconciling, stream: Stream, pages: AsyncIterable<Listed[]>): AsyncIterable<Batch> {
  const compared = new Map<string, string>();
  for await (const group of fresh(stream, pages, compared)) {
    yield* askedCalls(of);
    yield stream.batch(noteAll(stream, group));
  }
  stream.seen = compared;
  stream.until = of.now;
  yield stream.batch([]);
  await of.checkpoints.compared(stream.name, { held: compared.size, missing: 0 });
}

/** Compares the list of recordings and queues those that aren't stored: a recording counts as known once its file is here, not when it was listed. */
async function* compareRecordings({ lists, streams, checkpoints, now, give }: Reconciling): AsyncIterable<Batch> {
  const stream = streams.recordings;
  let held = 0;
  let missing = 0;
  for await (const page of lists.recordings(sinceOf(stream, now))) {
    const tasks = page.flatMap(listed => listed.tasks).filter(({ sid }) => !stream.seen.has(sid));
    held += page.length;
    missing += tasks.length;
    give(tasks);
  }
  await checkpoints.compared(stream.name, { held, missing });
}

/** Messages are listed as far back as their files may be missing. */
const messagesSince = ({ streams: { messages, media }, now }: Reconciling): Date =>
  new Date(Math.min(sinceOf(messages, now).getTime(), sinceOf(media, now).getTime()));

/** A message that has files. */
interface WithFiles {
  sid: string;
  channel: string;
}

const withFiles = ({ sid, items: [message] }: Listed): WithFiles[] => {
  const { files = 0 } = (message?.details ?? {}) as { files?: number };
  return message && files > 0 ? [{ sid, channel: message.channel }] : [];
};

/** Queues missing files of messages, also of messages that are known: the hub may have ended before it fetched them. */
const askForFiles = async (
  { lists, streams: { media }, now, give }: Reconciling,
  messages: readonly WithFiles[],
): Promise<void> => {
  const errors: unknown[] = [];
  for (const { sid, channel } of messages) {
    if (media.seen.has(sid)) continue;
    try {
      const tasks = (await lists.media(sid, channel)).filter(task => !media.seen.has(task.sid));
      if (tasks.length === 0) media.seen.set(sid, String(now));
      give(tasks);
    } catch (error) {
      errors.push(error);
      if (errors.length === MOST_ERRORS) break;
    }
  }
  if (errors.length > 0) throw errors[0];
};

/** Captures all messages before asking for their files, so that a failure there doesn't hold them up. */
async function* compareMessages(of: Reconciling): AsyncIterable<Batch> {
  const found: WithFiles[] = [];
  async function* noted(pages: AsyncIterable<Listed[]>): AsyncIterable<Listed[]> {
    for await (const page of pages) {
      found.push(...page.flatMap(withFiles));
      yield page;
    }
  }
  yield* compareItems(of, of.streams.messages, noted(of.lists.messages(messagesSince(of))));
  await askForFiles(of, found);
}

async function* unlessNoList(batches: AsyncIterable<Batch>): AsyncIterable<Batch> {
  try {
    yield* batches;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/**
 * Compares everything that Twilio lists with what is known, and yields what is new. A list that fails doesn't keep the others from being compared; the first
 * error is thrown at the end. Transcriptions may be missing (404).
 */
export async function* reconcile(of: Reconciling): AsyncIterable<Batch> {
  const { lists, streams } = of;
  const steps = [
    () => compareMessages(of),
    () => compareItems(of, streams.calls, lists.calls(sinceOf(streams.calls, of.now))),
    () => compareRecordings(of),
    () =>
      unlessNoList(
        compareItems(of, streams.transcriptions, lists.transcriptions(sinceOf(streams.transcriptions, of.now))),
      ),
  ];
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      yield* step();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
