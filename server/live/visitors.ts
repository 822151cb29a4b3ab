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
/** Missed messages that are read at once. */
const MISSED_PAGE = 1000;
/** Typing is reported no more often than this: anybody may be a visitor, and every agent gets it. */
const TYPING_MS = 1000;
/** Sockets are checked against their account this often; accounts are cached, so this is cheap. */
const RECHECK_MS = 1000;

/** What the visitors' side needs. */
export interface VisitorsDeps {
  visitors: Namespace;
  models: Models;
  live: LiveAccounts;
  commit: LiveCommit;
  files: LiveFiles;
  senders: Senders;
  policies: Policies;
  /** IP address of a socket, by which visitors are limited */
  addressOf(request: IncomingMessage): string;
  mostVisitors?: typeof MOST_VISITORS;
  /** false: too little disk is free to accept anything */
  hasRoom(): boolean;
  /** starts following commits; resolves when none is missed from then on */
  follow(): Promise<void>;
  /** whether an agent is connected who may see this account */
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
  /** visitor's number of the last message: all up to it were sent to or by this socket */
  last: number;
  /** messages that arrive while older ones are being sent; null: none are being sent */
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

/** The visitors' side of live channels (`/visitor`, DESIGN 10). */
export const makeVisitors = (deps: VisitorsDeps) => {
  const { visitors, models, live, commit, files, senders, policies, hasRoom, follow, log } = deps;

  /** The account, if this socket may use its channel now. Throws NotTaken. */
  const admitted = async (socket: Socket, id: unknown): Promise<LiveAccount> => {
    const found = typeof id === 'string' ? await live.find(id) : null;
    if (!found) throw new NotTaken('There is no such chat.');
    if (!live.mayOpen(found, ...originOf(socket))) throw new NotTaken('This origin may not open this chat.');
    if (found.paused) throw new NotTaken('This chat is closed for now.', { again: true });
    return found;
  };

  /** The state of a new socket. When the visitor may not resume the conversation of their session, another one is begun. */
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
    const known = Math.min(told, doc?.lastVisitorSeq ?? 0); // a browser may know more than a database that was restored from a backup
    const conversation = conversationOf(found, visitor);
    const state = { last: known, backlog: null, catching: null, inFlight: 0, typedAt: 0 };
    return { account: account.id, visitor, conversation, ...state };
  };

  const places = makePlaces({
    here: () => [...visitors.sockets.values()].map(socket => (socket as VisitorSocket).data.address),
    most: deps.mostVisitors,
  });

  /** The error for a refused connection. `data.again`: the visitor may be let in later. */
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
      socket.handshake.auth = {}; // else it would be kept for as long as the socket, with whatever was in it
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

  /** The messages that a visitor may see after `seq`, oldest first. */
  const missedAfter = (interaction: string, seq: number): Promise<MessageDoc[]> =>
    native(models.messages)
      .find({ interaction, seq: { $gt: seq }, visitorSeq: { $ne: null } }, { sort: { seq: 1 }, limit: MISSED_PAGE })
      .toArray();

  const sendMissed = async (socket: VisitorSocket): Promise<void> => {
    const { data } = socket;
    data.backlog = [];
    let place = data.last; // notes are counted in `seq` only, so no missed message has a smaller one
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

  /** Sends the messages after the last one that this socket knows. A socket to which that fails is cut; it reconnects. */
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
      // earlier messages are sent first, so that the socket knows all up to this number
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
      socket.conn.close(); // a connection that stays open without a visitor wouldn't count in `places`
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

  /** Cuts sockets whose account is gone or paused, or no longer lists their page: when they reconnect they are told why. */
  const recheck = async (): Promise<void> => {
    for (const socket of visitors.sockets.values()) {
      await admitted(socket, (socket as VisitorSocket).data.account).catch(error => {
        if (error instanceof NotTaken) socket.disconnect(true);
      });
    }
  };
  const stopping = new AbortController();
  // one round after another, since rounds must not pile up while MongoDB hangs
  void every(RECHECK_MS, stopping.signal, recheck, { atOnce: false, ref: false });

  return {
    /** A message was committed, by this hub or another. */
    deliver: (message: MessageDoc): void => {
      for (const socket of socketsOf(message.interaction)) {
        if (socket.data.backlog) socket.data.backlog.push(message);
        else send(socket, message);
      }
    },
    /** Commits may have been missed. */
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
    /** conversations whose visitors are connected to this hub */
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
