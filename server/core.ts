import { readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Config } from '../config/index.ts';
import { makeConnectors } from '../connectors/index.ts';
import type { AccountDoc } from '../models/accounts.ts';
import type { Holder } from '../models/leases.ts';
import { makeAccess } from './access/index.ts';
import { makeOutgoing } from './access/outgoing.ts';
import { readSecretFile } from './access/secret-file.ts';
import { openSecrets } from './access/secrets.ts';
import { makeAccounts } from './accounts/index.ts';
import { makeImports } from './capture/imports.ts';
import { makeInbox } from './capture/inbox.ts';
import { makeLeases } from './capture/lease.ts';
import { makeOpenAccount } from './capture/open-account.ts';
import { makeOurs } from './capture/ours.ts';
import { makePuller } from './capture/puller.ts';
import { makePump } from './capture/pump.ts';
import { makeReplay } from './capture/replay.ts';
import { makeCapture } from './capture/store.ts';
import { makeDataId } from './data-id.ts';
import { type Closing, type Database, openDatabase } from './database.ts';
import { makeDiskWatch } from './jobs/disk.ts';
import type { Log } from './logging.ts';
import { isAlive, thisProcess } from './mongo/processes.ts';
import { makeRegister } from './register/index.ts';
import { loadPolicies, seedPolicies } from './register/policies.ts';
import { abortTransactionsOf, appNameOf } from './store/abandoned.ts';
import { makeBlobStore } from './store/blobs.ts';
import { connectStore } from './store/connect.ts';

const readSecret = (config: Config): Promise<string> | string => config.secret ?? readSecretFile(config.dataDir);

/** Where a pid means the same process: containers may share a host's name, and have pids of their own. */
const hostOf = async (): Promise<string> => {
  const pids = await readlink('/proc/self/ns/pid').catch(() => ''); // Linux has it, and containers
  return pids ? `${hostname()} ${pids}` : hostname();
};

const holderOf = async (): Promise<Holder> => ({ host: await hostOf(), ...(await thisProcess()) });

/** A holder elsewhere may always live; one here is asked for by pid and start time. */
const mayBeAlive = async ({ host, ...process }: Holder): Promise<boolean> =>
  host !== (await hostOf()) || isAlive(process);

const isMongo = (error: unknown): error is Error => error instanceof Error && /^Mongo/.test(error.name);

type Closer = (how: Closing) => Promise<void>;

/** Database, secrets and policies: what everything else stands on. */
const openGround = async (config: Config, log: Log, opening: Promise<Database>, close: Closer[]) => {
  const database = await opening;
  close.unshift(database.close);
  const self = await holderOf();
  const store = await connectStore(database.uri, { appName: appNameOf(self) }).catch(error => {
    if (config.mongodbUri && isMongo(error))
      throw new Error(`MongoDB at MONGODB_URI: ${error.message}`, { cause: error });
    throw error;
  });
  close.unshift(store.close);
  const { models } = store;
  await seedPolicies(models);
  const policies = await loadPolicies(models);
  const sealer = await openSecrets(models, { secret: await readSecret(config), previous: config.previousSecret });
  const blobs = makeBlobStore(models);
  const clearAfter = (holder: Holder) => abortTransactionsOf(models.connection, holder);
  const acquire = makeLeases({ models, self, mayBeAlive, clearAfter });
  const disk = makeDiskWatch(config, log);
  close.unshift(async () => disk.stop());
  return { store, models, policies, sealer, blobs, acquire, disk, dataId: makeDataId(config.dataDir) };
};

type Ground = Awaited<ReturnType<typeof openGround>>;

/** People, accounts and the register: what is known besides what was captured. */
const makeKnown = (config: Config, log: Log, { models, policies, sealer, dataId, acquire }: Ground) => {
  const { zone, country, dataDir } = config;
  const outgoing = makeOutgoing({ listed: config.outgoingHosts });
  const connectors = makeConnectors({ fetchFor: outgoing.fetchFor, country, zone, dataDir });
  const ours = makeOurs({ models, ownDomains: config.ownDomains });
  const access = makeAccess({ models });
  const open = makeOpenAccount({ models, connectors, sealer, ours, dataDir, log });
  return {
    access,
    outgoing,
    connectors,
    ours,
    open,
    register: makeRegister({ models, zone, country, policies, dataId, acquire, isOurs: ours.has, log }),
    accounts: makeAccounts({
      models,
      access,
      connectors,
      sealer,
      country,
      dataDir,
      open,
      log,
      onChanged: ours.refresh,
    }),
  };
};

/** The capture with all its entrances, idle. */
const makeEntrances = (
  config: Config,
  log: Log,
  ground: Ground,
  { connectors, open }: ReturnType<typeof makeKnown>,
) => {
  const { models, blobs, policies, acquire, dataId, disk } = ground;
  const capture = makeCapture({ models, blobs, policies, zone: config.zone, country: config.country });
  const pump = makePump({ models, capture, hasRoom: disk.hasRoom });
  const shared = { models, blobs, connectors, acquire, log, capture, pump, dataId };
  const forFiles = { ...shared, open: (account: AccountDoc) => open(account, { use: 'import' }) };
  return {
    capture,
    imports: makeImports(forFiles),
    inbox: makeInbox(forFiles),
    replay: makeReplay(forFiles),
    puller: makePuller({ ...shared, open: (account: AccountDoc) => open(account, { use: 'pull' }) }),
  };
};

/**
 * What every command works with: the database, access, the register, the connectors and the capture, composed and idle.
 * Nothing runs by itself before it is started; `database` is given by who began to open it before. Throws what can be told to whoever started it.
 */
export const openCore = async (config: Config, log: Log, database = openDatabase(config, log)) => {
  const toClose: Closer[] = [];
  /** Each thing once, in its turn, also when one before it fails: a database that isn't left keeps its mongod. */
  const close = async (how: Closing = {}): Promise<void> => {
    const faults: unknown[] = [];
    for (const one of toClose.splice(0)) await one(how).catch(fault => faults.push(fault));
    if (faults.length > 0) throw faults[0];
  };
  try {
    const ground = await openGround(config, log, database, toClose);
    const known = makeKnown(config, log, ground);
    toClose.unshift(known.outgoing.close);
    await known.ours.refresh();
    return { config, log, ...ground, ...known, ...makeEntrances(config, log, ground, known), close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
};

export type Core = Awaited<ReturnType<typeof openCore>>;
