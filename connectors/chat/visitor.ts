import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { cut } from '../common/cut.ts';
import { isOurs } from '../common/ours.ts';
import { sha256 } from '../common/raw.ts';
import type { Account, Identifier, Visitor } from '../contract.ts';
import type { ChatConfig } from './config.ts';
import { type Identity, readIdentity } from './identity.ts';

/** A session id: 256 bits in base64url. */
const SESSION = /^[A-Za-z0-9_-]{43}$/;

/** Details of a conversation: who the visitor is by the site's word (`identity`, and whether it was signed), and by their own. */
export const visitorDetails = z.object({
  visitor: z.object({
    verified: z.boolean(),
    identity: z.object({ type: z.string(), value: z.string(), name: z.string().nullable() }).nullable(),
    name: z.string().nullable(),
    email: z.string().nullable(),
  }),
});

type Told = z.output<typeof visitorDetails>['visitor'];

/** What is known of a visitor while they are connected. */
export interface About {
  /** identifies the visitor; derived from the session id, which only their browser has */
  id: string;
  identity: Identity;
  /** the identity that the site has signed; null when there is none, or it is an address of ours */
  proven: Identifier | null;
  /** identifiers that the visitor claims without proof, except our own addresses */
  claimed: Identifier[];
  /** the visitor's own answers */
  name: string | null;
  email: string | null;
}

/** The same in the form of `visitorDetails`. */
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

/**
 * The visitor who opens a chat, from the widget's hello; a session is made when it has none. Throws ConnectorError ('reject') for a forged or expired identity.
 */
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

/** The visitor in a conversation's details; null when there are none. */
export const toldIn = (details: unknown): Told | null => visitorDetails.safeParse(details).data?.visitor ?? null;

/** Name of a visitor; null when none is known. The name that the site has signed goes before the visitor's own. */
export const nameOf = ({ verified, identity, name }: Told): string | null =>
  verified ? (identity?.name ?? name ?? identity?.value ?? null) : name;

/** Whether both come from the same person: neither is signed, or the site has signed both for the same identity. */
const isOneWord = (before: Told, now: Told): boolean =>
  before.verified === now.verified &&
  (!now.verified || (before.identity?.type === now.identity?.type && before.identity?.value === now.identity?.value));

/**
 * Merges what was known of a visitor with what they say now; what they don't repeat stays. Null when it isn't from the same person: a signed identity is only
 * changed under the same signature's identity, and a later signature doesn't claim what was said without one.
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
 * See `LiveChannel.resume`. A visitor with a signed identity resumes only conversations that began under the same signed identity (in any spelling), whatever
 * browser they share with others; null for all others. A visitor without one resumes by the session, which only their browser has. The name that the
 * conversation has stays, unless the visitor gives another one.
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
