import type { IncomingMessage } from 'node:http';
import type { ExtendedError, Namespace, Socket } from 'socket.io';
import { ConnectorError, type Visitor } from '../../connectors/contract.ts';
import type { Models } from '../../models/index.ts';
import type { MessageDoc } from '../../models/messages.ts';
import { isSameIdentifier } from '../rules/identity.ts';
import { itemId } from '../rules/keys.ts';
import type { Policies } from '../rules/retention.ts';
import { native } from '../store/native.ts';
import { every } from '../store/pause.ts';
import { conversationOf, type LiveAccount, type LiveAccounts } from './accounts.ts';
import { type LiveCommit, NotTaken } from './commit.ts';
import type { LiveFiles } from './files.ts';
import { type MOST_VISITORS, makePlaces } from './places.ts';
import { acknowledge, readSpoken, saidOf } from './said.ts';
import type { Senders } from './senders.ts';
import { forVisitor } from './views.ts';

const MOST_IN_FLIGHT = 1000;
/** So many of what was missed are read at a time. */
const MISSED_PAGE = 1000;
/** Who goes on typing is told no more often: anybody may be a visitor, and every agent hears of it. */
const TYPING_MS = 1000;
/** What an account says is remembered: most of it is not asked for again. */
const RECHECK_MS = 1000;

export interface VisitorsDeps {
  visitors: Namespace;
  models: Models;
  live: LiveAccounts;
  commit: LiveCommit;
  files: LiveFiles;
  senders: Senders;
  policies: Policies;
  /** whom a socket is from: of each there may be so many */
  addressOf(request: IncomingMessage): string;
  mostVisitors?: typeof MOST_VISITORS;
  /** false: there is no room to take anything in */
  hasRoom(): boolean;
  /** follows what is committed; resolves when nothing is missed from then on */
  follow(): Promise<void>;
  /** whether an agent is here who sees this account */
  isAttended(account: string): boolean;
  onPresence(conversation: string, account: string): void;
  onTyping(conversation: string, account: string, name: string): void;
  log: { warn(data: object, message: string): void };
}

interface State {
  address: string;
  account: string;
  visitor: Visitor;
  conversation: string;
  /** by the visitor's count: all up to here was sent to this socket, or by it */
  last: number;
  /** what comes while older messages are being sent */
  backlog: MessageDoc[] | null;
  catching: Promise<void> | null;
  inFlight: number;
  typedAt: number;
}

type VisitorSocket = Socket & { data: State };

const originOf = ({ handshake: { headers } }: Socket): [string | undefined, string | undefined] => [
  headers.origin,
  headers.host,
];

/** Visitors' side of live channels (`/visitor`, DESIGN 10). */
export const makeVisitors = (deps: VisitorsDeps) => {
  const { visitors, models, live, commit, files, senders, policies, hasRoom, follow, log } = deps;

  /** The account, if this socket may talk over it now. Throws NotTaken. */
  const admitted = async (socket: Socket, id: unknown): Promise<LiveAccount> => {
    const found = typeof id === 'string' ? await live.find(id) : null;
    if (!found) throw new NotTaken('There is no such chat.');
    if (!live.mayOpen(found, ...originOf(socket))) throw new NotTaken('This origin may not open this chat.');
    if (found.paused) throw new NotTaken('This chat is closed for now.', { again: true });
    return found;
  };

  /** A conversation that the visitor may not go on with is left, and another one is begun. */
  const greet = async (found: LiveAccount, hello: Record<string, unknown>): Promise<Omit<State, 'address'>> => {
    const { account, connector } = found;
    const now = new Date();
    let visitor = connector.live.greet(account, hello, now);
    const doc = await native(models.interactions).findOne(
      { _id: conversationOf(found, visitor) },
      { projection: { details: 1, lastVisitorSeq: 1 } },
    );
    if (doc)
      visitor =
        connector.live.resume(doc.details, visitor, isSameIdentifier) ??
        connector.live.greet(account, { ...hello, session: undefined }, now);
    const { lastSeq } = hello;
    const told = visitor.session === hello.session && Number.isSafeInteger(lastSeq) ? (lastSeq as number) : 0;
    const known = Math.min(told, doc?.lastVisitorSeq ?? 0); // a browser may know more than a database put back from a backup
    const conversation = conversationOf(found, visitor);
    const state = { last: known, backlog: null, catching: null, inFlight: 0, typedAt: 0 };
    return { account: account.id, visitor, conversation, ...state };
  };

  const places = makePlaces({
    here: () => [...visitors.sockets.values()].map(socket => (socket as VisitorSocket).data.address),
    most: deps.mostVisitors,
  });

  /** `data.again`: it may be let in later. */
  const refusalOf = (error: unknown): ExtendedError => {
    const inWords = error instanceof NotTaken || error instanceof ConnectorError;
    const again = error instanceof NotTaken ? error.again : !inWords;
    return Object.assign(new Error(inWords ? error.message : 'unavailable'), again ? { data: { again } } : {});
  };

  visitors.use((socket, next) => {
    const address = deps.addressOf(socket.request);
    const enter = async (): Promise<void> => {
      const hello = socket.handshake.auth as Record<string, unknown>;
      socket.data = { ...(await greet(await admitted(socket, hello.account), hello)), address };
      socket.handshake.auth = {}; // it would be kept as long as the socket is, whatever else was in it
      await follow();
    };
    places.enter(address, enter).then(
      () => next(),
      error => next(refusalOf(error)),
    );
  });

  const send = (socket: VisitorSocket, message: MessageDoc): void => {
    const { data } = socket;
    if (message.visitorSeq === null || message.visitorSeq <= data.last) return;
    data.last = message.visitorSeq;
    if (!senders.is(message._id, socket.id)) socket.emit('message', forVisitor(message, files.link));
  };

  /** What a visitor may see behind a place in the conversation, oldest first. */
  const missedAfter = (interaction: string, seq: number): Promise<MessageDoc[]> =>
    native(models.messages)
      .find({ interaction, seq: { $gt: seq }, visitorSeq: { $ne: null } }, { sort: { seq: 1 }, limit: MISSED_PAGE })
      .toArray();

  const sendMissed = async (socket: VisitorSocket): Promise<void> => {
    const { data } = socket;
    data.backlog = [];
    let place = data.last; // notes count in the conversation only: nothing missed has a smaller number there
    for (let more = true; more && socket.connected; ) {
      const missed = await missedAfter(data.conversation, place);
      for (const message of missed) send(socket, message);
      place = missed.at(-1)?.seq ?? place;
      more = missed.length === MISSED_PAGE;
    }
    const backlog = data.backlog ?? [];
    data.backlog = null;
    for (const message of backlog) send(socket, message);
  };

  /** Sends what was committed behind the last one that this socket knows. A socket that can't be told everything is let go: it comes back. */
  const catchUp = (socket: VisitorSocket): Promise<void> => {
    const { data } = socket;
    data.catching ??= sendMissed(socket)
      .catch(() => void socket.disconnect(true))
      .finally(() => {
        data.catching = null;
      });
    return data.catching;
  };

  const say = async (socket: VisitorSocket, given: unknown): Promise<number> => {
    const { data } = socket;
    const spoken = readSpoken(given);
    if (spoken.conversation && spoken.conversation !== data.conversation)
      throw new NotTaken('This is not your conversation.');
    if (data.inFlight >= MOST_IN_FLIGHT) throw new NotTaken('Too many messages at once.', { again: true });
    if (!hasRoom()) throw new NotTaken('Nothing can be taken in now. Send it again later.', { again: true });
    data.inFlight += 1;
    try {
      const { account, connector } = await admitted(socket, data.account);
      const item = connector.live.fromVisitor(data.visitor, saidOf(spoken, data.conversation, files));
      senders.note(itemId(account.id, item), socket.id);
      const { visitorSeq } = await commit.submit(account, connector, item);
      const seq = visitorSeq ?? 0;
      // what was said in between comes first, so that all up to this number is known there
      while (socket.connected && data.last < seq - 1) await catchUp(socket);
      data.last = Math.max(data.last, seq);
      return seq;
    } finally {
      data.inFlight -= 1;
    }
  };

  const typing = ({ data }: VisitorSocket): void => {
    const now = Date.now();
    if (now - data.typedAt < TYPING_MS) return;
    data.typedAt = now;
    deps.onTyping(data.conversation, data.account, data.visitor.name);
  };

  visitors.on('connection', given => {
    const socket = given as VisitorSocket;
    const { account, visitor, conversation } = socket.data;
    socket.on('message', (message: unknown, ack: unknown) => acknowledge(ack, () => say(socket, message), log));
    socket.on('typing', () => typing(socket));
    socket.on('disconnect', () => {
      socket.conn.close(); // a line without a visitor would be in no place
      deps.onPresence(conversation, account);
    });
    const greeting = async (): Promise<void> => {
      const found = await live.find(account);
      const period = (policy: string) => policies.get(policy)?.period ?? null;
      socket.emit('session', {
        session: visitor.session,
        conversation,
        name: found?.name ?? '',
        ask: found?.connector.live.asks(found.account.config) ?? { name: false, email: false },
        agents: deps.isAttended(account),
        keep: { unknown: period('unknown-sender'), customer: period('customer-relationship') },
      });
      await socket.join(conversation);
      deps.onPresence(conversation, account);
      await catchUp(socket);
    };
    greeting().catch(() => socket.disconnect(true));
  });

  const socketsOf = (conversation: string): VisitorSocket[] =>
    [...(visitors.adapter.rooms.get(conversation) ?? [])].flatMap(id => {
      const socket = visitors.sockets.get(id);
      return socket ? [socket as VisitorSocket] : [];
    });

  /** Lets go of those whose account is gone or paused, or no longer lists their page: they are told why when they come back. */
  const recheck = async (): Promise<void> => {
    for (const socket of visitors.sockets.values()) {
      await admitted(socket, (socket as VisitorSocket).data.account).catch(error => {
        if (error instanceof NotTaken) socket.disconnect(true);
      });
    }
  };
  const stopping = new AbortController();
  // one round after the other: while MongoDB hangs they must not pile up
  void every(RECHECK_MS, stopping.signal, recheck, { atOnce: false, ref: false });

  return {
    /** A message was committed, here or by another hub. */
    deliver: (message: MessageDoc): void => {
      for (const socket of socketsOf(message.interaction)) {
        if (socket.data.backlog) socket.data.backlog.push(message);
        else send(socket, message);
      }
    },
    /** What was committed meanwhile is not known. */
    catchUpAll: (): void => {
      for (const socket of visitors.sockets.values()) void catchUp(socket as VisitorSocket);
    },
    /** Agents came or went. */
    attended: (): void => {
      for (const socket of visitors.sockets.values()) {
        const { account } = (socket as VisitorSocket).data;
        socket.emit('presence', { agents: deps.isAttended(account) });
      }
    },
    /** whose visitors are connected here */
    online: (): { conversation: string; account: string }[] => {
      const states = [...visitors.sockets.values()].map(socket => (socket as VisitorSocket).data);
      return [
        ...new Map(states.map(({ conversation, account }) => [conversation, { conversation, account }])).values(),
      ];
    },
    isOnline: (conversation: string): boolean => (visitors.adapter.rooms.get(conversation)?.size ?? 0) > 0,
    typing: (conversation: string, name: string): void => {
      visitors.to(conversation).emit('typing', { name });
    },
    stop: (): void => stopping.abort(),
  };
};

export type Visitors = ReturnType<typeof makeVisitors>;
