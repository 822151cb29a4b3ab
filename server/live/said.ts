import { z } from 'zod';
import type { Part, Said } from '../../connectors/contract.ts';
import { inTime, OutcomeUnknown } from '../store/in-time.ts';
import { NotTaken } from './commit.ts';
import type { LiveFiles } from './files.ts';

const LONGEST = 20_000;
/** A sender gets an answer after this even when the database hangs. If the message is committed after all, sending it again makes no second one. */
const LONGEST_MS = 5000;
const MOST_PARTS = 10;

/** Replaces unpaired surrogates: they aren't stored unchanged, and what is stored is compared with what was sent. */
const whole = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

const schema = z.object({
  id: z
    .string()
    .min(1)
    .max(200)
    .refine(id => whole(id) === id, 'has half of a surrogate pair'),
  conversation: z.string().min(1).max(200).nullish(),
  kind: z.enum(['message', 'note']).default('message'),
  text: z.string().max(LONGEST).transform(whole).nullish(),
  parts: z.array(z.string().max(2000)).max(MOST_PARTS).nullish(),
});
/** A message as a socket sent it. */
export type Spoken = z.output<typeof schema>;

/** The acknowledgement of a message. `again`: it may succeed when it is sent again. */
export type Ack = { ok: true; seq: number } | { ok: false; error: string; again?: true };

/** Checks what a socket sent as a message. Throws NotTaken, with a message for the sender. */
export const readSpoken = (given: unknown): Spoken => {
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new NotTaken(`The message can't be read: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
  }
  const { text, parts } = parsed.data;
  if (!text?.trim() && !parts?.length) throw new NotTaken('The message is empty.');
  return parsed.data;
};

/** A message in the form that its connector takes. Throws NotTaken when a file isn't of this conversation. */
export const saidOf = ({ id, kind, text, parts }: Spoken, conversation: string, files: LiveFiles): Said => {
  const opened = (parts ?? []).map(word => files.open(conversation, word));
  if (opened.some(part => part === null)) throw new NotTaken('A file of the message was not uploaded for this chat.');
  return { id, kind, text: text ?? '', parts: opened as Part[], at: new Date() };
};

/** Answers the sender with the result of `work` (the message's number); an acknowledged message is committed. Never throws. */
export const acknowledge = async (
  ack: unknown,
  work: () => Promise<number>,
  log: { warn(data: object, message: string): void },
): Promise<void> => {
  const answer = await inTime(work(), LONGEST_MS).then(
    (seq): Ack => ({ ok: true, seq }),
    (error): Ack => {
      if (error instanceof NotTaken)
        return { ok: false, error: error.message, ...(error.again ? { again: true } : {}) };
      if (error instanceof OutcomeUnknown)
        return { ok: false, error: 'It takes too long. Send it again.', again: true };
      log.warn({ error: (error as Error).name }, 'a live message could not be stored');
      return { ok: false, error: 'It can not be stored now. Send it again in a moment.', again: true };
    },
  );
  if (typeof ack === 'function') ack(answer);
};
