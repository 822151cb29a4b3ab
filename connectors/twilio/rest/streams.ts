import type { Batch, Captured, Checkpoints, Failed } from '../../contract.ts';

const WINDOW_MS = 48 * 3600_000;
/** At most so many entries are remembered; older ones come again as duplicates. */
const MOST = 50_000;
/** The position is written once for so many files; after a crash as many may be fetched again. */
const QUICK = 25;

/** What one of the API's lists has brought so far. */
export interface Stream {
  name: string;
  /** SID → version of the entry (see `Listed`); of files, when they were fetched (Unix milliseconds) */
  seen: Map<string, string>;
  /** everything before this time (Unix milliseconds) was compared; null: nothing yet */
  until: number | null;
  batch(items: Captured[], failed?: Failed[]): Batch;
  /** as `batch`, with a position that may be up to 25 files old, since a position is large and needn't be written again for each file */
  quickBatch(items: Captured[], failed?: Failed[]): Batch;
}

/** Opens a stream from its checkpoint, so that a comparison brings only what is new. */
export const openStream = async (checkpoints: Checkpoints, name: string): Promise<Stream> => {
  const position = (await checkpoints.get(name)) as { until?: number; seen?: Record<string, string> } | null;
  let next = position ?? {};
  let quick = 0;
  const positionOf = ({ until, seen }: Stream) => ({
    ...(until === null ? {} : { until }),
    seen: Object.fromEntries([...seen].slice(-MOST)),
  });
  const stream: Stream = {
    name,
    seen: new Map(Object.entries(position?.seen ?? {})),
    until: position?.until ?? null,
    batch: (items, failed = []) => {
      next = positionOf(stream);
      quick = 0;
      return { stream: name, items, failed, next };
    },
    quickBatch: (items, failed = []) => {
      quick += 1;
      return quick >= QUICK ? stream.batch(items, failed) : { stream: name, items, failed, next };
    },
  };
  return stream;
};

/**
 * The time from which a list is read: 48 hours before the last comparison, or before now when there was none. Lists are filtered by when something began, and
 * what was under way at the last comparison may have ended since.
 */
export const sinceOf = ({ until }: Stream, now: number): Date => new Date(Math.min(now, until ?? now) - WINDOW_MS);

/** Forgets files that were fetched before `moment` (Unix milliseconds), since they are no longer listed. */
export const forgetBefore = (stream: Stream, moment: number): void => {
  for (const [sid, at] of stream.seen) if (Number(at) < moment) stream.seen.delete(sid);
};
