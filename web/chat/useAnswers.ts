import { useQueryClient } from '@tanstack/react-query';
import { type Answer, answer } from '../api/live.ts';
import { t } from '../i18n/index.ts';
import { newId } from '../ui/id.ts';
import { makeKept } from '../ui/kept.ts';
import { addMessage } from './useConversation.ts';

/** An answer that is on its way, or why it is not. */
export interface Pending extends Answer {
  error: string | null;
}

const outbox = makeKept(() => ({ pending: [] as readonly Pending[] }));

/** The answers that are not acknowledged yet; each stays until it is committed or taken back, under one id. */
export const useAnswers = (conversation: string) => {
  const client = useQueryClient();
  const { pending } = outbox.use(conversation);
  const setPending = (change: (all: readonly Pending[]) => readonly Pending[]) =>
    outbox.set(conversation, { pending: change(outbox.get(conversation).pending) });
  const drop = (id: string) => setPending(all => all.filter(one => one.id !== id));
  const fail = (id: string, error: string) =>
    setPending(all => all.map(one => (one.id === id ? { ...one, error } : one)));

  const send = async (message: Answer): Promise<void> => {
    setPending(all => [...all.filter(({ id }) => id !== message.id), { ...message, error: null }]);
    const ack = await answer(message).catch(() => ({ ok: false as const, error: t.chat.away }));
    if (!ack.ok) return fail(message.id, ack.error);
    const { id, kind, text } = message;
    const direction = kind === 'note' ? 'internal' : 'outbound';
    addMessage(client, conversation, {
      ...{ id, seq: ack.seq, at: new Date().toISOString(), direction, kind, text },
      sender: { name: null, contact: null },
      parts: [],
    });
    drop(id);
    // what the hub made of it (its files, our name) comes with the next reading
    if (message.parts.length) void client.invalidateQueries({ queryKey: ['interaction', conversation] });
  };

  return {
    pending,
    drop,
    again: ({ error: _, ...message }: Pending) => void send(message),
    say: (kind: Answer['kind'], text: string, parts: string[] = []) =>
      void send({ id: newId(), conversation, kind, text, parts }),
  };
};
