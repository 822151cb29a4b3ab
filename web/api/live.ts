import type { io as Io, Socket } from 'socket.io-client';
import { api, endSession, isFault } from './client.ts';
import type { Part, TimelineEntry } from './types.ts';

/** What the hub tells as it happens: an entry came to the timeline of `contact` (null: it is to be sorted out). */
export interface LiveEntry {
  contact: string | null;
  entry: TimelineEntry;
}

/** A message of a chat, as it is told live. */
export interface LiveMessage {
  conversation: string;
  id: string;
  seq: number;
  kind: string;
  direction: string;
  text: string;
  from: { role: string; name: string | null };
  at: string;
  parts: Part[];
}

/** What an agent sends. `id` is ours: the same one again is the same message. */
export interface Answer {
  id: string;
  conversation: string;
  kind: 'message' | 'note';
  text: string;
  parts: string[];
}

export type Ack = { ok: true; seq: number } | { ok: false; error: string };

type LiveState = 'connecting' | 'live' | 'away';

const entryListeners = new Set<(event: LiveEntry) => void>();
const goneListeners = new Set<(id: string) => void>();
const contactListeners = new Set<(id: string) => void>();
const messageListeners = new Set<(message: LiveMessage) => void>();
const presenceListeners = new Set<(event: { conversation: string; online: boolean }) => void>();
const typingListeners = new Set<(event: { conversation: string; from: { name: string } }) => void>();
const catchUpListeners = new Set<() => void>();
const stateListeners = new Set<() => void>();
let state: LiveState = 'connecting';
let socket: Socket | undefined;

const setState = (next: LiveState) => {
  state = next;
  for (const listener of stateListeners) listener();
};

const listen =
  <L>(listeners: Set<L>) =>
  (listener: L): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };

/** Each entry as it arrives. Returns the way off; as do the next seven. */
export const onEntry = listen(entryListeners);
/** The id of an entry that is no longer where it was: moved to another contact, or erased. */
export const onGone = listen(goneListeners);
/** The id of a contact of whom something else was changed: a name, the relationship, or what follows from it for its entries. */
export const onContact = listen(contactListeners);
/** Each message of a chat that was not sent from here. */
export const onMessage = listen(messageListeners);
/** A chat's visitor came or left. */
export const onPresence = listen(presenceListeners);
export const onTyping = listen(typingListeners);
/** The line is open, or open again: what came meanwhile has to be asked for. */
export const onCatchUp = listen(catchUpListeners);
export const onLiveState = listen(stateListeners);
export const liveState = (): LiveState => state;

const AGAIN_MS = 5000;

/** Tries again where the hub itself refused (the client then doesn't by itself); not once the session is over, which `/session` tells. */
const again = async (refused: Socket, why: string): Promise<void> => {
  if (why === 'unauthorized')
    try {
      await api('/session');
    } catch (error) {
      if (isFault(error) && error.status === 401) return endSession();
    }
  setTimeout(() => socket === refused && refused.connect(), AGAIN_MS);
};

/** The client, asked for until it has come: the network may be away just then. */
const client = async (): Promise<typeof Io> => {
  for (;;)
    try {
      return (await import('socket.io-client')).io;
    } catch {
      setState('away');
      await new Promise(resolve => setTimeout(resolve, AGAIN_MS));
    }
};

let opening: object | undefined;

/** Opens the line; call once after sign-in. The client is loaded after the page is there. */
export const startLive = async (): Promise<void> => {
  if (socket || opening) return;
  const mine = {};
  opening = mine;
  const io = await client();
  if (opening !== mine) return; // closed meanwhile
  opening = undefined;
  socket = io('/agent', { transports: ['websocket', 'polling'], reconnectionDelayMax: 5000 });
  socket.on('connect', () => {
    setState('live');
    // the first time too: what was read before the line was open may have changed until now
    for (const listener of catchUpListeners) listener();
  });
  // the hub itself had to start listening anew and may have missed something
  socket.on('resync', () => {
    for (const listener of catchUpListeners) listener();
  });
  socket.on('disconnect', reason => {
    setState('away');
    // The hub cuts the line when access changed; asking again tells whether we may come back.
    if (reason === 'io server disconnect') setTimeout(() => socket?.connect(), 1000);
  });
  const opened = socket;
  socket.on('connect_error', ({ message }) => {
    setState('away');
    if (!opened.active) void again(opened, message);
  });
  socket.on('entry', (event: LiveEntry) => {
    for (const listener of entryListeners) listener(event);
  });
  socket.on('message', (message: LiveMessage) => {
    for (const listener of messageListeners) listener(message);
  });
  socket.on('presence', (event: { conversation: string; online: boolean }) => {
    for (const listener of presenceListeners) listener(event);
  });
  socket.on('typing', (event: { conversation: string; from: { name: string } }) => {
    for (const listener of typingListeners) listener(event);
  });
  socket.on('contact', ({ id }: { id: string }) => {
    for (const listener of contactListeners) listener(id);
  });
  socket.on('gone', ({ id }: { id: string }) => {
    for (const listener of goneListeners) listener(id);
  });
};

const ACK_MS = 10_000;

/** Sends a message; resolves once it is committed, or refused. Rejects when nobody answers: then send it again under the same id. */
export const answer = (message: Answer): Promise<Ack> =>
  socket?.connected
    ? socket.timeout(ACK_MS).emitWithAck('message', message)
    : Promise.reject(new Error('The line is away.'));

/** Whether a conversation can be answered here, and whether its visitor is there. */
export const watch = async (conversation: string): Promise<{ live: boolean; online: boolean }> => {
  const ack: { ok: boolean; online?: boolean } | undefined = await socket
    ?.timeout(ACK_MS)
    .emitWithAck('watch', { conversation });
  return { live: ack?.ok ?? false, online: ack?.online ?? false };
};

export const tellTyping = (conversation: string): void => void socket?.volatile.emit('typing', { conversation });

/** Closes the line (sign-out). */
export const stopLive = (): void => {
  opening = undefined;
  socket?.close();
  socket = undefined;
  state = 'connecting';
};
