import { setTimeout as sleep } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import type { Models } from '../../models/index.ts';
import type { MessageDoc } from '../../models/messages.ts';
import type { SignalDoc } from '../../models/signals.ts';
import type { TimelineDoc } from '../../models/timeline.ts';

/** Whom to call on which change. */
export interface ChangesDeps {
  models: Models;
  /** an entry was made, or shows something new */
  onEntry(entry: TimelineDoc, how: { isNew: boolean }): Promise<void>;
  /** a chat's message was committed */
  onMessage(message: MessageDoc): Promise<void>;
  /** an entry was removed from its timeline (linked elsewhere, or erased) */
  onGone(id: string): Promise<void>;
  /** a contact was changed, or its entries were stamped, other than by a capture */
  onContact(id: string): void;
  /** a suggestion was made or decided */
  onSuggestion(): void;
  /** another hub's signal was written, or deleted */
  onSignal(signal: SignalDoc): void;
  onSilence(id: string): void;
  /** changes may have been missed: open timelines must be read again */
  onGap(): void;
  log: { warn(data: object, message: string): void };
}

const TIMELINE = { 'ns.coll': 'timeline' };
const PIPELINE = [
  {
    $match: {
      $or: [
        { ...TIMELINE, operationType: { $in: ['insert', 'delete'] } },
        // changed retention tags are reported by the change of the contact, once for all its entries
        { ...TIMELINE, operationType: 'update', 'updateDescription.updatedFields.changedAt': { $exists: true } },
        {
          'ns.coll': 'contacts',
          operationType: 'update',
          'updateDescription.updatedFields.revision': { $exists: true },
        },
        { 'ns.coll': 'suggestions', operationType: { $in: ['insert', 'update', 'delete'] } },
        { 'ns.coll': 'messages', operationType: 'insert' },
        { 'ns.coll': 'signals', operationType: { $in: ['insert', 'replace', 'delete'] } },
      ],
    },
  },
];

/** InvalidResumeToken, ChangeStreamFatalError (the token isn't in this oplog), ChangeStreamHistoryLost */
const LOST = new Set<unknown>([260, 280, 286]);
const isTokenLost = (error: unknown): boolean => {
  const { code, errorLabels = [] } = error as { code?: unknown; errorLabels?: readonly string[] };
  return LOST.has(code) || errorLabels.includes('NonResumableChangeStreamError');
};

type Document = TimelineDoc | MessageDoc | SignalDoc;
type Stream = mongo.ChangeStream<Document, Change>;
type Change =
  | mongo.ChangeStreamInsertDocument<Document>
  | mongo.ChangeStreamUpdateDocument<Document>
  | mongo.ChangeStreamReplaceDocument<Document>
  | mongo.ChangeStreamDeleteDocument<Document>;

/**
 * Follows the change stream of timeline entries, messages, contacts, suggestions and signals, in the order of commits. After a lost connection it resumes where
 * it was; when the oplog no longer reaches back that far, or is another one, it calls `onGap`.
 */
export const makeChanges = ({
  models,
  onEntry,
  onMessage,
  onGone,
  onContact,
  onSuggestion,
  onSignal,
  onSilence,
  onGap,
  log,
}: ChangesDeps) => {
  let stream: Stream | null = null;
  let started: Promise<void> | null = null;
  let telling: Promise<void> = Promise.resolve();
  const stopping = new AbortController();
  const { signal } = stopping;

  const open = async (resumeAfter?: unknown): Promise<Stream> => {
    const { connection } = models;
    const db = connection.getClient().db(connection.name) as unknown as mongo.Db;
    const options = { fullDocument: 'updateLookup', ...(resumeAfter ? { resumeAfter } : {}) };
    const opened = db.watch<Document, Change>(PIPELINE, options);
    await opened.tryNext().then(first => first && deliver(first)); // the first read opens the cursor
    return opened;
  };

  const deliver = async (change: Change): Promise<void> => {
    const { ns } = change;
    if (ns.coll === 'suggestions') return onSuggestion();
    if (change.operationType === 'delete') {
      const id = String(change.documentKey._id);
      return ns.coll === 'signals' ? onSilence(id) : onGone(id);
    }
    if (ns.coll === 'contacts') return onContact(String(change.documentKey._id));
    const { fullDocument } = change;
    if (!fullDocument) return; // deleted since
    if (ns.coll === 'signals') onSignal(fullDocument as SignalDoc);
    else if (ns.coll === 'messages') await onMessage(fullDocument as MessageDoc);
    else await onEntry(fullDocument as TimelineDoc, { isNew: change.operationType === 'insert' });
  };

  /** Opens the stream again. `onGap` is called only once it is open: later commits come by the stream, and earlier ones are in what is read on that call. */
  const reopen = async (token: unknown): Promise<Stream> => {
    let gap = false;
    for (let wait = 100; ; wait = Math.min(wait * 2, 5000)) {
      try {
        const opened = await open(gap ? undefined : token);
        if (gap) onGap();
        return opened;
      } catch (error) {
        gap ||= isTokenLost(error);
        await sleep(wait, undefined, { signal });
      }
    }
  };

  /** Closes a stream that was opened while this stops: nobody else would. */
  const keep = async (opened: Stream): Promise<Stream | null> => {
    if (!signal.aborted) return opened;
    await opened.close().catch(() => undefined);
    return null;
  };

  const follow = async (): Promise<void> => {
    while (!signal.aborted && stream) {
      try {
        for await (const change of stream) {
          if (signal.aborted) return;
          telling = deliver(change as Change);
          await telling;
        }
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ error: (error as Error).name }, 'the change stream broke off');
        const token = stream.resumeToken;
        await stream.close().catch(() => undefined);
        stream = await reopen(token).then(keep, () => null);
      }
    }
  };

  return {
    /** Opens the stream, at the first call. Resolves when nothing committed from then on is missed. */
    start: (): Promise<void> => {
      started ??= open().then(
        async opened => {
          stream = await keep(opened);
          void follow();
        },
        error => {
          started = null;
          throw error;
        },
      );
      return started;
    },
    /** Resolves when no callback runs any more; must not be awaited within a callback. */
    stop: async (): Promise<void> => {
      stopping.abort();
      await started?.catch(() => undefined);
      await stream?.close().catch(() => undefined);
      await telling.catch(() => undefined);
    },
  };
};
