import type { Captured } from '../../connectors/contract.ts';
import type { InteractionDoc, SaidAt, StoredPart, StoredParticipant } from '../../models/interactions.ts';
import { notAfter, previewOf, storedParticipants } from './documents.ts';
import { identifierTexts } from './participants.ts';
import type { Prepared } from './types.ts';

type Before = Omit<SaidAt, 'last'> & { last: Date | null };

/** When things were said in a chat. Chats stored before `saidAt` was kept get what can be inferred. */
export const saidBefore = ({ saidAt, lastSeq, occurredAt }: InteractionDoc): Before => {
  if (saidAt) return saidAt;
  return lastSeq === undefined
    ? { direction: null, preview: null, said: null, last: null }
    : { direction: occurredAt, preview: null, last: occurredAt };
};

/** Those who are in the chat besides the people of its first message. Who only answers in it later isn't. */
const othersThan = (first: readonly StoredParticipant[], all: readonly StoredParticipant[]): StoredParticipant[] => {
  const known = new Set(first.flatMap(identifierTexts));
  return all.filter(one => one.role !== 'agent' && !identifierTexts(one).some(text => known.has(text)));
};

/** Which way a chat goes and who takes part in it, by the earliest message that somebody wrote; undefined: this isn't it. */
export const openedBy = (
  interaction: InteractionDoc,
  item: Captured,
  at: Date,
): Pick<InteractionDoc, 'direction' | 'participants'> | undefined => {
  const { direction } = saidBefore(interaction);
  if ((item.message?.kind ?? 'message') !== 'message' || (direction && at >= direction)) return undefined;
  const first = storedParticipants(item);
  return { direction: item.direction, participants: [...first, ...othersThan(first, interaction.participants)] };
};

/** What a message says on one line: its words, else what its files are called. */
const wordsOf = (item: Captured, parts: readonly StoredPart[]): string =>
  previewOf(item) || previewOf({ text: parts.map(({ name, type }) => name ?? type).join(', ') });

/** What a chat's entries say by a message, and what is kept of when that was said. */
interface Previewed {
  preview: string;
  at: Pick<SaidAt, 'preview' | 'said'>;
}

/**
 * What a chat's entries say: its latest message that says something, notes left out, and the chat tool's own lines only while nobody said anything;
 * undefined: another one does.
 */
export const previewedBy = (
  { preview: latest, said: told }: Before,
  { item, parts }: Pick<Prepared, 'item' | 'parts'>,
  at: Date,
  now: Date,
): Previewed | undefined => {
  const kind = item.message?.kind ?? 'message';
  const isLine = kind === 'system';
  const isFirst = told === null && !isLine;
  if (kind === 'note' || (isLine && told !== null) || (!isFirst && latest && at < latest)) return undefined;
  const preview = wordsOf(item, parts);
  const said = isLine ? null : { at: notAfter(at, now), direction: item.direction };
  return preview === '' ? undefined : { preview, at: { preview: at, said } };
};
