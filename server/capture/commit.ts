import type { ClientSession } from 'mongoose';
import type { Models } from '../../models/index.ts';
import { hashKey } from '../rules/keys.ts';
import { inTransaction } from '../store/transaction.ts';
import { readFacts } from './facts.ts';
import { makePlan, type Plan } from './plan.ts';
import { type CaptureDeps, type Committed, LeaseLostError, type Origin, type PreparedBatch } from './types.ts';

type Collection = Models['interactions']['collection'];

const insert = async (collection: Collection, documents: readonly object[], session: ClientSession): Promise<void> => {
  if (documents.length > 0) await collection.insertMany(documents as never[], { session });
};

const countsOf = (plan: Plan): Committed['counts'] => {
  const counts = { stored: 0, duplicate: 0, quarantined: 0 };
  for (const { outcome } of plan.outcomes) counts[outcome === 'revised' ? 'stored' : outcome]++;
  return counts;
};

/** The first write of a commit: whoever no longer holds the lease, or follows another commit than it thinks, finds nothing here. */
const moveCheckpoint = async (
  models: Models,
  { checkpoint }: Origin,
  { batch }: PreparedBatch,
  counts: Committed['counts'],
  session: ClientSession,
): Promise<void> => {
  const seen = counts.stored + counts.duplicate + counts.quarantined;
  const { matchedCount } = await models.checkpoints.collection.updateOne(
    { _id: checkpoint.id as never, token: checkpoint.token, seq: checkpoint.seq },
    [
      {
        $set: {
          position: { $literal: batch.next },
          seq: { $add: ['$seq', 1] },
          'counts.stored': { $add: ['$counts.stored', counts.stored] },
          'counts.duplicate': { $add: ['$counts.duplicate', counts.duplicate] },
          'counts.quarantined': { $add: ['$counts.quarantined', counts.quarantined] },
          held: { $cond: [{ $eq: ['$held', null] }, null, { $add: ['$held', seen] }] },
          uidValidity: { $literal: batch.uidValidity ?? null },
        },
      },
    ],
    { session },
  );
  if (matchedCount === 0) throw new LeaseLostError(checkpoint.id);
};

const writePeople = async (models: Models, { people }: Plan, now: Date, session: ClientSession): Promise<void> => {
  await insert(models.identifiers.collection, people.identifiers, session);
  await insert(models.contacts.collection, people.created, session);
  const history = people.created.map(({ _id, identifiers }) => ({
    _id: hashKey('history', _id, 'created'),
    of: 'contact',
    id: _id,
    at: now,
    who: 'capture',
    source: 'capture',
    changes: [{ field: 'identifiers', old: null, new: identifiers }],
  }));
  await insert(models.history.collection, history, session);
  if (people.touched.length === 0) return;
  await models.contacts.collection.bulkWrite(
    people.touched.map(({ id, lastEntry }) => ({
      updateOne: {
        filter: { _id: id as never },
        update: { ...(lastEntry ? { $set: { lastEntry } } : {}), $inc: { captures: 1 } },
      },
    })),
    { session, ordered: false },
  );
};

const writeAgain = async (models: Models, account: string, plan: Plan, now: Date, session: ClientSession) => {
  for (const sighting of plan.renewed) {
    await models.sightings.collection.replaceOne({ _id: sighting._id as never }, sighting as never, { session });
  }
  if (plan.shared.length > 0) {
    const add = { $addToSet: { accounts: account as never } };
    await models.interactions.collection.updateMany({ _id: { $in: plan.shared as never[] } }, add, { session });
    await models.timeline.collection.updateMany({ interaction: { $in: plan.shared } }, add, { session });
  }
  for (const { id, prepared } of plan.revisions) {
    const { _id, ...content } = prepared.content;
    const { item, original, parts } = prepared;
    const revision = { at: now, sha256: original?.sha256, blob: original?.blob };
    await models.interactions.collection.updateOne(
      { _id: id as never },
      { $set: { subject: item.subject ?? null, parts }, $push: { revisions: revision as never } },
      { session },
    );
    await models.contents.collection.replaceOne({ _id: _id as never }, content as never, { session });
  }
  for (const [from, into] of plan.joins) {
    const set = { $set: { conversation: into } };
    await models.interactions.collection.updateMany({ conversation: from }, set, { session });
  }
  if (plan.closed.length > 0) {
    const set = { $set: { state: 'captured' } };
    await models.quarantine.collection.updateMany({ _id: { $in: plan.closed as never[] } }, set, { session });
  }
};

const write = async (
  models: Models,
  origin: Origin,
  prepared: PreparedBatch,
  plan: Plan,
  now: Date,
  session: ClientSession,
): Promise<void> => {
  await moveCheckpoint(models, origin, prepared, countsOf(plan), session);
  await insert(models.interactions.collection, plan.interactions, session);
  await insert(models.contents.collection, plan.contents, session);
  await insert(models.sightings.collection, plan.sightings, session);
  await writePeople(models, plan, now, session);
  await insert(models.timeline.collection, plan.entries, session);
  await insert(models.quarantine.collection, plan.quarantine, session);
  await writeAgain(models, origin.account.id, plan, now, session);
  if (prepared.taken)
    await models.inbox.collection.deleteMany({ _id: { $in: prepared.taken as never[] } }, { session });
};

/**
 * Commits one prepared batch in one transaction, exactly once: reads what is known, works out what is new, moves the
 * checkpoint, writes. A conflict runs it again from that read. Throws LeaseLostError when the checkpoint is somebody else's by now.
 */
export const makeCommit =
  ({ models, policies, zone, country }: CaptureDeps) =>
  async (origin: Origin, prepared: PreparedBatch, { tries }: { tries?: number } = {}): Promise<Committed> => {
    const committed = await inTransaction(
      models.connection,
      async session => {
        const facts = await readFacts(models, origin.account.id, country, prepared, session);
        const now = new Date();
        const plan = makePlan({ policies, zone, country }, origin, prepared, facts, now);
        await write(models, origin, prepared, plan, now, session);
        return { counts: countsOf(plan), outcomes: plan.outcomes };
      },
      tries === undefined ? {} : { tries },
    );
    origin.checkpoint.seq += 1;
    origin.checkpoint.position = prepared.batch.next;
    return committed;
  };
