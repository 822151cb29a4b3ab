import type { Models } from '../../models/index.ts';
import type { StoredPart } from '../../models/interactions.ts';
import type { MessageDoc } from '../../models/messages.ts';
import type { Message, Part } from '../http/dto/interactions.ts';
import { native } from '../store/native.ts';
import { BadCursor, cutPage, decodeCursor, encodeCursor } from './cursor.ts';
import { resolveParticipants } from './participants.ts';

/** Number of messages of a chat that are answered with its interaction. */
export const LAST_MESSAGES = 200;

interface Reading {
  models: Models;
  country: string;
}

/** Parts as the API shows them. */
export const partViews = (parts: readonly StoredPart[]): Part[] =>
  parts.map(({ n, name, type, size, inline, cid }) => ({
    n,
    name: name ?? null,
    type,
    size,
    inline,
    cid: cid ?? null,
  }));

/** Messages as the API shows them, each with the contact that has the sender's identifier now. */
export const messageViews = async ({ models, country }: Reading, docs: readonly MessageDoc[]): Promise<Message[]> => {
  const senders = docs.map(({ sender: { identifier } }) => ({
    participants: identifier ? [{ role: 'from', identifier }] : [],
    country,
  }));
  const resolved = await resolveParticipants(models, senders);
  return docs.map((doc, index) => ({
    id: doc.externalId ?? doc._id, // the sender's own id, as sockets use it
    seq: doc.seq,
    at: doc.at.toISOString(),
    direction: doc.direction,
    kind: doc.kind,
    sender: { name: doc.sender.name, contact: resolved[index]?.[0]?.contact ?? null },
    text: doc.text,
    parts: partViews(doc.parts),
  }));
};

/** Place of a message in its conversation: by its time, and at the same time by the order of arrival. */
interface Place {
  at: Date;
  seq: number;
}

const before = (place: Place | undefined): object =>
  place ? { at: { $lte: place.at }, $or: [{ at: { $lt: place.at } }, { seq: { $lt: place.seq } }] } : {};

const newestFirst = (
  models: Models,
  interaction: string,
  place: Place | undefined,
  limit: number,
): Promise<MessageDoc[]> =>
  native(models.messages)
    .find({ interaction, ...before(place) }, { sort: { at: -1, seq: -1 }, limit })
    .toArray();

/** A file of a message, by the numbers of message and file; undefined when there is none. */
export const sentPart = async (
  models: Models,
  interaction: string,
  { seq, n }: { seq: string; n: string },
): Promise<StoredPart | undefined> => {
  const message = await native(models.messages).findOne({ interaction, seq: Number(seq) });
  return message?.parts.find(part => String(part.n) === n);
};

/** The last `count` messages, oldest first. */
export const lastMessages = async (reading: Reading, interaction: string, count: number): Promise<Message[]> =>
  messageViews(reading, (await newestFirst(reading.models, interaction, undefined, count)).reverse());

/** The place in a cursor. Throws BadCursor, also for a cursor of another list. */
const placeOf = (cursor: string | undefined): Place | undefined => {
  const found = decodeCursor(cursor);
  if (found && !/^\d{1,15}$/.test(found.id)) throw new BadCursor();
  return found && { at: found.at, seq: Number(found.id) };
};

/** One page of messages, newest first. Throws BadCursor. */
export const messagesPage = async (
  reading: Reading,
  interaction: string,
  { limit, before: cursor }: { limit: number; before?: string | undefined },
): Promise<{ items: Message[]; next: string | null }> => {
  const docs = await newestFirst(reading.models, interaction, placeOf(cursor), limit + 1);
  const { shown, next } = cutPage(docs, limit, ({ at, seq }) => encodeCursor({ at, id: String(seq) }));
  return { items: await messageViews(reading, shown), next };
};
