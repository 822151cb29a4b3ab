import { useEffect } from 'react';
import { type Answer, answer, liveState, onLiveState } from '../api/live.ts';
import { queryClient } from '../api/queries.ts';
import type { Message } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { newId } from '../ui/id.ts';
import { makeKept } from '../ui/kept.ts';
import { addMessage } from './useConversation.ts';

/** An answer that is on its way, or why it is not. */
export interface Pending extends Answer {
  error: string | null;
}

/** The answers that are not acknowledged yet; each stays until it is committed or taken back, under one id. */
const outbox = makeKept('answers', () => ({ pending: [] as readonly Pending[] }));

const change = (conversation: string, make: (all: readonly Pending[]) => readonly Pending[]): void =>
  outbox.set(conversation, { pending: make(outbox.get(conversation).pending) });

const drop = ({ conversation, id }: Pick<Answer, 'conversation' | 'id'>): void =>
  change(conversation, all => all.filter(one => one.id !== id));

const fail = ({ conversation, id }: Answer, error: string): void =>
  change(conversation, all => all.map(one => (one.id === id ? { ...one, error } : one)));

const send = async (message: Answer): Promise<void> => {
  const { id, conversation, kind, text, parts } = message;
  change(conversation, all => [...all.filter(one => one.id !== id), { ...message, error: null }]);
  const ack = await answer(message).catch(() => ({ ok: false as const, error: t.chat.away }));
  if (!ack.ok) return fail(message, ack.error);
  const direction = kind === 'note' ? 'internal' : 'outbound';
  addMessage(queryClient, conversation, {
    id,
    seq: ack.seq,
    at: new Date().toISOString(),
    direction,
    kind,
    text,
    sender: { name: null, contact: null },
    parts: [],
  });
  drop(message);
  // what the hub made of it (its files, our name) comes with the next reading
  if (parts.length) void queryClient.invalidateQueries({ queryKey: ['interaction', conversation] });
};

const again = ({ error: _, ...message }: Pending): Promise<void> => send(message);

const opened = (): Promise<void> =>
  new Promise(resolve => {
    if (liveState() === 'live') return resolve();
    const off = onLiveState(() => {
      if (liveState() !== 'live') return;
      off();
      resolve();
    });
  });

/** Sends what was on its way when the page was left, one after the other, each under the id it had. */
export const resume = async (): Promise<void> => {
  const left = outbox.ids().flatMap(conversation => outbox.get(conversation).pending.filter(({ error }) => !error));
  await opened();
  for (const one of left) await again(one);
};

/** `messages`: those that are there. One of them may have been taken though its acknowledgement was lost: then it isn't on its way any more. */
export const useAnswers = (conversation: string, messages: readonly Message[] = []) => {
  const { pending } = outbox.use(conversation);
  const isThere = ({ id }: Pending) => messages.some(message => message.id === id);
  const taken = pending.filter(isThere);
  useEffect(() => {
    for (const one of taken) drop(one);
  });
  return {
    pending: taken.length ? pending.filter(one => !isThere(one)) : pending,
    drop: (id: string) => drop({ conversation, id }),
    again: (one: Pending) => void again(one),
    say: (kind: Answer['kind'], text: string, parts: string[] = []) =>
      void send({ id: newId(), conversation, kind, text, parts }),
  };
};
