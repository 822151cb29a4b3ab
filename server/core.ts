import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Config } from '../config/index.ts';
import { makeConnectors } from '../connectors/index.ts';
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
import type { Log } from './logging.ts';
import { startEmbedded } from './mongo/embedded.ts';
import { isAlive, thisProcess } from './mongo/processes.ts';
import { makeRegister } from './register/index.ts';
import { loadPolicies, seedPolicies } from './register/policies.ts';
import { abortTransactionsOf, appNameOf } from './store/abandoned.ts';
import { makeBlobStore } from './store/blobs.ts';
import { connectStore } from './store/connect.ts';

/** MongoDB: the one that was named, else our own on the data folder. */
const openDatabase = async (config: Config, log: Log) => {
  if (config.mongodbUri) return { uri: config.mongodbUri, close: async () => undefined };
  return startEmbedded({
    dataDir: config.dataDir,
    log: { info: (data, message) => log.info(data, message), warn: (data, message) => log.warn(data, message) },
    binary: config.mongodBinary,
    cacheBytes: config.mongodCacheMb && config.mongodCacheMb * 1024 * 1024,
  });
};

const readSecret = (config: Config): Promise<string> | string => config.secret ?? readSecretFile(config.dataDir);

const holderOf = async (): Promise<Holder> => ({ host: hostname(), ...(await thisProcess()) });

/** A holder on another host may always live; one here is asked for by pid and start time. */
const mayBeAlive = async ({ host, ...process }: Holder): Promise<boolean> => host !== hostname() || isAlive(process);

/**
 * What every command works with: the database, access, the register, the connectors and the capture, composed and idle.
 * Nothing runs by itself before it is started. Throws what can be told to whoever started it.
 */
export const openCore = async (config: Config, log: Log) => {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const database = await openDatabase(config, log);
  try {
    const self = await holderOf();
    const store = await connectStore(database.uri, { appName: appNameOf(self) });
    const { models } = store;
    await seedPolicies(models);
    const policies = await loadPolicies(models);
    const sealer = await openSecrets(models, { secret: await readSecret(config), previous: config.previousSecret });
    const { zone, country } = config;
    const access = makeAccess({ models });
    const outgoing = makeOutgoing({ listed: config.outgoingHosts });
    const connectors = makeConnectors(outgoing);
    const ours = makeOurs({ models, ownDomains: config.ownDomains });
    await ours.refresh();
    const register = makeRegister({ models, zone, country, policies, isOurs: ours.has, log });
    const blobs = makeBlobStore(models);
    const capture = makeCapture({ models, blobs, policies, zone, country });
    const open = makeOpenAccount({ connectors, sealer, ours, dataDir: config.dataDir, log });
    const accounts = makeAccounts({ models, connectors, sealer, country, open, onChanged: ours.refresh });
    const acquire = makeLeases({
      models,
      self,
      mayBeAlive,
      clearAfter: holder => abortTransactionsOf(models.connection, holder),
    });
    const pump = makePump({ models, capture });
    const shared = { models, connectors, acquire, log };
    return {
      config,
      log,
      store,
      models,
      policies,
      sealer,
      access,
      outgoing,
      connectors,
      ours,
      accounts,
      register,
      blobs,
      capture,
      open,
      acquire,
      imports: makeImports({ ...shared, pump, open: account => open(account, { use: 'import' }) }),
      inbox: makeInbox({ ...shared, blobs, capture, open: account => open(account, { use: 'import' }) }),
      replay: makeReplay({ ...shared, blobs, capture, open: account => open(account, { use: 'import' }) }),
      puller: makePuller({ ...shared, pump, open: account => open(account, { use: 'pull' }) }),
      close: async () => {
        await store.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
};

export type Core = Awaited<ReturnType<typeof openCore>>;
