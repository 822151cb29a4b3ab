import type { io as Io, Socket } from 'socket.io-client';
import { api, endSession, isFault } from './client.ts';
import { topic } from './topic.ts';
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

/** What the hub tells, by the names it has on the wire. */
const told = {
  entry: topic<LiveEntry>(),
  /** an entry is no longer where it was: moved to another contact, or erased */
  gone: topic<{ id: string }>(),
  /** something else of a contact was changed: a name, the relationship, or what follows from it for its entries */
  contact: topic<{ id: string }>(),
  /** whether two addresses are one person's was asked, or decided */
  suggestions: topic(),
  message: topic<LiveMessage>(),
  presence: topic<{ conversation: string; online: boolean }>(),
  typing: topic<{ conversation: string; from: { name: string } }>(),
};
const caughtUp = topic();
const states = topic();
let state: LiveState = 'connecting';
let socket: Socket | undefined;

const setState = (next: LiveState) => {
  state = next;
  states.tell();
};

/** Each entry as it arrives. Returns the way off, as do all of these. */
export const onEntry = told.entry.on;
/** The id of an entry that is no longer where it was. */
export const onGone = (listener: (id: string) => void) => told.gone.on(({ id }) => listener(id));
/** The id of a contact of whom something else was changed. */
export const onContact = (listener: (id: string) => void) => told.contact.on(({ id }) => listener(id));
export const onSuggestions = told.suggestions.on;
/** Each message of a chat that was not sent from here. */
export const onMessage = told.message.on;
/** A chat's visitor came or left. */
export const onPresence = told.presence.on;
export const onTyping = told.typing.on;
/** The line is open, or open again: what came meanwhile has to be asked for. */
export const onCatchUp = caughtUp.on;
export const onLiveState = states.on;
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

/** Whose line it is: `ours` asks who is signed in now, and rejects when that can't be told. */
export type Ours = () => Promise<boolean>;

/** Marks the line as live once it is certain that it is the line of the user who looks at the page: a line that reconnects sends whatever cookie the browser has by then. */
const confirm = async (opened: Socket, ours: Ours): Promise<void> => {
  const { id } = opened;
  const same = () => socket === opened && opened.connected && opened.id === id;
  const sure = await ours().catch(() => undefined);
  if (!same()) return;
  if (sure === undefined) return void setTimeout(() => same() && void confirm(opened, ours), AGAIN_MS);
  if (!sure) return;
  setState('live');
  // the first time too: what was read before the line was open may have changed until now
  caughtUp.tell();
};

/** Opens the line; call once after sign-in. The client is loaded after the page is there. */
export const startLive = async (ours: Ours): Promise<void> => {
  if (socket || opening) return;
  const mine = {};
  opening = mine;
  const io = await client();
  if (opening !== mine) return; // closed meanwhile
  opening = undefined;
  const opened = io('/agent', { transports: ['websocket', 'polling'], reconnectionDelayMax: 5000 });
  socket = opened;
  opened.on('connect', () => void confirm(opened, ours));
  // the hub itself had to start listening anew and may have missed something
  opened.on('resync', () => caughtUp.tell());
  opened.on('disconnect', reason => {
    if (socket === opened) setState('away');
    // The hub cuts the line when access changed; asking again tells whether we may come back.
    if (reason === 'io server disconnect') setTimeout(() => socket === opened && opened.connect(), 1000);
  });
  opened.on('connect_error', ({ message }) => {
    setState('away');
    if (!opened.active) void again(opened, message);
  });
  for (const [name, { tell }] of Object.entries(told)) opened.on(name, tell);
};

const ACK_MS = 10_000;

/** Sends a message; resolves once it is committed, or refused. Rejects when nobody answers: then send it again under the same id. */
export const answer = (message: Answer): Promise<Ack> =>
  socket?.connected && state === 'live'
    ? socket.timeout(ACK_MS).emitWithAck('message', message)
    : Promise.reject(new Error('The line is away.'));

/** Whether a conversation can be answered here, and whether its visitor is there. */
export const watch = async (conversation: string): Promise<{ live: boolean; online: boolean }> => {
  const ack: { ok: boolean; online?: boolean } | undefined = await socket
    ?.timeout(ACK_MS)
    .emitWithAck('watch', { conversation });
  return { live: ack?.ok ?? false, online: ack?.online ?? false };
};

export const tellTyping = (conversation: string): void => {
  if (state === 'live') socket?.volatile.emit('typing', { conversation });
};

/** Closes the line (sign-out). */
export const stopLive = (): void => {
  opening = undefined;
  socket?.close();
  socket = undefined;
  state = 'connecting';
};
