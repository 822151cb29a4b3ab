import { randomUUID } from 'node:crypto';
import type { ClientSession } from 'mongoose';
import type { Models } from '../../../models/index.ts';
import type { IdentifierValue } from '../../../models/types.ts';
import { makeLeases } from '../../../server/capture/lease.ts';
import { isAlive, thisProcess } from '../../../server/mongo/processes.ts';
import type { RegisterDeps } from '../../../server/register/context.ts';
import { makeRegister } from '../../../server/register/index.ts';
import { loadPolicies, seedPolicies } from '../../../server/register/policies.ts';
import { identifierKey } from '../../../server/rules/identity.ts';
import { stampRetention } from '../../../server/rules/retention.ts';
import { connectStore } from '../../../server/store/connect.ts';
import { inTransaction } from '../../../server/store/transaction.ts';
import { freshDb } from '../../support/mongod.ts';

export const zone = 'Europe/Helsinki';
/** Processes that have one data folder. */
export const DATA_ID = 'one-data-folder';
export const actor = { who: 'user-1', source: 'api' };

/** Leases of this process, and of those that tests kill. */
export const leasesOf = async (models: Models) =>
  makeLeases({ models, self: { host: 'test', ...(await thisProcess()) }, mayBeAlive: isAlive });

/** A register on a database of its own, and what capture would do to its timelines. */
export const startRegister = async (over: Partial<RegisterDeps> = {}) => {
  const db = await freshDb();
  const store = await connectStore(db.uri, { dbName: db.name });
  const { models, connection } = store;
  await seedPolicies(models);
  const policies = await loadPolicies(models);
  const log = { info: () => undefined, warn: () => undefined };
  const acquire = await leasesOf(models);
  const deps: RegisterDeps = {
    models,
    dataId: async () => DATA_ID,
    acquire,
    zone,
    country: 'FI',
    policies,
    log,
    ...over,
  };
  const register = makeRegister(deps);

  const provisional = async (identifiers: IdentifierValue[], first: string | null = null): Promise<string> => {
    const at = new Date();
    const contact = {
      _id: randomUUID(),
      name: { first, last: null },
      organisation: null,
      identifiers,
      provisional: true,
      relationship: { startedAt: null, endedAt: null },
      externalId: null,
      mergedInto: null,
      lastEntry: null,
      search: identifiers.map(({ value }) => value),
      revision: 0,
      captures: 0,
      createdAt: at,
      updatedAt: at,
    };
    await inTransaction(connection, async session => {
      await models.contacts.create([contact], { session });
      const rows = identifiers.map(one => ({ _id: identifierKey(one), contact: contact._id }));
      await models.identifiers.insertMany(rows, { session });
    });
    return contact._id;
  };

  /** As capture does it: contact and organisation are read, entries stamped and written, the contact written, in one transaction. */
  const captureIn = async (session: ClientSession, contactId: string, moments: Date[], pause = async () => {}) => {
    const contact = await models.contacts.findById(contactId, null, { session }).lean();
    if (!contact) throw new Error(`no contact ${contactId}`);
    const at = contact.organisation;
    const organisation = at ? await models.organisations.findById(at, null, { session }).lean() : null;
    await pause();
    const capturedAt = new Date();
    const entries = moments.map(occurredAt => ({
      _id: `${randomUUID()}:${contactId}`,
      contact: contactId,
      interaction: randomUUID(),
      event: null,
      accounts: ['a'],
      channel: 'email',
      direction: 'inbound',
      occurredAt,
      capturedAt,
      files: false,
      preview: '',
      retention: stampRetention(policies, { contact, organisation, occurredAt, capturedAt, zone }),
    }));
    await models.timeline.insertMany(entries, { session });
    const newest = moments.reduce((a, b) => (a > b ? a : b));
    const lastEntry = { at: newest, channel: 'email', direction: 'inbound', text: '' };
    await models.contacts.updateOne({ _id: contactId }, { $set: { lastEntry }, $inc: { captures: 1 } }, { session });
    return entries.map(({ _id }) => _id);
  };
  const capture = (contactId: string, moments: Date[], pause?: () => Promise<void>) =>
    inTransaction(connection, session => captureIn(session, contactId, moments, pause), { tries: 12 });

  /** Entries of a contact and of those merged into it whose tag isn't what the rules say now. */
  const wrongTags = async (contactId: string): Promise<string[]> => {
    const contact = await models.contacts.findById(contactId).lean();
    if (!contact) throw new Error(`no contact ${contactId}`);
    const organisation = contact.organisation ? await models.organisations.findById(contact.organisation).lean() : null;
    const merged = await models.contacts.find({ mergedInto: contactId }).lean();
    const wrong: string[] = [];
    for (const id of [contactId, ...merged.map(({ _id }) => _id)])
      for (const { _id, occurredAt, capturedAt, retention } of await models.timeline.find({ contact: id }).lean()) {
        const right = stampRetention(policies, { contact, organisation, occurredAt, capturedAt, zone });
        const sorted = (tag: object) => JSON.stringify(Object.entries(tag).sort());
        if (sorted(right) !== sorted(retention)) wrong.push(_id);
      }
    return wrong;
  };

  const tagsOf = async (contact: string) =>
    (await models.timeline.find({ contact }).sort({ occurredAt: 1 }).lean()).map(({ retention }) => [
      retention.policy,
      retention.triggerAt,
      retention.keepUntil,
    ]);

  const stop = async () => {
    await register.jobs.stop();
    await store.close();
    await db.drop();
  };
  return {
    ...register,
    models,
    connection,
    uri: db.uri,
    deps,
    provisional,
    capture,
    captureIn,
    wrongTags,
    tagsOf,
    stop,
  };
};

export type TestRegister = Awaited<ReturnType<typeof startRegister>>;

/** `count` moments, an hour apart, from this one on. */
export const hours = (from: string, count: number): Date[] =>
  Array.from({ length: count }, (_, i) => new Date(Date.parse(from) + i * 3_600_000));
