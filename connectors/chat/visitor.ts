import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { cut } from '../common/cut.ts';
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

type Told = z.output<typeof visitorDetails>['visitor'];

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

/** As it is kept beside the conversation. */
export const toldBy = ({ identity, name, email }: Pick<About, 'identity' | 'name' | 'email'>): Told => ({
  verified: identity?.verified ?? false,
  identity: identity && { type: identity.type, value: identity.value, name: identity.name ?? null },
  name,
  email,
});

const answer = (given: unknown, longest: number): string | null => {
  if (typeof given !== 'string') return null;
  const clean = cut(given.replace(/\p{Cc}/gu, ' ').trim(), longest);
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

/** What is known of a conversation's visitor. */
export const toldIn = (details: unknown): Told | null => visitorDetails.safeParse(details).data?.visitor ?? null;

/** Null: it has said none. The site's word goes before the visitor's own. */
export const nameOf = ({ verified, identity, name }: Told): string | null =>
  verified ? (identity?.name ?? name ?? identity?.value ?? null) : name;

/** Whether both are one person's word: of nobody in particular, or of the same one by the site's signature. */
const isOneWord = (before: Told, now: Told): boolean =>
  before.verified === now.verified &&
  (!now.verified || (before.identity?.type === now.identity?.type && before.identity?.value === now.identity?.value));

/**
 * What is known of a visitor by what it said before and what it says now: what it doesn't say again stays. Null: that isn't its own word. What is signed
 * for is added to by its own signature only, and what nobody signed for isn't made anybody's by a later one.
 */
export const learnt = (before: Told, now: Told): Told | null => {
  if (!isOneWord(before, now)) return null;
  const identity = now.identity ?? before.identity;
  const isKnown = identity?.type === before.identity?.type && identity?.value === before.identity?.value;
  return {
    verified: now.verified,
    identity: identity && { ...identity, name: identity.name ?? (isKnown ? (before.identity?.name ?? null) : null) },
    name: now.name ?? before.name,
    email: now.email ?? before.email,
  };
};

/**
 * Whom the site has signed for goes on with conversations that were begun by the same signature's identity, in whatever writing: those of somebody else,
 * or of nobody in particular, aren't theirs, whatever browser they share. All others go on by the session, which only the browser has. Each goes on
 * under the name that it had, unless it says another one.
 */
export const resume = (
  details: unknown,
  visitor: Visitor,
  isSame: (one: Identifier, other: Identifier) => boolean,
): Visitor | null => {
  const about = visitor.about as About;
  const { identity, proven, name } = about;
  const before = toldIn(details);
  if (!identity?.verified) return { ...visitor, name: name ?? (before && nameOf(before)) ?? visitor.name };
  if (!before?.verified || !before.identity || !isSame(identity, before.identity)) return null;
  const { type, value } = before.identity;
  const known = { ...identity, value };
  const now = learnt(before, toldBy({ ...about, identity: known }));
  return {
    ...visitor,
    name: (now && nameOf(now)) ?? visitor.name,
    about: { ...about, identity: known, proven: proven && { type, value } },
  };
};
