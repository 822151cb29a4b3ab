import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Server } from 'socket.io';
import type { Models } from '../../models/index.ts';
import type { TimelineDoc } from '../../models/timeline.ts';
import type { Access } from '../access/index.ts';
import type { AcquireLease } from '../capture/lease.ts';
import type { Capture } from '../capture/store.ts';
import type { Policies } from '../rules/retention.ts';
import type { LiveAccounts } from './accounts.ts';
import { makeAgents } from './agents.ts';
import { makeChanges } from './changes.ts';
import { makeLiveCommit } from './commit.ts';
import type { LiveFiles } from './files.ts';
import { makeHubs } from './hubs.ts';
import type { MOST_VISITORS } from './places.ts';
import { makeSenders } from './senders.ts';
import { makeVisitors } from './visitors.ts';

/** What the sockets need. */
export interface LiveDeps {
  http: HttpServer;
  models: Models;
  access: Access;
  capture: Capture;
  acquire: AcquireLease;
  policies: Policies;
  live: LiveAccounts;
  files: LiveFiles;
  /** IP address of a request's sender, by TALTEEN_TRUST_PROXY */
  addressOf(request: IncomingMessage): string;
  mostVisitors?: typeof MOST_VISITORS;
  hasRoom(): boolean;
  /** an entry as the API shows it */
  present(entry: TimelineDoc): unknown;
  log: { warn(data: object, message: string): void };
}

/** Largest packet in bytes: the longest message with all characters escaped, and its files. It is small since anybody may be a visitor. */
const LONGEST_PACKET = 200_000;
/** A connection that hasn't joined a namespace by then is closed. */
const NOBODY_MS = 15_000;

const serverFor = (http: HttpServer, { isOwn, isListed }: LiveAccounts): Server =>
  new Server(http, {
    serveClient: false,
    maxHttpBufferSize: LONGEST_PACKET,
    connectTimeout: NOBODY_MS,
    // any page may read the refusal; no cookies are sent
    cors: { origin: true },
    // other sites' pages open `/visitor` only, and only where an account lists them
    allowRequest: ({ headers: { origin, host } }, done) => {
      const answer = (may: boolean) => done(may ? null : 'This origin may not connect.', may);
      if (isOwn(origin, host)) return answer(true);
      isListed(origin).then(answer, () => answer(false));
    },
  });

/**
 * The live side of the hub (DESIGN 10, sockets): connected agents and visitors get what is committed, by this hub or another, and what they send is committed.
 */
export const makeLive = (deps: LiveDeps) => {
  const { http, models, access, live, files, present, log } = deps;
  const io = serverFor(http, live);
  io.use((_socket, next) => next(new Error('There is nothing here.'))); // without this, sockets in the default namespace would be neither limited nor counted
  const commit = makeLiveCommit(deps);
  const senders = makeSenders();
  const changes = makeChanges({
    models,
    log,
    onEntry: (entry, how) => agents.entry(entry, how),
    onMessage: async message => {
      files.unnamed.named(message.parts);
      visitors.deliver(message);
      await agents.message(message);
    },
    onGone: id => agents.gone(id),
    onContact: id => agents.contact(id),
    onSuggestion: () => agents.suggestions(),
    onSignal: signal => hubs.hear(signal),
    onSilence: id => hubs.gone(id),
    onGap: () => {
      agents.resync();
      visitors.catchUpAll();
      files.unnamed.forget();
    },
  });
  const isOnline = (conversation: string): boolean => visitors.isOnline(conversation) || hubs.isOnline(conversation);
  const tellPresence = (conversation: string, account: string): void =>
    agents.presence(conversation, account, isOnline(conversation));
  const hubs = makeHubs({
    models,
    log,
    here: () => ({ visitors: visitors.online(), attends: agents.attends() }),
    onVisitor: tellPresence,
    onAgents: () => visitors.attended(),
    onTyping: ({ by, conversation, account, name }) => {
      if (by === 'visitor') agents.typing(conversation, account, name);
      else visitors.typing(conversation, name);
    },
  });
  const follow = async (): Promise<void> => {
    await changes.start();
    await hubs.start();
  };
  const shared = { ...deps, commit, senders, follow };
  const agents = makeAgents({
    ...shared,
    access,
    present,
    agents: io.of('/agent'),
    isOnline,
    onAgents: () => {
      visitors.attended();
      hubs.changed();
    },
    onTyping: (conversation, account, name) => {
      visitors.typing(conversation, name);
      hubs.typing({ by: 'agent', conversation, account, name });
    },
  });
  const visitors = makeVisitors({
    ...shared,
    files,
    visitors: io.of('/visitor'),
    isAttended: account => agents.isAttended(account) || hubs.isAttended(account),
    onPresence: (conversation, account) => {
      tellPresence(conversation, account);
      hubs.changed();
    },
    onTyping: (conversation, account, name) => {
      agents.typing(conversation, account, name);
      hubs.typing({ by: 'visitor', conversation, account, name });
    },
  });

  return {
    stop: async (): Promise<void> => {
      agents.stop();
      visitors.stop();
      await hubs.stop();
      await changes.stop();
      await io.close();
      await commit.stop();
    },
  };
};
