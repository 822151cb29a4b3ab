import type { Batch, Captured, Checkpoints } from '../../contract.ts';
import { isMissing } from './errors.ts';
import type { FileTask } from './files.ts';
import type { Listed, Lists } from './lists.ts';
import { type Stream, sinceOf } from './streams.ts';

export const STREAMS = ['messages', 'calls', 'recordings', 'transcriptions', 'media'] as const;
export type Streams = Record<(typeof STREAMS)[number], Stream>;

const BATCH = 100;

export interface Reconciling {
  lists: Lists;
  streams: Streams;
  checkpoints: Checkpoints;
  now: number;
  /** files to be fetched */
  give(tasks: FileTask[]): void;
}

interface Compared {
  held: number;
  seen: Map<string, string>;
}

async function* fresh(
  stream: Stream,
  pages: AsyncIterable<Listed[]>,
  compared: Compared,
  onPage: (page: Listed[]) => Promise<void>,
): AsyncIterable<Listed[]> {
  for await (const page of pages) {
    compared.held += page.length;
    await onPage(page);
    const changed = page.filter(({ sid, version }) => stream.seen.get(sid) !== version);
    for (const { sid, version } of page) compared.seen.set(sid, version);
    for (let at = 0; at < changed.length; at += BATCH) yield changed.slice(at, at + BATCH);
  }
}

/** Compares a list with what is known and yields what isn't; what is no longer listed is forgotten. */
async function* compareItems(
  { checkpoints, now }: Reconciling,
  stream: Stream,
  pages: AsyncIterable<Listed[]>,
  onPage: (page: Listed[]) => Promise<void> = () => Promise.resolve(),
): AsyncIterable<Batch> {
  const compared: Compared = { held: 0, seen: new Map() };
  for await (const group of fresh(stream, pages, compared, onPage)) {
    for (const { sid, version } of group) stream.seen.set(sid, version);
    yield stream.batch(group.flatMap(({ items }): Captured[] => items));
  }
  stream.seen = compared.seen;
  stream.until = now;
  yield stream.batch([]);
  await checkpoints.compared(stream.name, { held: compared.held, missing: 0 });
}

/** Files aren't known by being listed, but by being here. */
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

/** The files of messages, also of those that are known: they may not have been fetched before the hub ended. */
const mediaOf =
  ({ lists, streams: { media }, now, give }: Reconciling) =>
  async (page: Listed[]): Promise<void> => {
    for (const { sid, items } of page) {
      const [message] = items;
      const files = (message?.details as { files?: number } | undefined)?.files ?? 0;
      if (files === 0 || !message || media.seen.has(sid)) continue;
      const tasks = (await lists.media(sid, message.channel)).filter(task => !media.seen.has(task.sid));
      if (tasks.length === 0) media.seen.set(sid, String(now));
      give(tasks);
    }
  };

/** Messages are compared as far back as files of theirs may be missing. */
const messagesSince = ({ streams: { messages, media }, now }: Reconciling): Date =>
  new Date(Math.min(sinceOf(messages, now).getTime(), sinceOf(media, now).getTime()));

async function* unlessMissing(batches: AsyncIterable<Batch>): AsyncIterable<Batch> {
  try {
    yield* batches;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Everything that Twilio lists, compared with what is known. A list that can't be had doesn't keep the others from being compared; its error is thrown at the end. */
export async function* reconcile(of: Reconciling): AsyncIterable<Batch> {
  const { lists, streams } = of;
  const steps = [
    () => compareItems(of, streams.messages, lists.messages(messagesSince(of)), mediaOf(of)),
    () => compareItems(of, streams.calls, lists.calls(sinceOf(streams.calls, of.now))),
    () => compareRecordings(of),
    () =>
      unlessMissing(
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
