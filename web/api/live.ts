import type { Socket } from 'socket.io-client';
import type { TimelineEntry } from './types.ts';

/** What the hub tells as it happens: an entry came to the timeline of `contact` (null: it is to be sorted out). */
export interface LiveEntry {
  contact: string | null;
  entry: TimelineEntry;
}

type LiveState = 'connecting' | 'live' | 'away';

const entryListeners = new Set<(event: LiveEntry) => void>();
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

/** Each entry as it arrives. Returns the way off; as do the next two. */
export const onEntry = listen(entryListeners);
/** The line was away and is back: what came meanwhile has to be asked for. */
export const onCatchUp = listen(catchUpListeners);
export const onLiveState = listen(stateListeners);
export const liveState = (): LiveState => state;

const idOf = (contact: unknown): string | null =>
  typeof contact === 'string' ? contact : ((contact as { id?: string } | null)?.id ?? null);

/** Opens the line; call once after sign-in. The client is loaded after the page is there. */
export const startLive = async (): Promise<void> => {
  if (socket) return;
  const { io } = await import('socket.io-client');
  if (socket) return;
  socket = io('/agent', { transports: ['websocket', 'polling'], reconnectionDelayMax: 5000 });
  let before = false;
  socket.on('connect', () => {
    setState('live');
    if (before) for (const listener of catchUpListeners) listener();
    before = true;
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
  socket.on('connect_error', () => setState('away'));
  socket.on('entry', (event: { contact: unknown; entry: TimelineEntry }) => {
    const entry = { contact: idOf(event.contact), entry: event.entry };
    for (const listener of entryListeners) listener(entry);
  });
};

/** Closes the line (sign-out). */
export const stopLive = (): void => {
  socket?.close();
  socket = undefined;
  state = 'connecting';
};
