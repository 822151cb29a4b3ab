import type { JobDoc } from '../../models/jobs.ts';
import { trusted } from '../../models/schema.ts';
import { type RegisterContext, type Tx, transact } from './context.ts';
import { survivingContact } from './external-ids.ts';
import { linkSomeContacts, refreshContact } from './organisation-contacts.ts';
import { entriesAfter, LIMIT, membersOf, queueJob, stampEntries } from './restamp.ts';

/** Work of the register that is too much for one transaction. */
export interface Jobs {
  /** Does all work that is queued and can be done. In the end throws the first error. */
  drain(): Promise<void>;
  /** Does queued work, now and from then on: this process's own at once, that of others within a minute. */
  start(): void;
  /** Stops after the current step. */
  stop(): Promise<void>;
  kick(): void;
}

const POLL = 60_000;

/** Cursor at which a job continues; 'done' ends it. */
type Next = { cursor: unknown } | 'done';

/** Stamps the next LIMIT entries of a contact. `cursor`: the last entry stamped, and which of the contact's merged ids it belongs to. */
const restampStep = async (context: RegisterContext, tx: Tx, job: JobDoc): Promise<Next> => {
  const contact = await survivingContact(context, job.target, tx);
  if (!contact) return 'done';
  if (contact._id !== job.target) {
    await queueJob(context, tx, 'restamp-contact', contact._id, job);
    return 'done';
  }
  const { models } = context;
  await models.contacts.updateOne({ _id: contact._id }, { $inc: { revision: 1 } }, { session: tx.session });
  const at = contact.organisation;
  const organisation = at ? await models.organisations.findById(at, null, { session: tx.session }).lean() : null;
  const cursor = job.cursor as { member: string; after: { at: Date; id: string } | null } | null;
  const members = [...(await membersOf(context, tx, [contact._id])).keys()].sort();
  const member = cursor?.member ?? members[0] ?? contact._id;
  const entries = await entriesAfter(context, tx, member, cursor?.after ?? null);
  await stampEntries(context, tx, entries, () => ({ contact, organisation }));
  const last = entries.at(-1);
  if (last && entries.length === LIMIT) return { cursor: { member, after: { at: last.occurredAt, id: last._id } } };
  const next = members.find(id => id > member);
  return next ? { cursor: { member: next, after: null } } : 'done';
};

const organisationOf = ({ models }: RegisterContext, { session }: Tx, { target }: JobDoc) =>
  models.organisations.findById(target, null, { session }).lean();

/** Refreshes the next contact of an organisation. */
const refreshStep = async (context: RegisterContext, tx: Tx, job: JobDoc): Promise<Next> => {
  const organisation = await organisationOf(context, tx, job);
  const contact = await context.models.contacts
    .findOne({ organisation: job.target, mergedInto: null, _id: trusted({ $gt: (job.cursor as string | null) ?? '' }) })
    .sort({ _id: 1 })
    .session(tx.session)
    .lean();
  if (!organisation || !contact) return 'done';
  await refreshContact(context, tx, contact, organisation, job);
  return { cursor: contact._id };
};

const linkStep = async (context: RegisterContext, tx: Tx, job: JobDoc): Promise<Next> => {
  const organisation = await organisationOf(context, tx, job);
  if (!organisation) return 'done';
  const after = (job.cursor as string | null) ?? '';
  const last = await linkSomeContacts(context, tx, organisation, { after, since: job.since, actor: job });
  return last === null ? 'done' : { cursor: last };
};

const steps: Record<JobDoc['kind'], (context: RegisterContext, tx: Tx, job: JobDoc) => Promise<Next>> = {
  'restamp-contact': restampStep,
  'refresh-organisation': refreshStep,
  'link-organisation': linkStep,
};

/** The job that has waited longest and is due, except those that have failed in this round. */
const nextJob = ({ models }: RegisterContext, failed: ReadonlySet<string>) =>
  models.jobs
    .findOne({ _id: trusted({ $nin: [...failed] }), createdAt: trusted({ $lte: new Date() }) }, { _id: 1 })
    .sort({ createdAt: 1, _id: 1 })
    .lean();

/** Does one step of a job and stores its cursor, in one transaction: after a kill it resumes there. */
const step = (context: RegisterContext, id: string): Promise<void> =>
  transact(context, async tx => {
    const { jobs } = context.models;
    const { session } = tx;
    const job = await jobs.findById(id, null, { session }).lean();
    if (!job) return; // another hub has done it
    const next = await steps[job.kind](context, tx, job);
    if (next === 'done') await jobs.deleteOne({ _id: id }, { session });
    else await jobs.updateOne({ _id: id }, { $set: { cursor: next.cursor } }, { session });
  });

/** Makes `Jobs`. Hubs that work on one job at the same time conflict now and then, which does no harm. */
export const makeJobs = (context: RegisterContext): Jobs => {
  let started = false;
  let stopping = false;
  let again = false;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  /** A job that fails goes to the end of the queue, and is tried again in the next round. */
  const drain = async () => {
    const failed = new Map<string, unknown>();
    while (!stopping) {
      const job = await nextJob(context, new Set(failed.keys()));
      if (!job) break;
      await step(context, job._id).catch(async error => {
        failed.set(job._id, error);
        await context.models.jobs.updateOne({ _id: job._id }, { $set: { createdAt: new Date() } });
      });
    }
    const [fault] = failed.values();
    if (fault) throw fault;
  };
  const round = async () => {
    do {
      again = false;
      await drain().catch(error => context.log.warn({ code: error?.code, name: error?.name }, 'register job failed'));
    } while (again && !stopping);
  };
  const kick = () => {
    if (!started || stopping) return;
    again = running !== null;
    running ??= round().finally(() => {
      running = null;
      clearTimeout(timer);
      if (!stopping) timer = setTimeout(kick, POLL).unref();
    });
  };
  return {
    drain,
    kick,
    start() {
      started = true;
      kick();
    },
    async stop() {
      stopping = true;
      clearTimeout(timer);
      await running;
    },
  };
};
