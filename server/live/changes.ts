import { setTimeout as sleep } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import type { Models } from '../../models/index.ts';
import type { TimelineDoc } from '../../models/timeline.ts';

export interface ChangesDeps {
  models: Models;
  onEntry(entry: TimelineDoc): void;
  /** what happened in between is not known: whoever shows a timeline reads it again */
  onGap(): void;
  log: { warn(data: object, message: string): void };
}

const PIPELINE = [{ $match: { operationType: 'insert' } }];

/**
 * Follows what is committed to `timeline`. It goes on where it was after a lost connection; when the oplog no longer reaches
 * back so far it says that there is a gap. `start` resolves when nothing committed from then on is missed.
 */
export const makeChanges = ({ models, onEntry, onGap, log }: ChangesDeps) => {
  let stream: mongo.ChangeStream<TimelineDoc> | null = null;
  let started: Promise<void> | null = null;
  let closed = false;

  const open = async (resumeAfter?: unknown): Promise<mongo.ChangeStream<TimelineDoc>> => {
    const collection = models.timeline.collection as unknown as mongo.Collection<TimelineDoc>;
    const opened = collection.watch<TimelineDoc>(PIPELINE, resumeAfter ? { resumeAfter } : {});
    await opened.tryNext().then(first => first && deliver(first)); // the cursor is made by the first read
    return opened;
  };

  const deliver = (change: mongo.ChangeStreamDocument<TimelineDoc>): void => {
    if (change.operationType === 'insert') onEntry(change.fullDocument);
  };

  const reopen = async (token: unknown): Promise<mongo.ChangeStream<TimelineDoc>> => {
    for (let wait = 100; ; wait = Math.min(wait * 2, 5000)) {
      try {
        return await open(token);
      } catch (error) {
        if (closed) throw error;
        const lost = ['ChangeStreamHistoryLost', 'InvalidResumeToken'].includes(
          (error as mongo.MongoServerError).codeName ?? '',
        );
        if (lost) {
          token = undefined;
          onGap();
        }
        await sleep(wait);
      }
    }
  };

  const follow = async (): Promise<void> => {
    while (!closed && stream) {
      try {
        for await (const change of stream) deliver(change);
      } catch (error) {
        if (closed) return;
        log.warn({ error: (error as Error).name }, 'the change stream broke off');
        const token = stream.resumeToken;
        await stream.close().catch(() => undefined);
        stream = await reopen(token).catch(() => null);
      }
    }
  };

  return {
    /** Costs nothing before somebody watches; may be called again and again. */
    start: (): Promise<void> => {
      started ??= open().then(
        opened => {
          stream = opened;
          void follow();
        },
        error => {
          started = null;
          throw error;
        },
      );
      return started;
    },
    stop: async (): Promise<void> => {
      closed = true;
      await stream?.close().catch(() => undefined);
    },
  };
};
