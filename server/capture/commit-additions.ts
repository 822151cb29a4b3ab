import type { ClientSession } from 'mongoose';
import type { InboxDoc } from '../../models/inbox.ts';
import type { Models } from '../../models/index.ts';
import { hashKey } from '../rules/keys.ts';
import { insert } from '../store/insert.ts';
import { native } from '../store/native.ts';
import { raiseLastEntries } from '../timeline/last-entry.ts';
import { grownEntry } from './documents.ts';
import type { Growth } from './growth.ts';
import { payloadOf } from './inbox-payload.ts';
import type { Plan } from './plan-types.ts';
import type { Prepared } from './types.ts';

const FIRST_WAIT_MS = 1000;
const LONGEST_PAUSE_MS = 15 * 60_000;

/** The longer it waits already, the later it is looked at again; what it waits for wakes it besides. */
const nextLook = (arrivedAt: Date, now: Date): Date =>
  new Date(now.getTime() + Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_WAIT_MS, now.getTime() - arrivedAt.getTime())));

const writeGrowth = async (models: Models, { interaction, preview }: Growth, now: Date, session: ClientSession) => {
  const { _id, status, applied, legs, parts, details, lastSeq, lastVisitorSeq, saidAt } = interaction;
  const { participants, direction, occurredAt } = interaction;
  const grown = { status, applied, legs, parts, details, lastSeq, lastVisitorSeq, saidAt };
  await native(models.interactions).updateOne(
    { _id },
    { $set: { ...grown, participants, direction, occurredAt } },
    { session, ignoreUndefined: true },
  );
  await native(models.timeline).updateMany(
    { interaction: _id },
    { $set: { ...grownEntry(interaction), direction, changedAt: now, ...(preview ? { preview } : {}) } },
    { session },
  );
};

const waitingRow = (account: string, { id, target, item, from: _, ...rest }: Prepared, now: Date): InboxDoc => {
  const { payload, sha256 } = payloadOf({ item, ...rest });
  return {
    _id: hashKey('inbox', id, sha256),
    account,
    key: target,
    arrivedAt: now,
    order: 0,
    payload,
    sha256,
    nextAt: nextLook(now, now),
    waitsFor: target,
    counted: true,
  };
};

const writeWaiting = async (
  models: Models,
  account: string,
  waiting: readonly Prepared[],
  now: Date,
  session: ClientSession,
): Promise<void> => {
  for (const prepared of waiting) {
    const { from } = prepared;
    if (from) {
      const set = { nextAt: nextLook(from.arrivedAt, now), waitsFor: prepared.target };
      await native(models.inbox).updateOne({ _id: from.row }, { $set: set }, { session });
      continue;
    }
    const { _id, ...fresh } = waitingRow(account, prepared, now);
    await native(models.inbox).updateOne(
      { _id },
      { $setOnInsert: fresh },
      { session, upsert: true, ignoreUndefined: true },
    );
  }
};

const writeCompletedMessages = async (models: Models, { completedMessages }: Plan, session: ClientSession) => {
  for (const { id: _id, said, also, revisions } of completedMessages) {
    const noted = revisions.length > 0 ? { $push: { revisions: { $each: revisions } } } : {};
    const change = { $set: said, $addToSet: { also: { $each: also } }, ...noted };
    await native(models.messages).updateOne({ _id }, change, { session });
  }
};

const writeSuggestions = async (models: Models, { suggestions }: Plan, session: ClientSession): Promise<void> => {
  for (const { _id, proven, obstacle, ...rest } of suggestions) {
    // said anew by a signed source, it is tried anew: who it is about may be known by now
    const change = proven
      ? { $set: { proven, obstacle }, $setOnInsert: rest }
      : { $setOnInsert: { ...rest, proven, obstacle } };
    await native(models.suggestions).updateOne({ _id }, change, { session, upsert: true });
  }
};

/**
 * What a commit writes besides interactions and events as they come: what was added to them, messages, what waits for another item, and which
 * identifiers may be one person's. A batch of mail has nothing of it, and writes nothing here.
 */
export const writeAdditions = async (
  models: Models,
  account: string,
  plan: Plan,
  now: Date,
  session: ClientSession,
): Promise<void> => {
  await insert(models.messages.collection, plan.messages, session);
  await writeCompletedMessages(models, plan, session);
  if (plan.goneEntries.length > 0)
    await native(models.timeline).deleteMany({ _id: { $in: plan.goneEntries } }, { session });
  for (const growth of plan.grown) await writeGrowth(models, growth, now, session);
  const retold = plan.grown.flatMap(({ interaction: { _id }, preview }) => (preview ? [_id] : []));
  await raiseLastEntries(models, retold, session);
  await writeSuggestions(models, plan, session);
  await writeWaiting(models, account, plan.waiting, now, session);
};

/** What waited for these interactions is looked at at once. */
export const wakeWaiting = async (
  models: Models,
  ids: readonly string[],
  now: Date,
  session: ClientSession,
): Promise<void> => {
  if (ids.length === 0) return;
  await native(models.inbox).updateMany(
    { waitsFor: { $in: [...ids] } },
    { $set: { nextAt: now }, $unset: { waitsFor: 1 } },
    { session },
  );
};
