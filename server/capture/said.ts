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

/** The participants of the chat who don't take part in its first message. Agents who only answer later are left out. */
const othersThan = (first: readonly StoredParticipant[], all: readonly StoredParticipant[]): StoredParticipant[] => {
  const known = new Set(first.flatMap(identifierTexts));
  return all.filter(one => one.role !== 'agent' && !identifierTexts(one).some(text => known.has(text)));
};

/** Direction and participants of a chat, which the earliest message that somebody wrote gives it; undefined when this isn't that. */
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
 * The preview of a chat's entries, which its latest message gives them: a note never, a line of the chat tool's own only while nobody has said anything.
 * Undefined when this message doesn't.
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
