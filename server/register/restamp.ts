import type { ContactDoc } from '../../models/contacts.ts';
import type { JobDoc } from '../../models/jobs.ts';
import type { OrganisationDoc } from '../../models/organisations.ts';
import { trusted } from '../../models/schema.ts';
import type { TimelineDoc } from '../../models/timeline.ts';
import type { RetentionTag } from '../../models/types.ts';
import { stampRetention } from '../rules/retention.ts';
import type { RegisterContext, Tx } from './context.ts';
import type { Actor } from './types.ts';

/*
 * Why no entry is left with a tag of an older reading. A tag is a function of the contact, its organisation and two moments.
 * - A capture reads both in its transaction and writes the contact (`$inc: {captures: 1}`) in the same one, for every entry.
 * - Whoever changes what a tag depends on writes the contact (`$inc: {revision: 1}`) and stamps its entries in one transaction.
 * Both write one document, so of two that overlap one fails and runs again from its reads: either the capture sees the change,
 * or the change sees (and stamps) the capture's entry.
 * - Beyond LIMIT a job row is written with the change. The contact is written then too, so each capture that commits later has
 *   read the change; what was there before is below the job's cursor only once stamped. A further change resets the cursor in
 *   its own transaction, and writes the row that a step of the job moves: one of the two runs again.
 * - An organisation's change writes all its contacts, or leaves a job that writes them one by one; a capture that
 *   read the organisation before commits before that write (and is stamped by it) or conflicts with it. A contact that comes
 *   to it, also one that is new, writes the organisation in its transaction, so that it can't come on an old reading and be
 *   missed by the list of its contacts.
 * - That a domain is nobody's is no document that could be written: what was read of it meanwhile is mended by a late job.
 */

/** Most entries (or contacts) that one transaction stamps. */
export const LIMIT = 1000;

type Entry = Pick<TimelineDoc, '_id' | 'contact' | 'occurredAt' | 'capturedAt' | 'retention'>;
const projection = { contact: 1, occurredAt: 1, capturedAt: 1, retention: 1 } as const;

type Facts = {
  contact: Pick<ContactDoc, 'provisional' | 'relationship'>;
  organisation: Pick<OrganisationDoc, 'relationship'> | null;
};

/**
 * After this time a transaction that overlapped a change has ended: MongoDB ends one within a minute and a half (transactionLifetimeLimitSeconds and half of
 * it); the rest is for clocks that differ.
 */
const LATE_MS = 3 * 60_000;
const MINUTE = 60_000;

/** Queues a job, in the transaction that makes it necessary. A queued job of that kind and target starts again. */
export const queueJob = async (
  { models }: Pick<RegisterContext, 'models'>,
  tx: Tx,
  kind: JobDoc['kind'],
  target: string,
  { who, source }: Actor,
): Promise<void> => {
  const begin = { kind, target, cursor: null, who, source, createdAt: new Date() };
  await models.jobs.updateOne({ _id: `${kind}:${target}` }, { $set: begin }, { upsert: true, session: tx.session });
  tx.queued = true;
};

/** Queues a job for what transactions write that haven't seen the change: it runs when all of them have ended. Changes within one minute share a job. */
export const queueLateJob = async (
  { models }: Pick<RegisterContext, 'models'>,
  { session }: Tx,
  kind: JobDoc['kind'],
  target: string,
  { who, source }: Actor,
): Promise<void> => {
  const minute = Math.floor(Date.now() / MINUTE);
  const [since, createdAt] = [minute * MINUTE - LATE_MS, (minute + 1) * MINUTE + LATE_MS].map(ms => new Date(ms));
  const begin = { kind, target, cursor: null, who, source, createdAt, since };
  await models.jobs.updateOne({ _id: `${kind}:${target}:${minute}` }, { $set: begin }, { upsert: true, session });
};

/** The contacts and those merged into them, whose entries they show: id → id of the surviving contact. */
export const membersOf = async (
  { models }: Pick<RegisterContext, 'models'>,
  { session }: Tx,
  ids: readonly string[],
): Promise<Map<string, string>> => {
  const merged = await models.contacts
    .find({ mergedInto: trusted({ $in: [...ids] }) }, { mergedInto: 1 }, { session })
    .lean();
  return new Map([
    ...ids.map(id => [id, id] as const),
    ...merged.map(({ _id, mergedInto }) => [_id, mergedInto ?? _id] as const),
  ]);
};

/** Entries of these contacts, unordered. At most LIMIT + 1: so many are too many for one transaction. */
export const someEntries = async (
  { models }: Pick<RegisterContext, 'models'>,
  { session }: Tx,
  contacts: Iterable<string>,
): Promise<Entry[]> =>
  models.timeline
    .find({ contact: trusted({ $in: [...contacts] }) }, projection, { session, limit: LIMIT + 1 })
    .lean<Entry[]>();

const text = (tag: RetentionTag): string => JSON.stringify(Object.entries(tag).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Computes the retention tags of entries, and writes those that have changed: one update for each tag. */
export const stampEntries = async (
  { models, policies, zone }: Pick<RegisterContext, 'models' | 'policies' | 'zone'>,
  { session }: Tx,
  entries: readonly Entry[],
  factsOf: (entry: Entry) => Facts,
): Promise<void> => {
  const groups = new Map<string, { retention: RetentionTag; ids: string[] }>();
  for (const entry of entries) {
    const { occurredAt, capturedAt } = entry;
    const retention = stampRetention(policies, { ...factsOf(entry), occurredAt, capturedAt, zone });
    const key = text(retention);
    if (key === text(entry.retention)) continue;
    const group = groups.get(key) ?? { retention, ids: [] };
    groups.set(key, group);
    group.ids.push(entry._id);
  }
  if (groups.size === 0) return;
  const updates = [...groups.values()].map(({ retention, ids }) => ({
    updateMany: { filter: { _id: trusted({ $in: ids }) }, update: { $set: { retention } } },
  }));
  await models.timeline.bulkWrite(updates, { session });
};

/** Stamps a contact's timeline after a change of the contact (which the caller has written, revision included): up to LIMIT entries at once, more by a job. */
export const restampContact = async (
  context: RegisterContext,
  tx: Tx,
  contact: ContactDoc,
  organisation: OrganisationDoc | null,
  actor: Actor,
): Promise<void> => {
  const family = await membersOf(context, tx, [contact._id]);
  const entries = await someEntries(context, tx, family.keys());
  if (entries.length === 0) return;
  if (entries.length > LIMIT) return queueJob(context, tx, 'restamp-contact', contact._id, actor);
  await stampEntries(context, tx, entries, () => ({ contact, organisation }));
};

/** The next LIMIT entries of one contact id after a place in its timeline, newest first. */
export const entriesAfter = (
  { models }: Pick<RegisterContext, 'models'>,
  { session }: Tx,
  contact: string,
  after: { at: Date; id: string } | null,
): Promise<Entry[]> => {
  const older = after && [
    { occurredAt: trusted({ $lt: after.at }) },
    { occurredAt: after.at, _id: trusted({ $lt: after.id }) },
  ];
  return models.timeline
    .find(older ? { contact, $or: older } : { contact }, projection, { session, limit: LIMIT })
    .sort({ occurredAt: -1, _id: -1 })
    .lean<Entry[]>();
};
