import type { MessageDoc } from '../../models/messages.ts';
import { partViews } from '../read/messages.ts';

/** The sender's own id, as the API shows it too. */
export const messageId = ({ _id, externalId }: Pick<MessageDoc, '_id' | 'externalId'>): string => externalId ?? _id;

const fromOf = ({ direction, kind, sender }: MessageDoc) => ({
  role: kind === 'system' ? 'system' : direction === 'inbound' ? 'visitor' : 'agent',
  name: sender.name,
});

/** A message as agents get it. */
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

/** A message as its visitor gets it: by the visitor's count, that knows of no notes. `link`: where a file of it is fetched. */
export const forVisitor = (message: MessageDoc, link: (blob: string, part: MessageDoc['parts'][0]) => string) => ({
  id: messageId(message),
  seq: message.visitorSeq,
  text: message.text,
  from: fromOf(message),
  at: message.at.toISOString(),
  // numbered within the message: agents' numbers count the files of notes, too
  parts: message.parts.map((part, index) => ({
    n: index + 1,
    name: part.name ?? null,
    type: part.type,
    size: part.size,
    ...(part.blob ? { url: link(part.blob, part) } : {}),
  })),
});
