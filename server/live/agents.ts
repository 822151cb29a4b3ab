import type { Namespace, Socket } from 'socket.io';
import type { ContactDoc } from '../../models/contacts.ts';
import type { Models } from '../../models/index.ts';
import type { InteractionDoc } from '../../models/interactions.ts';
import type { MessageDoc } from '../../models/messages.ts';
import type { TimelineDoc } from '../../models/timeline.ts';
import type { Access } from '../access/index.ts';
import { may } from '../access/may.ts';
import type { Principal } from '../access/principal.ts';
import { itemId, itemOfEntryId } from '../rules/keys.ts';
import { native } from '../store/native.ts';
import type { LiveAccounts } from './accounts.ts';
import { type LiveCommit, NotTaken } from './commit.ts';
import type { LiveFiles } from './files.ts';
import { makeListening } from './listening.ts';
import { acknowledge, readSpoken, saidOf } from './said.ts';
import type { Senders } from './senders.ts';
import { forAgents } from './views.ts';

/** What the agents' side needs. */
export interface AgentsDeps {
  agents: Namespace;
  models: Models;
  access: Access;
  /** an entry as the API shows it */
  present(entry: TimelineDoc): unknown;
  live: LiveAccounts;
  commit: LiveCommit;
  files: LiveFiles;
  senders: Senders;
  hasRoom(): boolean;
  /** starts following commits; resolves when none is missed from then on */
  follow(): Promise<void>;
  isOnline(conversation: string): boolean;
  /** an agent came or went */
  onAgents(): void;
  onTyping(conversation: string, account: string, name: string): void;
  log: { warn(data: object, message: string): void };
}

type AgentSocket = Socket & { data: { principal: Principal } };
type Known = Pick<InteractionDoc, '_id' | 'account' | 'accounts' | 'sourceKey'>;

/** Rights of sockets are checked again after this: another hub may have taken them away. */
const RECHECK_MS = 30_000;
const MOST_REMEMBERED = 5000;

/** The agents' side (`/agent`, DESIGN 10): each socket gets what its principal may see once it is committed, and may answer where the principal may. */
export const makeAgents = (deps: AgentsDeps) => {
  const { agents, models, access, present, live, commit, files, senders, hasRoom, follow, log } = deps;
  const remembered = new Map<string, readonly string[]>();
  const listens = makeListening(access);

  const sockets = (): AgentSocket[] => [...agents.sockets.values()] as AgentSocket[];
  const visible = ({ data: { principal } }: AgentSocket, accounts: readonly string[]): boolean =>
    may(principal, 'timeline:read', { accounts });

  /** The principal of a socket. `isUse`: it counts as use of the session; a page that is only open, or reconnects by itself, isn't one, but an answer is. */
  const principalOf = ({ handshake }: Socket, isUse: boolean): Promise<Principal | null> => {
    const token: unknown = handshake.auth.token;
    const given = { headers: handshake.headers, ...(typeof token === 'string' ? { token } : {}) };
    return access.authenticate(given, { isUse });
  };

  /** The accounts of an interaction, or of a register event; null when there is none. */
  const ownersOf = async (id: string): Promise<readonly string[] | null> => {
    const found = await models.interactions.findById(id, { accounts: 1 }).lean();
    if (found) return found.accounts;
    const event = await models.registerEvents.findById(id, { account: 1 }).lean();
    return event && [event.account];
  };

  /** The accounts of an interaction or event. Only read while somebody who may not see all accounts is connected; else empty. */
  const accountsOf = async (interaction: string): Promise<readonly string[]> => {
    if (sockets().every(({ data }) => data.principal.accounts === null)) return [];
    const known = remembered.get(interaction);
    if (known) return known;
    const found = await ownersOf(interaction).catch(() => null);
    if (!found) return [];
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(interaction, found);
    return found;
  };

  /** The contact to show an entry under: its own, or the one that was merged into. A new entry is never a merged contact's. */
  const survivorOf = async ({ contact }: TimelineDoc, isNew: boolean): Promise<string | null> => {
    if (contact === null || isNew) return contact;
    const found = await native(models.contacts)
      .findOne<Pick<ContactDoc, 'mergedInto'>>({ _id: contact }, { projection: { mergedInto: 1 } })
      .catch(() => null); // then the entry is sent with the contact it has
    return found?.mergedInto ?? contact;
  };

  agents.use(async (socket, next) => {
    try {
      const { origin, host } = socket.handshake.headers;
      const principal = live.isOwn(origin, host) ? await principalOf(socket, false) : null;
      if (!principal || !may(principal, 'timeline:read')) return next(new Error('unauthorized'));
      socket.data.principal = principal;
      await listens(socket, principal);
      await follow();
      next();
    } catch {
      next(new Error('unavailable'));
    }
  });

  /** Checks a socket's rights: its principal now, or null when it may no longer be here and was cut. */
  const stillMay = async (socket: AgentSocket, isUse: boolean): Promise<Principal | null> => {
    const principal = await principalOf(socket, isUse);
    if (principal && may(principal, 'timeline:read')) {
      socket.data.principal = principal;
      return principal;
    }
    socket.disconnect(true);
    return null;
  };

  /** The conversation with this id, if the principal may answer it. Throws NotTaken. */
  const conversationFor = async (principal: Principal, id: unknown): Promise<Known> => {
    const found =
      typeof id === 'string'
        ? await native(models.interactions).findOne<Known>(
            { _id: id },
            { projection: { account: 1, accounts: 1, sourceKey: 1 } },
          )
        : null;
    if (!found || !may(principal, 'conversations:answer', found)) throw new NotTaken('There is no such conversation.');
    return found;
  };

  const say = async (socket: AgentSocket, given: unknown): Promise<number> => {
    const principal = await stillMay(socket, true);
    if (!principal) throw new NotTaken('You may no longer answer here.');
    const spoken = readSpoken(given);
    if (!hasRoom()) throw new NotTaken('Nothing can be taken in now. Send it again later.', { again: true });
    const conversation = await conversationFor(principal, spoken.conversation);
    const found = await live.find(conversation.account);
    if (!found) throw new NotTaken('Nobody can be answered over this channel.');
    const said = saidOf(spoken, conversation._id, files);
    const item = found.connector.live.fromAgent(conversation, principal, said);
    senders.note(itemId(found.account.id, item), socket.id);
    return (await commit.submit(found.account, found.connector, item)).seq;
  };

  const typing = async (socket: AgentSocket, given: unknown): Promise<void> => {
    const { principal } = socket.data;
    const { _id, account } = await conversationFor(
      principal,
      (given as { conversation?: unknown } | null)?.conversation,
    );
    deps.onTyping(_id, account, principal.name);
  };

  /** Answers whether this is a conversation that can be answered live, and whether its visitor is connected. */
  const watch = async (socket: AgentSocket, given: unknown, ack: unknown): Promise<void> => {
    if (typeof ack !== 'function') return;
    const asked = (given as { conversation?: unknown } | null)?.conversation;
    const found = await conversationFor(socket.data.principal, asked).catch(() => null);
    if (!found || !(await live.find(found.account))) return ack({ ok: false });
    ack({ ok: true, online: deps.isOnline(found._id) });
  };

  agents.on('connection', given => {
    const socket = given as AgentSocket;
    deps.onAgents();
    socket.on('disconnect', deps.onAgents);
    socket.on('message', (message: unknown, ack: unknown) => acknowledge(ack, () => say(socket, message), log));
    // losing one of these does no harm
    socket.on('typing', (about: unknown) => void typing(socket, about).catch(() => undefined));
    socket.on('watch', (about: unknown, ack: unknown) => void watch(socket, about, ack).catch(() => undefined));
  });

  /** A socket whose listening can't be logged is cut, so that nothing more is disclosed to it; it connects again by itself. */
  const recheck = async (socket: AgentSocket): Promise<void> => {
    const principal = await stillMay(socket, false);
    if (principal) await listens(socket, principal).catch(() => void socket.disconnect(true));
  };
  const timer = setInterval(() => {
    Promise.all(sockets().map(recheck)).catch(error =>
      log.warn({ error: (error as Error).name }, 'sockets could not be checked'),
    );
  }, RECHECK_MS);

  const cut = (hangsOn: (principal: Principal) => boolean): void => {
    for (const socket of sockets()) if (hangsOn(socket.data.principal)) socket.disconnect(true);
  };
  access.events.on('changed', id => cut(principal => principal.id === id));
  access.events.on('ended', id => cut(principal => principal.session === id));

  const emit = (
    event: string,
    accounts: readonly string[],
    body: object,
    except?: (socket: string) => boolean,
  ): void => {
    for (const socket of sockets()) {
      if (visible(socket, accounts) && !except?.(socket.id)) socket.emit(event, body);
    }
  };

  return {
    entry: async (entry: TimelineDoc, { isNew }: { isNew: boolean }): Promise<void> => {
      const { interaction, accounts } = entry;
      if (interaction !== null && remembered.has(interaction)) remembered.set(interaction, accounts);
      if (agents.sockets.size === 0) return;
      const contact = await survivorOf(entry, isNew);
      emit('entry', accounts, { contact, entry: { ...(present(entry) as object), contact } });
    },
    message: async (message: MessageDoc): Promise<void> => {
      if (agents.sockets.size === 0) return;
      const accounts = await accountsOf(message.interaction);
      emit('message', accounts, forAgents(message), socket => senders.is(message._id, socket));
    },
    /** An entry is gone, of which only the id is known. Agents who may not see all accounts are told when they may see its interaction. */
    gone: async (id: string): Promise<void> => {
      if (agents.sockets.size === 0) return;
      emit('gone', await accountsOf(itemOfEntryId(id)), { id });
    },
    /** a contact has changed; every agent may read every contact, and its id says nothing of the content */
    contact: (id: string): void => void agents.emit('contact', { id }),
    /** the suggestions have changed; each page reads those that its user may see */
    suggestions: (): void => void agents.emit('suggestions'),
    /** the accounts that agents on this hub may see together; null: all */
    attends: (): string[] | null => {
      const seen = sockets().map(({ data: { principal } }) => principal.accounts);
      return seen.includes(null) ? null : [...new Set(seen.flatMap(accounts => [...(accounts ?? [])]))].sort();
    },
    isAttended: (account: string): boolean => sockets().some(socket => visible(socket, [account])),
    presence: (conversation: string, account: string, online: boolean): void =>
      emit('presence', [account], { conversation, online }),
    typing: (conversation: string, account: string, name: string): void =>
      emit('typing', [account], { conversation, from: { role: 'visitor', name } }),
    resync: (): void => void agents.emit('resync'),
    stop: (): void => clearInterval(timer),
  };
};

export type Agents = ReturnType<typeof makeAgents>;
