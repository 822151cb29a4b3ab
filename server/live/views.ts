import type { MessageDoc } from '../../models/messages.ts';
import { partViews } from '../read/messages.ts';

/** The id that the sender gave the message; the API shows the same. */
export const messageId = ({ _id, externalId }: Pick<MessageDoc, '_id' | 'externalId'>): string => externalId ?? _id;

const fromOf = ({ direction, kind, sender }: MessageDoc) => ({
  role: kind === 'system' ? 'system' : direction === 'inbound' ? 'visitor' : 'agent',
  name: sender.name,
});

/** A message in the form that agents get. */
export const forAgents = (message: MessageDoc) => ({
  conversation: message.interaction,
  id: messageId(message),
  seq: message.seq,
  kind: message.kind,
  text: message.text,
  from: fromOf(message),
  at: message.at.toISOString(),
  direction: message.direction,
  parts: partViews(message.parts),
});

/** A message in the form that its visitor gets, with the visitor's own numbers, which don't count notes. `link`: makes the URL of a file. */
export const forVisitor = (message: MessageDoc, link: (blob: string, part: MessageDoc['parts'][0]) => string) => ({
  id: messageId(message),
  seq: message.visitorSeq,
  text: message.text,
  from: fromOf(message),
  at: message.at.toISOString(),
  // numbered within the message, since the conversation's numbers also count the files of notes
  parts: message.parts.map((part, index) => ({
    n: index + 1,
    name: part.name ?? null,
    type: part.type,
    size: part.size,
    ...(part.blob ? { url: link(part.blob, part) } : {}),
  })),
});
