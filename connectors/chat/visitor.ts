import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { isOurs } from '../common/ours.ts';
import { sha256 } from '../common/raw.ts';
import type { Account, Identifier, Visitor } from '../contract.ts';
import type { ChatConfig } from './config.ts';
import { type Identity, readIdentity } from './identity.ts';

/** 256 bits, base64url */
const SESSION = /^[A-Za-z0-9_-]{43}$/;

/** What is kept of a visitor beside the messages: who it is by the site's word, and what it said itself. */
export const visitorDetails = z.object({
  visitor: z.object({
    verified: z.boolean(),
    identity: z.object({ type: z.string(), value: z.string(), name: z.string().nullable() }).nullable(),
    name: z.string().nullable(),
    email: z.string().nullable(),
  }),
});

export interface About {
  /** what the visitor is recognised by: from the session, which nobody but the browser has */
  id: string;
  identity: Identity;
  /** whom the site has signed for; nobody when that is one of us */
  proven: Identifier | null;
  /** who the visitor may be by what it says of itself, without our own addresses */
  claimed: Identifier[];
  /** as the visitor answered */
  name: string | null;
  email: string | null;
}

const answer = (given: unknown, longest: number): string | null => {
  if (typeof given !== 'string') return null;
  const clean = given
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, longest);
  return clean === '' ? null : clean;
};

const isAddress = (text: string): boolean => /^[^\s@]+@[^\s@]+$/.test(text);

/** Who opens a chat, by what the widget sends. Throws ConnectorError ('reject') for a forged or old identity. */
export const greet = (
  { config, ours }: Pick<Account<ChatConfig>, 'config' | 'ours'>,
  hello: Readonly<Record<string, unknown>>,
  now: Date,
): Visitor => {
  const identity = readIdentity(hello.identity, config.identitySecret, now);
  const given = hello.session;
  const session = typeof given === 'string' && SESSION.test(given) ? given : randomBytes(32).toString('base64url');
  const id = sha256(`visitor:${session}`).slice(0, 32);
  const answered = answer(hello.email, 320);
  const email = answered && isAddress(answered) ? answered : null;
  const outside = ({ type, value }: Identifier): Identifier[] =>
    type === 'email' && isOurs(value, ours) ? [] : [{ type, value }];
  const signed = identity ? outside(identity) : [];
  const about: About = {
    id,
    identity,
    proven: (identity?.verified && signed[0]) || null,
    claimed: [...(identity?.verified ? [] : signed), ...(email ? outside({ type: 'email', value: email }) : [])],
    name: answer(hello.name, 200),
    email,
  };
  const known = identity?.verified ? (identity.name ?? about.name ?? identity.value) : about.name;
  return { session, conversation: `chat:${id}`, name: known ?? `Visitor ${id.slice(0, 4).toUpperCase()}`, about };
};

/**
 * Whom the site has signed for goes on with conversations that were begun by the same signature's identity: those of somebody else, or of nobody in
 * particular, aren't theirs, whatever browser they share. All others go on by the session, which only the browser has.
 */
export const mayResume = (details: unknown, visitor: Visitor): boolean => {
  const { identity } = visitor.about as About;
  if (!identity?.verified) return true;
  const before = visitorDetails.safeParse(details).data?.visitor;
  return !!before?.verified && before.identity?.type === identity.type && before.identity.value === identity.value;
};
