import type { ClientSession } from 'mongoose';
import type { Models } from '../../models/index.ts';
import { insert, update } from '../store/insert.ts';
import { native } from '../store/native.ts';
import { inTransaction } from '../store/transaction.ts';
import { wakeWaiting, writeAdditions } from './commit-additions.ts';
import { writeMoved } from './commit-moved.ts';
import { writeRetold } from './commit-retold.ts';
import { writeRevised } from './commit-revised.ts';
import { countryOf } from './country.ts';
import { madeRow, removeEmptied } from './emptied.ts';
import { readFacts } from './facts.ts';
import { writeForms } from './forms.ts';
import { makePlan } from './plan.ts';
import type { Plan } from './plan-types.ts';
import {
  type CaptureDeps,
  type Committed,
  LeaseLostError,
  type Origin,
  PlanError,
  type PreparedBatch,
} from './types.ts';

/** Of a folder that has another UIDVALIDITY than before, nothing is held yet. */
const presentAfter = (uidValidity: string | null, appeared: number) => {
  const before = { $ifNull: ['$present', { $add: ['$counts.stored', '$counts.duplicate'] }] };
  return { $add: [{ $cond: [{ $eq: ['$uidValidity', { $literal: uidValidity }] }, before, 0] }, appeared] };
};

/** The first write of a commit: whoever no longer holds the lease, or follows another commit than it thinks, finds nothing here. */
const moveCheckpoint = async (
  models: Models,
  { checkpoint }: Origin,
  { batch }: PreparedBatch,
  plan: Plan,
  session: ClientSession,
): Promise<void> => {
  const { counts } = plan;
  const uidValidity = batch.uidValidity ?? null;
  const seen = counts.stored + counts.duplicate + counts.quarantined;
  const { matchedCount } = await native(models.checkpoints).updateOne(
    { _id: checkpoint.id, token: checkpoint.token, seq: checkpoint.seq },
    [
      {
        $set: {
          position: { $literal: batch.next },
          seq: { $add: ['$seq', 1] },
          'counts.stored': { $add: ['$counts.stored', counts.stored] },
          'counts.duplicate': { $add: ['$counts.duplicate', counts.duplicate] },
          'counts.quarantined': { $add: ['$counts.quarantined', counts.quarantined] },
          held: { $cond: [{ $eq: ['$held', null] }, null, { $add: ['$held', seen] }] },
          present: presentAfter(uidValidity, plan.appeared),
          uidValidity: { $literal: uidValidity },
        },
      },
    ],
    { session },
  );
  if (matchedCount === 0) throw new LeaseLostError(checkpoint.id);
};

const writePeople = async (
  models: Models,
  { people, lastEntries }: Plan,
  now: Date,
  session: ClientSession,
): Promise<void> => {
  const lastEntryOf = (id: string) => lastEntries.get(id) ?? null;
  const created = people.created.map(contact => ({ ...contact, lastEntry: lastEntryOf(contact._id) }));
  await insert(models.identifiers.collection, people.identifiers, session);
  await insert(models.contacts.collection, created, session);
  const joined = people.joined.map(_id => ({ q: { _id }, u: { $inc: { revision: 1 } } }));
  await update(models.organisations.collection, joined, session);
  const history = people.created.map(({ _id, identifiers }) => ({
    _id: madeRow(_id),
    of: 'contact',
    id: _id,
    at: now,
    who: 'capture',
    source: 'capture',
    changes: [{ field: 'identifiers', old: null, new: identifiers }],
  }));
  await insert(models.history.collection, history, session);
  const touched = people.touched.map(({ _id }) => {
    const lastEntry = lastEntryOf(_id);
    return { q: { _id }, u: { ...(lastEntry ? { $set: { lastEntry } } : {}), $inc: { captures: 1 } } };
  });
  await update(models.contacts.collection, touched, session);
};

const writeAgain = async (models: Models, account: string, plan: Plan, now: Date, session: ClientSession) => {
  for (const { _id, ...sighting } of plan.renewed)
    await native(models.sightings).replaceOne({ _id }, sighting, { session });
  if (plan.shared.length > 0) {
    const add = { $addToSet: { accounts: account } };
    await native(models.interactions).updateMany({ _id: { $in: plan.shared } }, add, { session });
    // told as a change: to whoever sees this account only, it has just come
    const tell = { ...add, $set: { changedAt: now } };
    await native(models.timeline).updateMany({ interaction: { $in: plan.shared } }, tell, { session });
  }
  for (const [_id, { direction, participants, threadKeys }] of plan.completed) {
    const update = { $set: { direction, participants }, $addToSet: { threadKeys: { $each: threadKeys } } };
    await native(models.interactions).updateOne({ _id }, update, { session, ignoreUndefined: true });
  }
  for (const [from, into] of plan.joins) {
    const set = { $set: { conversation: into } };
    await native(models.interactions).updateMany({ conversation: from }, set, { session });
  }
  if (plan.closed.length > 0) {
    const set = { $set: { state: 'captured' } } as const;
    await native(models.quarantine).updateMany({ _id: { $in: plan.closed } }, set, { session });
  }
  for (const { _id, reason } of plan.failedAgain)
    await native(models.quarantine).updateOne({ _id }, { $set: { reason } }, { session });
};

/** What was captured leaves the inbox; what still waits stays. */
const removeTaken = async (
  models: Models,
  { items, failures }: PreparedBatch,
  { waiting }: Plan,
  session: ClientSession,
): Promise<void> => {
  const stays = new Set(waiting.map(({ id }) => id));
  const rows = [...items, ...failures].flatMap(({ id, from }) => (from && !stays.has(id) ? [from.row] : []));
  if (rows.length > 0) await native(models.inbox).deleteMany({ _id: { $in: rows } }, { session });
};

const write = async (
  { models, policies, zone }: Pick<CaptureDeps, 'models' | 'policies' | 'zone'>,
  country: string,
  origin: Origin,
  prepared: PreparedBatch,
  plan: Plan,
  now: Date,
  session: ClientSession,
): Promise<void> => {
  await moveCheckpoint(models, origin, prepared, plan, session);
  await insert(models.interactions.collection, plan.interactions, session);
  await insert(models.registerEvents.collection, plan.events, session);
  await insert(models.contents.collection, plan.contents, session);
  await insert(models.sightings.collection, plan.sightings, session);
  await writePeople(models, plan, now, session);
  await insert(models.timeline.collection, plan.entries, session);
  await insert(models.quarantine.collection, plan.quarantine, session);
  await writeAgain(models, origin.account.id, plan, now, session);
  await writeRevised(models, plan, now, session);
  await writeRetold(models, plan, now, session);
  await writeAdditions(models, origin.account.id, plan, now, session);
  const moved = await writeMoved({ models, policies, zone, country }, plan, now, session);
  await removeEmptied(models, [...plan.retold, ...moved], session);
  await writeForms(models, prepared, plan, now, session);
  if (origin.connector.receive || origin.connector.fold)
    await wakeWaiting(
      models,
      [...plan.interactions.map(({ _id }) => _id), ...prepared.items.flatMap(({ standsFor }) => standsFor ?? [])],
      now,
      session,
    );
  await removeTaken(models, prepared, plan, session);
};

const planned = (work: () => Plan): Plan => {
  try {
    return work();
  } catch (error) {
    throw new PlanError(error);
  }
};

/**
 * Commits one prepared batch in one transaction, exactly once: reads what is known, works out what is new, moves the
 * checkpoint, writes. A conflict runs it again from that read. Throws LeaseLostError when the checkpoint is somebody else's by now.
 */
export const makeCommit =
  ({ models, policies, zone, country: usual }: CaptureDeps) =>
  async (origin: Origin, prepared: PreparedBatch, { tries }: { tries?: number } = {}): Promise<Committed> => {
    const country = countryOf(origin.account, usual);
    const committed = await inTransaction(
      models.connection,
      async session => {
        const facts = await readFacts(models, origin.account.id, country, prepared, session);
        const now = new Date();
        const plan = planned(() => makePlan({ policies, zone, country }, origin, prepared, facts, now));
        await write({ models, policies, zone }, country, origin, prepared, plan, now, session);
        return { counts: plan.counts, outcomes: plan.outcomes };
      },
      tries === undefined ? {} : { tries },
    );
    origin.checkpoint.seq += 1;
    origin.checkpoint.position = prepared.batch.next;
    return committed;
  };
