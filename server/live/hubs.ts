import { randomUUID } from 'node:crypto';
import type { Models } from '../../models/index.ts';
import type { HubSignal, SignalDoc, TypingSignal } from '../../models/signals.ts';
import { native } from '../store/native.ts';

/** A hub writes its signal this often; one that is silent for three times as long is taken for gone. */
const BEAT_MS = 5000;
const GONE_MS = 3 * BEAT_MS;
/** Changes within this time are written together. */
const GATHER_MS = 50;
/** Typing is reported to other hubs no more often than this. */
const TYPING_MS = 1000;
/** Signals needn't survive a failover. */
const WRITE = { writeConcern: { w: 1 } } as const;

/** Somebody is typing. */
export type Typing = Pick<TypingSignal, 'by' | 'conversation' | 'account' | 'name'>;
type Here = Pick<HubSignal, 'visitors' | 'attends'>;

/** What this hub tells and is told. */
export interface HubsDeps {
  models: Models;
  /** who is connected to this hub */
  here(): Here;
  /** a visitor of another hub came or went */
  onVisitor(conversation: string, account: string): void;
  /** agents of another hub came or went */
  onAgents(): void;
  onTyping(typing: Typing): void;
  log: { warn(data: object, message: string): void };
}

interface Other extends Here {
  /** conversations whose visitors are connected to that hub */
  online: ReadonlySet<string>;
  heard: number;
}

const otherOf = ({ visitors, attends }: Here, heard: number): Other => ({
  visitors,
  attends,
  heard,
  online: new Set(visitors.map(({ conversation }) => conversation)),
});
const NOBODY = otherOf({ visitors: [], attends: [] }, 0);

/**
 * Who is connected to the other hubs on this database, and who types there. Each hub writes that into a document of its own, which the others see through their
 * change stream. Such documents expire after a minute; a hub that hasn't written for 15 s is taken for gone.
 */
export const makeHubs = ({ models, here, onVisitor, onAgents, onTyping, log }: HubsDeps) => {
  const self = randomUUID();
  const others = new Map<string, Other>();
  const told = new Map<string, number>();
  let started: Promise<void> | null = null;
  let stopped = false;
  let beat: ReturnType<typeof setInterval> | null = null;
  let gathering: ReturnType<typeof setTimeout> | null = null;
  let said: Promise<unknown> = Promise.resolve();

  const failed = (error: unknown): void =>
    log.warn({ error: (error as Error).name }, 'other hubs could not be told who is here');

  /** Writes this hub's signal, one write after another, so that the last one has the newest state. */
  const say = (): Promise<unknown> => {
    said = said
      .then(() => {
        const now: Omit<HubSignal, '_id'> = { kind: 'hub', hub: self, at: new Date(), ...here() };
        return native(models.signals).replaceOne({ _id: self }, now, { ...WRITE, upsert: true });
      })
      .catch(failed);
    return said;
  };

  const set = (hub: string, now: Other | null): void => {
    const before = others.get(hub) ?? NOBODY;
    if (now) others.set(hub, now);
    else others.delete(hub);
    const after = now ?? NOBODY;
    for (const { conversation, account } of [...before.visitors, ...after.visitors])
      if (before.online.has(conversation) !== after.online.has(conversation)) onVisitor(conversation, account);
    if (JSON.stringify(before.attends) !== JSON.stringify(after.attends)) onAgents();
  };

  const dropSilent = (): void => {
    const limit = Date.now() - GONE_MS;
    for (const [hub, { heard }] of others) if (heard < limit) set(hub, null);
    for (const [key, at] of told) if (at < limit) told.delete(key);
  };

  const hear = (signal: SignalDoc): void => {
    if (signal.hub === self) return;
    if (signal.kind === 'typing') onTyping(signal);
    else set(signal.hub, otherOf(signal, Date.now()));
  };

  const begin = async (): Promise<void> => {
    const since = new Date(Date.now() - GONE_MS);
    const known = await native(models.signals)
      .find({ kind: 'hub', at: { $gte: since } })
      .toArray();
    for (const signal of known) if (!others.has(signal.hub)) hear(signal);
    if (stopped) return;
    beat = setInterval(() => {
      dropSilent();
      void say();
    }, BEAT_MS);
    beat.unref();
    await say();
  };

  return {
    /** to be called once somebody is connected and the change stream is followed; nothing is written before */
    start: (): Promise<void> => {
      started ??= begin().catch(error => {
        started = null;
        throw error;
      });
      return started;
    },
    hear,
    /** a hub's signal was deleted: it stopped */
    gone: (id: string): void => {
      if (others.has(id)) set(id, null);
    },
    /** somebody came or went on this hub */
    changed: (): void => {
      if (!beat || gathering || stopped) return;
      gathering = setTimeout(() => {
        gathering = null;
        void say();
      }, GATHER_MS);
    },
    /** reports typing to the other hubs, if there are any */
    typing: (typing: Typing): void => {
      const key = `${typing.by} ${typing.conversation}`;
      const now = Date.now();
      if (others.size === 0 || now - (told.get(key) ?? 0) < TYPING_MS) return;
      told.set(key, now);
      const signal: TypingSignal = { _id: randomUUID(), kind: 'typing', hub: self, at: new Date(), ...typing };
      native(models.signals).insertOne(signal, WRITE).catch(failed);
    },
    isOnline: (conversation: string): boolean => [...others.values()].some(({ online }) => online.has(conversation)),
    isAttended: (account: string): boolean =>
      [...others.values()].some(({ attends }) => attends === null || attends.includes(account)),
    stop: async (): Promise<void> => {
      stopped = true;
      if (gathering) clearTimeout(gathering);
      if (!beat) return;
      clearInterval(beat);
      await said;
      await native(models.signals)
        .deleteOne({ _id: self }, WRITE)
        .catch(() => undefined);
    },
  };
};
