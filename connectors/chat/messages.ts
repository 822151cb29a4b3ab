import type { Captured, Folded, FoldedItem, Identifier, Participant, Said, Visitor } from '../contract.ts';
import { type About, learnt, nameOf, toldBy, toldIn } from './visitor.ts';

const CHANNEL = 'chat';

/**
 * The visitor as a participant. An identity that the site has signed is the contact's, and the browser then counts as proven to be theirs; what visitors say of
 * themselves is only suggested to agents and links nothing.
 */
const visitorOf = ({ name, about }: Visitor): { from: Participant; proven: boolean } => {
  const { id, proven, claimed } = about as About;
  const browser: Identifier = { type: CHANNEL, value: id };
  if (proven) return { from: { role: 'from', identifier: proven, also: [browser], name }, proven: true };
  return {
    from: { role: 'from', identifier: browser, ...(claimed.length ? { also: claimed } : {}), name },
    proven: false,
  };
};

const messageOf = (conversation: string, sourceKey: string, { id, kind, text, parts, at }: Said): Captured => ({
  sourceKey,
  kind: 'message',
  belongsTo: conversation,
  externalId: id,
  channel: CHANNEL,
  direction: 'inbound',
  occurredAt: at,
  participants: [],
  threadKeys: [],
  text,
  message: { kind },
  parts,
});

/** A visitor's message as an item. The first one makes the conversation. */
export const fromVisitor = (visitor: Visitor, said: Said): Captured => {
  const { from, proven } = visitorOf(visitor);
  const { conversation } = visitor;
  return {
    ...messageOf(conversation, `${conversation}/visitor/${said.id}`, { ...said, kind: 'message' }),
    orElse: 'create',
    participants: [from],
    parties: [0],
    proven,
    details: { visitor: toldBy(visitor.about as About) },
  };
};

/** An agent's message as an item, or a note, which the visitor never sees. */
export const fromAgent = (
  { sourceKey }: { sourceKey: string },
  agent: { id: string; name: string },
  said: Said,
): Captured => ({
  ...messageOf(sourceKey, `${sourceKey}/agent/${agent.id}/${said.id}`, said),
  direction: said.kind === 'note' ? 'internal' : 'outbound',
  participants: [{ role: 'agent', identifier: { type: 'user', value: agent.id }, name: agent.name }],
});

/** Adds what a visitor says of themselves later in a conversation to what they said at its beginning (see `Connector.fold`). */
export const fold = (details: unknown, { details: said, participants }: FoldedItem): Folded => {
  const [before, now] = [toldIn(details), toldIn(said)];
  if (!now) return { details };
  const visitor = before ? learnt(before, now) : now;
  if (!visitor) return { details };
  const name = nameOf(visitor);
  return {
    details: { visitor },
    participants: participants.map(one => ({ ...one, ...(name ? { name } : {}) })),
  };
};
