import type { ClientSession } from 'mongoose';
import type { Models } from '../../models/index.ts';
import type { StoredPart } from '../../models/interactions.ts';
import type { MessageDoc } from '../../models/messages.ts';
import { native } from '../store/native.ts';
import { revisionOf } from './documents.ts';
import type { Growth } from './growth.ts';
import { previewedBy, saidBefore } from './said.ts';
import type { Prepared } from './types.ts';

/** What is known of a message that is there. */
export type KnownMessage = Pick<MessageDoc, '_id' | 'seq' | 'parts' | 'words' | 'also'>;

/** The changes to a message that is stored: its fields, further ids that it is known by from now on, and revisions. Its `original` stays the first one. */
export interface CompletedMessage {
  id: string;
  said: Partial<Pick<MessageDoc, 'text' | 'parts' | 'words'>>;
  also: string[];
  revisions: NonNullable<MessageDoc['revisions']>;
}

/** Messages by all that they are known by. */
export type KnownMessages = Map<string, KnownMessage>;

export const note = (known: KnownMessages, message: KnownMessage): void => {
  for (const id of [message._id, ...(message.also ?? [])]) known.set(id, message);
};

const PROJECTION = { seq: 1, parts: 1, words: 1, also: 1 } as const;

/** Reads the stored messages that these items are, or may be by their `mediaId`. */
export const readMessages = async (
  models: Models,
  items: readonly Prepared[],
  session: ClientSession,
): Promise<KnownMessages> => {
  const messages = items.filter(({ item }) => item.kind === 'message');
  const ids = messages.map(({ id }) => id);
  const also = messages.flatMap(({ id, mediaId }) => (mediaId === undefined ? [] : [id, mediaId]));
  const known: KnownMessages = new Map();
  if (ids.length === 0) return known;
  const filter = [{ _id: { $in: ids } }, ...(also.length > 0 ? [{ also: { $in: also } }] : [])];
  const found = await native(models.messages)
    .find<KnownMessage>({ $or: filter }, { session, projection: PROJECTION })
    .toArray();
  for (const message of found) note(known, message);
  return known;
};

/** The same file: it is called alike, or has the same bytes. */
const isFile = (one: StoredPart, other: StoredPart): boolean =>
  one.blob === other.blob || (one.name !== undefined && one.name === other.name);

const without = (parts: readonly StoredPart[], others: readonly StoredPart[]): StoredPart[] =>
  parts.filter(one => !others.some(other => isFile(one, other)));

type Told = Pick<KnownMessage, 'parts' | 'words'>;

/** Whether a message says nothing that another one doesn't. */
const isIn = (one: Told, other: Told): boolean =>
  without(one.parts, other.parts).length === 0 && (!one.words || one.words === other.words);

/** Which message an item is: one that is there, one that is there with less, or a new one. `also`: what that is known by besides its id. */
export type Recognised =
  | { was: 'all'; message: KnownMessage }
  | { was: 'less'; message: KnownMessage }
  | { was: 'none'; also: string[] };

export const recognise = ({ id, mediaId, item, parts }: Prepared, known: KnownMessages): Recognised => {
  const same = known.get(id);
  if (same) return { was: 'all', message: same };
  if (mediaId === undefined) return { was: 'none', also: [] };
  const message = known.get(mediaId);
  if (!message) return { was: 'none', also: [mediaId] };
  const told = { parts, words: item.media?.words ?? '' };
  if (isIn(told, message)) return { was: 'all', message };
  return isIn(message, told) ? { was: 'less', message } : { was: 'none', also: [] };
};

/** The change that gives a stored message its `mediaId`, when it was captured without one; null when there is nothing to change. */
export const placed = (
  { mediaId, item }: Prepared,
  message: KnownMessage,
  known: KnownMessages,
): CompletedMessage | null => {
  if (mediaId === undefined || message.words !== undefined || known.has(mediaId)) return null;
  const { words = '' } = item.media ?? {};
  note(known, { ...message, words, also: [mediaId] });
  return { id: message._id, said: { words }, also: [mediaId], revisions: [] };
};

/** Adds to a message that is there what it comes with now, files and words; it keeps its place. */
export const completeMessage = (
  growth: Growth,
  prepared: Prepared,
  { message, known, now }: { message: KnownMessage; known: KnownMessages; now: Date },
): void => {
  const { interaction } = growth;
  const { id, item, original } = prepared;
  const last = interaction.parts.length;
  const added = without(prepared.parts, message.parts).map((part, index) => ({ ...part, n: last + 1 + index }));
  const said = { text: item.text ?? '', parts: [...message.parts, ...added], words: item.media?.words ?? '' };
  const also = [...(message.also ?? []), id];
  const revisions = original ? [revisionOf({ original }, now)] : [];
  note(known, { ...message, ...said, also });
  const fresh = growth.messages.find(({ _id }) => _id === message._id);
  if (fresh) Object.assign(fresh, said, { also, revisions: [...(fresh.revisions ?? []), ...revisions] });
  else growth.completed.push({ id: message._id, said, also: [id], revisions });
  growth.interaction = { ...interaction, parts: [...interaction.parts, ...added] };
  const isLast = message.seq === interaction.lastSeq;
  const previewed = isLast ? previewedBy(saidBefore(interaction), prepared, item.occurredAt, now) : undefined;
  if (previewed) growth.preview = previewed.preview;
};
