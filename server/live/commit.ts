import type { Account, Captured, Connector } from '../../connectors/contract.ts';
import type { Models } from '../../models/index.ts';
import type { StoredPart } from '../../models/interactions.ts';
import type { MessageDoc } from '../../models/messages.ts';
import { makeCheckpoints } from '../capture/checkpoints.ts';
import type { AcquireLease, Lease } from '../capture/lease.ts';
import type { Capture } from '../capture/store.ts';
import { type CheckpointRef, LeaseLostError, type Prepared } from '../capture/types.ts';
import { liveStream } from '../rules/streams.ts';
import { native } from '../store/native.ts';

/** Most messages of one account in one transaction. */
const BATCH = 100;
const MOST_WAITING = 5000;
const TRIES = 3;
/** Most hubs on one database that take chats. */
const MOST_HUBS = 64;

/** What committing needs. */
export interface LiveCommitDeps {
  models: Models;
  capture: Capture;
  acquire: AcquireLease;
}

interface Waiting {
  item: Captured;
  done(message: MessageDoc): void;
  failed(error: unknown): void;
}

interface Queue {
  account: Account;
  connector: Connector;
  waiting: Waiting[];
  busy: boolean;
  checkpoint: CheckpointRef | null;
}

/** A chat message isn't accepted: too many are waiting, or it can't be stored. The error's text is for the sender. */
export class NotTaken extends Error {
  /** it may be accepted later */
  readonly again: boolean;
  constructor(message: string, { again = false }: { again?: boolean } = {}) {
    super(message);
    this.name = 'NotTaken';
    this.again = again;
  }
}

/** Whether the message stored under an item's id is this item: same text and kind, and files with the same names and bytes. */
const isSame = ({ text, kind, parts }: MessageDoc, { item, parts: now }: Prepared): boolean => {
  const filesOf = (files: readonly StoredPart[]): string =>
    JSON.stringify(files.map(({ name, blob }) => [name ?? '', blob]));
  return text === (item.text ?? '') && kind === item.message?.kind && filesOf(parts) === filesOf(now);
};

/**
 * Commits live messages: when `submit` resolves, the message is durable and has its number. Messages of one account that arrive during a commit share the next
 * one. Each hub has its own stream and checkpoint, fenced by its lease: hubs only conflict when they write to the same conversation, and then the later one
 * runs again.
 */
export const makeLiveCommit = ({ models, capture, acquire }: LiveCommitDeps) => {
  const queues = new Map<string, Queue>();
  let slot: Promise<Lease & { stream: string }> | null = null;

  const takeSlot = async (): Promise<Lease & { stream: string }> => {
    for (let n = 1; n <= MOST_HUBS; n++) {
      const lease = await acquire(`live:${n}`);
      if (lease) return { ...lease, stream: liveStream(n) };
    }
    throw new NotTaken('Too many hubs take chats.', { again: true });
  };

  const letGo = async (): Promise<void> => {
    const lease = await slot?.catch(() => null);
    slot = null;
    for (const queue of queues.values()) queue.checkpoint = null;
    await lease?.release().catch(() => undefined);
  };

  const held = async (): Promise<Lease & { stream: string }> => {
    slot ??= takeSlot();
    const lease = await slot.catch(error => {
      slot = null;
      throw error;
    });
    if (!lease.signal.aborted) return lease;
    await letGo();
    return held();
  };

  const checkpointOf = async (queue: Queue): Promise<CheckpointRef> => {
    if (queue.checkpoint && slot && !(await slot).signal.aborted) return queue.checkpoint;
    const { token, stream } = await held();
    queue.checkpoint = await makeCheckpoints(models, queue.account.id, token, () => undefined).ref(stream);
    return queue.checkpoint;
  };

  /** Commits once. After an error the state of the checkpoint is unknown, so the next commit reads it again. */
  const commitOnce = async (queue: Queue, items: Captured[]): Promise<Prepared[]> => {
    const { account, connector } = queue;
    try {
      const checkpoint = await checkpointOf(queue);
      const batch = { stream: checkpoint.stream, items, failed: [], next: {} };
      const prepared = await capture.prepare(account.id, connector, batch);
      await capture.commit({ account, connector, checkpoint }, prepared);
      return prepared.items;
    } catch (error) {
      queue.checkpoint = null;
      throw error;
    }
  };

  const commit = async (queue: Queue, items: Captured[]): Promise<Prepared[]> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await commitOnce(queue, items);
      } catch (error) {
        if (!(error instanceof LeaseLostError) || attempt >= TRIES) throw error;
        await letGo();
      }
    }
  };

  const storedAs = async (prepared: readonly Prepared[]): Promise<Map<string, MessageDoc>> => {
    const stored = await native(models.messages)
      .find({ _id: { $in: prepared.map(({ id }) => id) } })
      .toArray();
    return new Map(stored.map(message => [message._id, message]));
  };

  const commitGroup = async (queue: Queue, group: readonly Waiting[]): Promise<void> => {
    try {
      const committed = await commit(
        queue,
        group.map(({ item }) => item),
      );
      const stored = await storedAs(committed);
      for (const [index, { done, failed }] of group.entries()) {
        const prepared = committed[index];
        const message = prepared && stored.get(prepared.id);
        if (!message) failed(new NotTaken('It could not be stored.'));
        else if (isSame(message, prepared)) done(message);
        else failed(new NotTaken('Another message has this id already.'));
      }
    } catch (error) {
      for (const { failed } of group) failed(error);
    }
  };

  const drain = async (queue: Queue): Promise<void> => {
    queue.busy = true;
    while (queue.waiting.length > 0) await commitGroup(queue, queue.waiting.splice(0, BATCH));
    queue.busy = false; // set without an await in between: a message that arrived meanwhile would wait for ever
  };

  return {
    /** Resolves with the committed message; for one that was sent again, with the first. Rejects with NotTaken. */
    submit: (account: Account, connector: Connector, item: Captured): Promise<MessageDoc> =>
      new Promise((done, failed) => {
        const queue = queues.get(account.id) ?? { account, connector, waiting: [], busy: false, checkpoint: null };
        queues.set(account.id, queue);
        queue.account = account; // with its present configuration
        if (queue.waiting.length >= MOST_WAITING)
          return failed(new NotTaken('Too many messages wait to be stored.', { again: true }));
        queue.waiting.push({ item, done, failed });
        if (!queue.busy) void drain(queue);
      }),
    stop: letGo,
  };
};

export type LiveCommit = ReturnType<typeof makeLiveCommit>;
