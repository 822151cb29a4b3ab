import type { Captured } from '../../connectors/contract.ts';
import type { InteractionDoc, SaidAt, StoredParticipant } from '../../models/interactions.ts';
import { previewOf, storedParticipants } from './documents.ts';

type Before = Omit<SaidAt, 'last'> & { last: Date | null };

/** When things were said in a chat. Chats stored before `saidAt` was kept get what can be inferred. */
export const saidBefore = ({ saidAt, lastSeq, occurredAt }: InteractionDoc): Before => {
  if (saidAt) return saidAt;
  return lastSeq === undefined
    ? { direction: null, preview: null, last: null }
    : { direction: occurredAt, preview: null, last: occurredAt };
};

const addresses = ({ identifier, also = [] }: StoredParticipant): string[] =>
  [identifier, ...also].map(({ type, value }) => `${type}:${value}`);

/** Those who are in the chat besides the people of its first message. Who only answers in it later isn't. */
const othersThan = (first: readonly StoredParticipant[], all: readonly StoredParticipant[]): StoredParticipant[] => {
  const known = new Set(first.flatMap(addresses));
  return all.filter(one => one.role !== 'agent' && !addresses(one).some(address => known.has(address)));
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

/** What a chat's entries say: its latest message that says something, notes left out; undefined: another one does. */
export const previewedBy = ({ preview }: Before, item: Captured, at: Date): string | undefined =>
  item.message?.kind === 'note' || (preview && at < preview) ? undefined : previewOf(item) || undefined;
