import { setTimeout as sleep } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import type { Models } from '../../models/index.ts';
import type { MessageDoc } from '../../models/messages.ts';
import type { SignalDoc } from '../../models/signals.ts';
import type { TimelineDoc } from '../../models/timeline.ts';

export interface ChangesDeps {
  models: Models;
  /** an entry came, or something was added to what it shows */
  onEntry(entry: TimelineDoc, how: { isNew: boolean }): Promise<void>;
  /** a chat's message was committed */
  onMessage(message: MessageDoc): Promise<void>;
  /** an entry left its timeline: moved, or erased */
  onGone(id: string): Promise<void>;
  /** a contact was changed, or stamped anew, by more than what came in */
  onContact(id: string): void;
  /** whether two addresses are one person's is asked, or decided */
  onSuggestion(): void;
  /** what another hub says of who is there, and that it says so no longer */
  onSignal(signal: SignalDoc): void;
  onSilence(id: string): void;
  /** what happened in between is not known: whoever shows a timeline reads it again */
  onGap(): void;
  log: { warn(data: object, message: string): void };
}

const TIMELINE = { 'ns.coll': 'timeline' };
const PIPELINE = [
  {
    $match: {
      $or: [
        { ...TIMELINE, operationType: { $in: ['insert', 'delete'] } },
        // another tag is told with the contact it follows from, once for all its entries
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
 * Follows what is committed to `timeline`, and the messages of chats, in the order of their commits. It goes on where it was after a lost connection;
 * when the oplog no longer reaches back so far, or is another one, it says that there is a gap. `start` resolves when nothing committed from then on is missed.
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
    await opened.tryNext().then(first => first && deliver(first)); // the cursor is made by the first read
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
    if (!fullDocument) return; // it is gone since
    if (ns.coll === 'signals') onSignal(fullDocument as SignalDoc);
    else if (ns.coll === 'messages') await onMessage(fullDocument as MessageDoc);
    else await onEntry(fullDocument as TimelineDoc, { isNew: change.operationType === 'insert' });
  };

  /** A gap is told once the stream is open: what is committed from then on comes by it, and what whoever is told reads is all before. */
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

  /** One that was opened while this stops is closed here: nobody else will. */
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
    /** Costs nothing before somebody watches; may be called again and again. */
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
    /** Resolves when nothing is told any more; not to be awaited by whoever is just being told. */
    stop: async (): Promise<void> => {
      stopping.abort();
      await started?.catch(() => undefined);
      await stream?.close().catch(() => undefined);
      await telling.catch(() => undefined);
    },
  };
};
