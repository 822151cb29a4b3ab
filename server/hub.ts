import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/index.ts';
import type { FirstStart } from './access/first-start.ts';
import { makeApp } from './app.ts';
import { type Core, openCore } from './core.ts';
import type { Database } from './database.ts';
import { makeAddressOf } from './http/address.ts';
import { cutSilentBodies } from './http/bodies.ts';
import { answerUnreadable } from './http/unreadable.ts';
import { clearOldSpool, collectBlobs, sweepFiles } from './jobs/collect.ts';
import { type Job, startJobs } from './jobs/schedule.ts';
import { clearOldUploads } from './jobs/uploads.ts';
import { makeLiveAccounts } from './live/accounts.ts';
import { makeLiveFiles } from './live/files.ts';
import { makeLive } from './live/index.ts';
import type { Log } from './logging.ts';
import { entryView } from './read/entry-view.ts';
import { inTime, isDoneIn } from './store/in-time.ts';
import { makeLink } from './timeline/link.ts';

const HOUR_MS = 3600_000;
/** Longer than proxies keep a connection to us open: one that we close while they send on it is a lost request. */
const KEEP_ALIVE_MS = 75_000;
/** What isn't finished by then, when the hub closes, is left: what was acknowledged is durable, and the rest is asked for again. */
const FINISH_MS = 5000;
/** MongoDB has most likely kept it from finishing: our own mongod, whose journal has all that matters, is then ended after this. */
const HUNG_MONGOD_MS = 3000;
/** Senders give up after 10 to 15 s, and don't see then that it was our fault. */
const ACCEPT_MS = 8000;

/** The built page, beside the compiled program or in a clone's dist/. */
const WEB_ROOT = fileURLToPath(new URL(import.meta.url.includes('/dist/') ? '../web' : '../dist/web', import.meta.url));

export interface HubOptions {
  config: Config;
  log: Log;
  /** MongoDB, where it is being opened already */
  database?: Promise<Database>;
  /** told the first administrator's password when it was made here */
  announce: FirstStart['announce'];
  webRoot?: string;
  /** how long what is under way is waited for when it closes */
  finishMs?: number;
}

export interface Hub {
  /** where a browser is to be sent: the public address when there is one */
  address: string;
  /** where it listens itself */
  listensOn: string;
  core: Core;
  /** Finishes what is under way, or leaves it when that takes too long. */
  close(): Promise<void>;
}

const whyNot = ({ code, message }: NodeJS.ErrnoException, { host, port }: Pick<Config, 'host' | 'port'>): string => {
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is taken. Stop what listens there, or set PORT to another one.`;
  return `HOST ${host} and PORT ${port} can't be listened on: ${message}`;
};

const listen = async (server: Server, { host, port }: Config): Promise<string> => {
  server.listen(port, host);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new Error(whyNot(error, { host, port }), { cause: error });
  });
  const bound = server.address();
  const at = typeof bound === 'object' && bound ? bound.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${at}`;
};

interface Stoppable {
  stop(): Promise<unknown>;
}

/** What runs on a core, until it is stopped; the core stays open. */
interface Started extends Omit<Hub, 'core' | 'close'> {
  /** false when something was left unfinished: it ends once the core is closed */
  stop(): Promise<boolean>;
}

/** The jobs that a hub does every hour. */
const hourly = ({ models, blobs }: Core, dataDir: string): Job[] => [
  { name: 'collect-blobs', everyMs: HOUR_MS, run: () => collectBlobs(models, blobs) },
  { name: 'sweep-files', everyMs: HOUR_MS, run: () => sweepFiles(models, blobs) },
  { name: 'clear-spool', everyMs: HOUR_MS, run: () => clearOldSpool(dataDir) },
  { name: 'clear-uploads', everyMs: HOUR_MS, run: () => clearOldUploads(models, dataDir) },
];

/** The HTTP server with its API, page and sockets; it doesn't listen yet. */
const makeServer = (core: Core, { config, webRoot = WEB_ROOT }: HubOptions) => {
  const { models, disk, inbox, register, policies } = core;
  const liveAccounts = makeLiveAccounts({ ...core, publicUrl: config.publicUrl });
  const liveFiles = makeLiveFiles(core);
  const app = makeApp({
    ...core,
    live: { accounts: liveAccounts, files: liveFiles },
    zone: config.zone,
    country: config.country,
    dataDir: config.dataDir,
    publicUrl: config.publicUrl,
    trustProxy: config.trustProxy,
    webRoot,
    link: makeLink({ models, zone: config.zone, policies }),
    contactImports: register.imports,
    intake: { accept: (account, received) => inTime(inbox.accept(account.id, received), ACCEPT_MS) },
    hasRoom: disk.hasRoom,
    lookAtDisk: disk.look,
  });
  const server = createServer(app);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.requestTimeout = 0; // an upload may take hours; a slow header is still cut off
  const live = makeLive({
    ...core,
    http: server,
    live: liveAccounts,
    files: liveFiles,
    addressOf: makeAddressOf(app),
    hasRoom: disk.hasRoom,
    present: entryView,
  });
  cutSilentBodies(server);
  answerUnreadable(server);
  return { server, live };
};

/** Stops `parts` and closes the server. Answers false when that took longer than `finishMs`: what is unfinished then is left. */
const stopAll = async (server: Server, parts: readonly Stoppable[], finishMs: number, log: Log): Promise<boolean> => {
  const closed = new Promise(resolve => server.close(resolve));
  // what was answered after this began is kept alive; the sockets' server waits for the end of every connection
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => server.closeAllConnections(), finishMs);
  const finished = await isDoneIn(Promise.all(parts.map(part => part.stop())), finishMs);
  // without a reference: the process mustn't wait for this once all is closed
  if (finished) await Promise.race([closed, sleep(3000, undefined, { ref: false })]);
  else
    log.warn({ afterMs: finishMs }, 'something under way did not end in time: it is left, and done by the next start');
  server.closeAllConnections();
  clearInterval(idle);
  clearTimeout(cut);
  return finished;
};

const startOn = async (core: Core, options: HubOptions): Promise<Started> => {
  const { config, log, announce, finishMs = FINISH_MS } = options;
  const { access, acquire, disk, inbox, imports, puller, register } = core;
  await disk.look();
  const { server, live } = makeServer(core, options);
  const address = await listen(server, config).catch(async error => {
    await live.stop().catch(() => undefined); // the server that it closes too doesn't run
    throw error;
  });
  const jobs = startJobs(hourly(core, config.dataDir), { acquire, log });
  const watching = core.ours.watch();
  const parts = [puller, watching, imports, inbox, jobs, register.jobs, register.imports, live];
  const stop = (): Promise<boolean> => stopAll(server, parts, finishMs, log);
  try {
    await access.firstStart({ ...config, announce }); // not before: a start that fails on its port isn't the first
    await Promise.all([imports.start(), register.imports.start()]);
    inbox.start();
    puller.start();
    register.jobs.start();
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
  return { address: config.publicUrl ?? address, listensOn: address, stop };
};

/** Starts a hub: API, page, sockets, pullers and jobs on one database. Throws what can be told to whoever started it. */
export const startHub = async (options: HubOptions): Promise<Hub> => {
  const core = await openCore(options.config, options.log, options.database);
  try {
    const { stop, ...started } = await startOn(core, options);
    const close = async (): Promise<void> => {
      const finished = await stop().catch(fault => core.close().then(() => Promise.reject(fault)));
      await core.close(finished ? {} : { mongodMs: HUNG_MONGOD_MS });
    };
    return { ...started, core, close };
  } catch (error) {
    await core.close().catch(() => undefined);
    throw error;
  }
};
