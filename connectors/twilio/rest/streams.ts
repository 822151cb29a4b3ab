import type { Batch, Captured, Checkpoints, Failed } from '../../contract.ts';

const WINDOW_MS = 48 * 3600_000;
/** More than this are not remembered: they come again as duplicates. */
const MOST = 50_000;
/** This many files may be fetched again after a crash. */
const QUICK = 25;

export interface Stream {
  name: string;
  /** what is known: SID → what was told of it */
  seen: Map<string, string>;
  /** everything before this moment was compared; null: never */
  until: number | null;
  batch(items: Captured[], failed?: Failed[]): Batch;
  /** As `batch`, with a position that may be some files old: what is known is long, and isn't written again for each of them. */
  quickBatch(items: Captured[], failed?: Failed[]): Batch;
}

/** What one list of the API has brought so far: kept in its checkpoint, so that a comparison brings only what is new. */
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
 * 48 hours before the last comparison, or before now where there was none: lists are narrowed by when something began, and what was under way at that
 * comparison may have ended since.
 */
export const sinceOf = ({ until }: Stream, now: number): Date => new Date(Math.min(now, until ?? now) - WINDOW_MS);

/** Of files `seen` says when each was fetched: what lies before all that is still listed is forgotten. */
export const forgetBefore = (stream: Stream, moment: number): void => {
  for (const [sid, at] of stream.seen) if (Number(at) < moment) stream.seen.delete(sid);
};
