import type { Captured, Folded, FoldedItem, Identifier, Participant, Said, Visitor } from '../contract.ts';
import { type About, learnt, nameOf, toldBy, toldIn } from './visitor.ts';

const CHANNEL = 'chat';

/**
 * The visitor as a participant. Whom the site has signed for is that contact, and the browser is proven to be the same person's; what a visitor only
 * says of itself is a suggestion to agents and links nothing.
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

/** A visitor's message: the first one makes the conversation. */
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

/** An agent's message, or a note that the visitor never hears of. */
export const fromAgent = (
  { sourceKey }: { sourceKey: string },
  agent: { id: string; name: string },
  said: Said,
): Captured => ({
  ...messageOf(sourceKey, `${sourceKey}/agent/${agent.id}/${said.id}`, said),
  direction: said.kind === 'note' ? 'internal' : 'outbound',
  participants: [{ role: 'agent', identifier: { type: 'user', value: agent.id }, name: agent.name }],
});

/** What a visitor says of itself in the middle of a conversation is kept as what it said at its beginning. */
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
