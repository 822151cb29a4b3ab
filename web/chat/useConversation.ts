import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import {
  type LiveMessage,
  liveState,
  onCatchUp,
  onLiveState,
  onMessage,
  onPresence,
  onTyping,
  watch,
} from '../api/live.ts';
import { keys } from '../api/queries.ts';
import type { Interaction, Message } from '../api/types.ts';
import { byTime } from './by-time.ts';

/** A visitor who types says so every two seconds. */
const TYPES_MS = 4000;

const asMessage = ({ id, seq, at, direction, kind, from, text, parts }: LiveMessage): Message => ({
  id,
  seq,
  at,
  direction,
  kind,
  text,
  parts,
  sender: { name: from.name, contact: null },
});

const bySeq = (a: Message, b: Message): number => a.seq - b.seq;

/** Puts a message in its place; one that is there already stays. What is said live has the order the hub took it in: our clock may be another. */
export const addMessage = (
  client: QueryClient,
  conversation: string,
  message: Message,
  { live = true }: { live?: boolean } = {},
): void =>
  void client.setQueryData<Interaction>(keys.interaction(conversation), interaction => {
    const messages = interaction?.messages;
    if (!interaction || !messages || messages.some(({ seq }) => seq === message.seq)) return interaction;
    return { ...interaction, messages: [...messages, message].sort(live ? bySeq : byTime) };
  });

export interface Talk {
  /** it can be answered here */
  live: boolean;
  online: boolean;
  /** who is writing just now */
  types: string | null;
}

/** A chat while it is open on the page: its messages as they come, who is there and who writes. */
export const useConversation = (conversation: string): Talk => {
  const client = useQueryClient();
  const [talk, setTalk] = useState<Talk>({ live: false, online: false, types: null });
  useEffect(() => {
    let quiet: ReturnType<typeof setTimeout> | undefined;
    let live = false;
    const change = (patch: Partial<Talk>) => {
      live = patch.live ?? live;
      setTalk(known => ({ ...known, ...patch }));
    };
    const look = () => void watch(conversation).then(change, () => undefined);
    const mine = (id: string) => id === conversation;
    const offs = [
      onMessage(message => {
        if (!mine(message.conversation)) return;
        addMessage(client, conversation, asMessage(message), { live });
        if (message.direction === 'inbound') change({ types: null });
      }),
      onPresence(event => mine(event.conversation) && change({ online: event.online })),
      onTyping(event => {
        if (!mine(event.conversation)) return;
        change({ types: event.from.name });
        clearTimeout(quiet);
        quiet = setTimeout(() => change({ types: null }), TYPES_MS);
      }),
      onCatchUp(() => void client.invalidateQueries({ queryKey: keys.interaction(conversation) })),
      onLiveState(() => liveState() === 'live' && look()),
    ];
    look();
    return () => {
      clearTimeout(quiet);
      for (const off of offs) off();
    };
  }, [client, conversation]);
  return talk;
};
