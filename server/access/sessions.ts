import { randomBytes } from 'node:crypto';
import type { SessionDoc, UserDoc } from '../../models/access.ts';
import type { Models } from '../../models/index.ts';
import { native } from '../store/native.ts';
import type { AccessEvents } from './events.ts';
import type { Principal } from './principal.ts';
import { digest } from './tokens.ts';

const MINUTE = 60_000;
/** A session that nobody uses ends after this long, */
const IDLE = 12 * 60 * MINUTE;
/** and any session after this long. */
export const LONGEST = 30 * 24 * 60 * MINUTE;
/** It isn't written at each request that it was used. */
const SLIDE_EVERY = 5 * MINUTE;

const asPrincipal = (user: UserDoc, session: string): Principal => ({
  kind: 'user',
  id: user._id,
  name: user.name || user.email,
  email: user.email,
  role: user.role,
  accounts: user.accounts,
  session,
});

/** The sessions of one database. They last while they are used, and not for a user who is disabled; whoever hangs on one that ends is told by `ended`. */
export const makeSessions = ({ models, events }: { models: Models; events: AccessEvents }) => {
  const { sessions, users } = models;

  /** A new session; its value goes into the cookie and is stored as a hash only. */
  const create = async (user: string): Promise<{ value: string; id: string }> => {
    const value = randomBytes(32).toString('base64url');
    const now = Date.now();
    const id = digest(value);
    await sessions.create([{ _id: id, user, createdAt: new Date(now), expiresAt: new Date(now + IDLE) }]);
    return { value, id };
  };

  const slide = (session: SessionDoc, now: number): void => {
    const until = Math.min(now + IDLE, session.createdAt.getTime() + LONGEST);
    if (until - session.expiresAt.getTime() < SLIDE_EVERY) return;
    // nobody waits for it: a session that isn't prolonged this time is the next time
    sessions.updateOne({ _id: session._id }, { $set: { expiresAt: new Date(until) } }).catch(() => undefined);
  };

  /** `isUse` false: somebody is only looked up, who does nothing. */
  const authenticate = async (value: string, { isUse = true } = {}): Promise<Principal | null> => {
    const now = Date.now();
    const [found] = await native(sessions)
      .aggregate<SessionDoc & { users: UserDoc[] }>([
        { $match: { _id: digest(value) } },
        { $lookup: { from: users.collection.collectionName, localField: 'user', foreignField: '_id', as: 'users' } },
      ])
      .toArray();
    const user = found?.users[0];
    if (!found || !user || user.disabled || found.expiresAt.getTime() <= now) return null;
    if (isUse) slide(found, now);
    return asPrincipal(user, found._id);
  };

  const end = async (id: string): Promise<void> => {
    await sessions.deleteOne({ _id: id });
    events.emit('ended', id);
  };

  return { create, authenticate, end };
};

export type Sessions = ReturnType<typeof makeSessions>;
