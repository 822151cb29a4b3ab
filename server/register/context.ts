import type { ClientSession, Model } from 'mongoose';
import type { ContactDoc } from '../../models/contacts.ts';
import type { Models } from '../../models/index.ts';
import type { OrganisationDoc } from '../../models/organisations.ts';
import type { IdentifierValue } from '../../models/types.ts';
import type { AcquireLease } from '../capture/lease.ts';
import type { DataId } from '../data-id.ts';
import type { Policies } from '../rules/retention.ts';
import { hasMet, inTransaction, isConflict } from '../store/transaction.ts';
import type { InTurn } from './turns.ts';

/** What the register needs. `zone`: IANA name of the hub's time zone. `country` (ISO 3166 alpha-2): of phone numbers without a prefix. */
export interface RegisterDeps {
  models: Models;
  zone: string;
  country: string;
  policies: Policies;
  dataId: DataId;
  acquire: AcquireLease;
  /** whether a normalised identifier is one of our own, which no contact may have */
  isOurs?: (identifier: IdentifierValue) => boolean;
  /** takes ids, counts and error codes only */
  log: { info(data: object, message: string): void; warn(data: object, message: string): void };
}

/** One transaction of the register. */
export interface Tx {
  session: ClientSession;
  /** it has queued a job */
  queued: boolean;
  /** new documents, to be written together by `flush`; that must be called before anything that is to find them in the database */
  inserts: Map<Model<never>, object[]>;
  /** organisations read in this transaction, by id and by the key of their name */
  organisations: Map<string, OrganisationDoc>;
  /** ids of organisations that were written because a contact was put into them */
  joined: Set<string>;
  /** identifiers that were read, by key: id of the contact that has them now (null: none) */
  identifiers: Map<string, string | null>;
  /** contacts that were read by external id, in their present state (null: there is none) */
  byExternalId: Map<string, ContactDoc | null>;
}

/** What the parts of the register share. */
export interface RegisterContext extends RegisterDeps {
  /** called after a commit that queued a job */
  kick(): void;
  /** runs transactions that had a conflict one after another */
  inTurn: InTurn;
}

const newTx = (session: ClientSession): Tx => ({
  session,
  queued: false,
  inserts: new Map(),
  organisations: new Map(),
  joined: new Set(),
  identifiers: new Map(),
  byExternalId: new Map(),
});

/** Collects new documents, which are written at the latest before the commit. */
export const insert = <Doc>({ inserts }: Tx, model: Model<Doc>, docs: Doc[]): void => {
  const key = model as unknown as Model<never>;
  if (docs.length) inserts.set(key, [...(inserts.get(key) ?? []), ...(docs as object[])]);
};

/** Writes the collected documents. */
export const flush = async ({ inserts, session }: Tx): Promise<void> => {
  for (const [model, docs] of inserts) await model.insertMany(docs as never[], { session });
  inserts.clear();
};

/** Runs `work` in a transaction at once; after a conflict it runs it again, behind the transactions that had one before. */
const inTurnWhenMet = async <T>(
  { models: { connection }, inTurn }: RegisterContext,
  work: (session: ClientSession) => Promise<T>,
): Promise<T> => {
  try {
    return await inTransaction(connection, work, { tries: 1 });
  } catch (error) {
    if (!isConflict(error)) throw error;
    const again = () => inTransaction(connection, work);
    return hasMet(error) ? inTurn(again, error) : again();
  }
};

/** Runs `work` in a transaction (repeated on conflicts), and starts the jobs when it queued one. */
export const transact = async <T>(context: RegisterContext, work: (tx: Tx) => Promise<T>): Promise<T> => {
  let queued = false;
  const result = await inTurnWhenMet(context, async session => {
    const tx = newTx(session);
    const done = await work(tx);
    await flush(tx);
    queued = tx.queued;
    return done;
  });
  if (queued) context.kick();
  return result;
};
