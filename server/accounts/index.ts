import type { ClientSession } from 'mongoose';
import type { Connector, Account as Opened, Rung } from '../../connectors/contract.ts';
import type { AccountDoc, AccountState } from '../../models/accounts.ts';
import type { CheckpointDoc } from '../../models/checkpoints.ts';
import type { Models } from '../../models/index.ts';
import { trusted } from '../../models/schema.ts';
import { AccessConflict } from '../access/errors.ts';
import type { Access } from '../access/index.ts';
import type { Sealer } from '../access/secrets.ts';
import type { Account } from '../http/dto/accounts.ts';
import { newId } from '../store/ids.ts';
import { inTransaction } from '../store/transaction.ts';
import { makeConfigs, type Setter } from './config.ts';
import { heldUpOf } from './held-up.ts';
import { makeRecentAccounts } from './recent.ts';
import type { Config } from './secrets.ts';
import { accountView } from './view.ts';

export interface AccountsDeps {
  models: Models;
  access: Pick<Access, 'tokens' | 'events'>;
  connectors: ReadonlyMap<string, Connector>;
  sealer: Sealer;
  country: string;
  /** the hub's own folder */
  dataDir: string;
  /** the account as its connector sees it */
  open(account: AccountDoc, options: { use: 'pull' | 'import' }): Promise<Opened>;
  /** something that pulls or that is ours may be another from now on */
  onChanged(): Promise<void> | void;
  log: { warn(data: object, message: string): void };
}

export interface NewAccount {
  connector: string;
  name: string;
  config: Config;
  state: Exclude<AccountState, 'parked'>;
}

export interface AccountChanges {
  name?: string | undefined;
  config?: Config | undefined;
  state?: Exclude<AccountState, 'parked'> | undefined;
}

const keyOf = (name: string): string => `account:${name.normalize('NFC').toLowerCase()}`;

/** The configured sources. Their secrets are sealed before they are stored and come out for their connector only. */
export const makeAccounts = (deps: AccountsDeps) => {
  const { models, access, connectors, sealer, country, dataDir, open, log } = deps;
  const { accounts, keys, checkpoints } = models;
  let changes = 0;
  /** It is committed by then: whoever can't be told now looks for itself within seconds. */
  const onChanged = async (): Promise<void> => {
    changes += 1;
    try {
      await deps.onChanged();
    } catch (error) {
      log.warn({ error: (error as Error).name }, 'what changed in the accounts could not be told');
    }
  };

  const configs = makeConfigs({ connectors, sealer, country, dataDir });

  const claimName = async (name: string, owner: string, session: ClientSession): Promise<void> => {
    const taken = await keys.findById(keyOf(name)).session(session).lean();
    if (taken && taken.owner !== owner) throw new AccessConflict('/name', 'another account has this name');
    if (!taken) await keys.create([{ _id: keyOf(name), owner }], { session });
  };

  const insert = (doc: AccountDoc): Promise<AccountDoc> =>
    inTransaction(models.connection, async session => {
      await claimName(doc.name, doc._id, session);
      await accounts.create([doc], { session });
      return doc;
    });

  const blank = (connector: string, name: string): AccountDoc => ({
    _id: newId(),
    connector,
    name,
    config: {},
    sealed: null,
    addresses: [],
    state: 'paused',
    lastError: null,
    lagSeconds: null,
    revision: 0,
    createdAt: new Date(),
    deletedAt: null,
  });

  /** Throws FieldErrors (pointers into the body), AccessConflict for a name that is taken. */
  const create = async ({ connector: id, name, config, state }: NewAccount): Promise<AccountDoc> => {
    const connector = configs.connectorOf(id);
    const doc = blank(id, name);
    const whole = await configs.fresh(connector, config);
    const saved = await insert({ ...doc, state, ...configs.sealed(doc._id, connector, whole) });
    await onChanged();
    return saved;
  };

  const changesOf = async (
    doc: AccountDoc,
    { name, config, state }: AccountChanges,
    who: Setter,
  ): Promise<Partial<AccountDoc>> => {
    const restarts = config !== undefined || state !== undefined;
    // whoever mends the config of a parked account means it to go on
    const next = state ?? (config !== undefined && doc.state === 'parked' ? 'running' : doc.state);
    return {
      ...(name === undefined ? {} : { name }),
      ...(config === undefined
        ? {}
        : configs.sealed(doc._id, configs.connectorOf(doc.connector), await configs.changed(doc, config, who))),
      ...(restarts ? { state: next, lastError: null, revision: doc.revision + 1 } : {}),
    };
  };

  const find = (id: string): Promise<AccountDoc | null> =>
    accounts.findOne({ _id: id, deletedAt: null }).lean<AccountDoc>();

  /** Null when there is none. A changed config or state starts its puller again. Throws as `create`. */
  const change = async (id: string, changes: AccountChanges, who: Setter): Promise<AccountDoc | null> => {
    const changed = await inTransaction(models.connection, async session => {
      const doc = await accounts.findOne({ _id: id, deletedAt: null }).session(session).lean<AccountDoc>();
      if (!doc) return null;
      const set = await changesOf(doc, changes, who);
      if (set.name !== undefined && keyOf(set.name) !== keyOf(doc.name)) {
        await claimName(set.name, id, session);
        await keys.deleteOne({ _id: keyOf(doc.name) }, { session });
      }
      if (Object.keys(set).length > 0) await accounts.updateOne({ _id: id }, { $set: set }, { session });
      return { ...doc, ...set };
    });
    if (changed) await onChanged();
    return changed;
  };

  /** Its interactions stay; its secrets and its tokens don't. */
  const remove = async (id: string): Promise<boolean> => {
    const removed = await inTransaction(models.connection, async session => {
      const doc = await accounts.findOne({ _id: id, deletedAt: null }).session(session).lean<AccountDoc>();
      if (!doc) return null;
      const set = { deletedAt: new Date(), state: 'paused', sealed: null, lagSeconds: null, lastError: null };
      await accounts.updateOne({ _id: id }, { $set: set, $inc: { revision: 1 } }, { session });
      await keys.deleteOne({ _id: keyOf(doc.name) }, { session });
      return access.tokens.removeOf(id, session);
    });
    for (const token of removed ?? []) access.events.emit('changed', token);
    if (removed) await onChanged();
    return removed !== null;
  };

  const byName = async (name: string): Promise<AccountDoc | null> => {
    const key = await keys.findById(keyOf(name)).lean();
    return key && find(key.owner);
  };

  /** The account that files are imported into: made when it isn't there, never pulled, its config empty. */
  const ensureForImports = async (name: string, connector = 'email'): Promise<AccountDoc> => {
    const there = await byName(name);
    if (there) return there;
    return insert(blank(configs.connectorOf(connector).id, name)).catch(async error => {
      const other = await byName(name); // somebody else made it meanwhile
      if (other) return other;
      throw error;
    });
  };

  const views = async (docs: readonly AccountDoc[], publicUrl: string): Promise<Account[]> => {
    const rows = await checkpoints
      .find({ account: trusted({ $in: docs.map(({ _id }) => _id) }) })
      .lean<CheckpointDoc[]>();
    const heldUp = await heldUpOf(models);
    return docs.map(doc =>
      accountView(doc, {
        secrets: Object.keys(configs.secretsOf(doc)),
        checkpoints: rows.filter(({ account }) => account === doc._id),
        connector: connectors.get(doc.connector),
        publicUrl,
        heldUp: heldUp.get(doc._id),
      }),
    );
  };

  /** The rungs of "test connection", as they are known. Throws FieldErrors when the config can't even be tried. */
  const test = async (doc: AccountDoc, changes: Config | undefined, who: Setter): Promise<AsyncIterable<Rung>> => {
    const connector = configs.connectorOf(doc.connector);
    const config = await configs.changed(doc, changes ?? {}, who);
    return (async function* () {
      const opened = await open({ ...doc, config, sealed: null }, { use: 'pull' });
      if (connector.test) yield* connector.test(opened);
      else yield { name: 'settings', ok: true, detail: 'The settings are complete; there is nothing to connect to.' };
    })();
  };

  return {
    create,
    change,
    remove,
    find,
    /** For whoever posts: as it was within the last second. Null when there is none. */
    recent: makeRecentAccounts({ find, open, changes: () => changes }),
    /** Counts what this hub changed: what was read before is old when it is another number. */
    changes: () => changes,
    byName,
    ensureForImports,
    views,
    test,
    /** A test of an account that isn't there yet. */
    testNew: (connector: string, config: Config, who: Setter) =>
      test({ ...blank(configs.connectorOf(connector).id, 'test'), _id: 'test' }, config, who),
    list: () => accounts.find({ deletedAt: null }).sort({ createdAt: 1, _id: 1 }).lean<AccountDoc[]>(),
  };
};

export type Accounts = ReturnType<typeof makeAccounts>;
