import type { IncomingHttpHeaders } from 'node:http';
import type { Models } from '../../models/index.ts';
import { readCookie, SESSION_COOKIE } from './cookie.ts';
import { makeAccessEvents } from './events.ts';
import { type FirstStart, firstStart } from './first-start.ts';
import { makeAccessLog } from './log.ts';
import { verifyPassword } from './passwords.ts';
import type { Principal } from './principal.ts';
import { makeRecent } from './recent.ts';
import { makeSessions } from './sessions.ts';
import { makeTokens } from './tokens.ts';
import { makeUsers } from './users.ts';

export interface Credentials {
  headers: Pick<IncomingHttpHeaders, 'authorization' | 'cookie'>;
  /** a token given beside the headers (a socket's `auth`) */
  token?: string | undefined;
}

const bearer = (authorization: string | undefined): string | null =>
  /^Bearer +([\x21-\x7e]{1,500}) *$/i.exec(authorization ?? '')?.[1] ?? null;

/** Users, tokens, sessions and the access log of one database, and who a request comes from. */
export const makeAccess = ({ models }: { models: Models }) => {
  const events = makeAccessEvents();
  const users = makeUsers({ models, events });
  const tokens = makeTokens({ models, events });
  const sessions = makeSessions({ models, events });
  const byToken = makeRecent(events, tokens.authenticate);
  const bySession = {
    use: makeRecent(events, value => sessions.authenticate(value)),
    look: makeRecent(events, value => sessions.authenticate(value, { isUse: false })),
  };

  /**
   * Null: no or bad credentials. A token counts before the session, and a bad one isn't made good by a session. `isUse` false: nobody
   * does anything just now, so that a session doesn't last the longer for it.
   */
  const authenticate = async (
    { headers, token }: Credentials,
    { isUse = true }: { isUse?: boolean } = {},
  ): Promise<Principal | null> => {
    if (token !== undefined) return byToken(token);
    if (headers.authorization !== undefined) {
      const given = bearer(headers.authorization);
      return given === null ? null : byToken(given);
    }
    const cookie = readCookie(headers.cookie, SESSION_COOKIE);
    return cookie ? bySession[isUse ? 'use' : 'look'](cookie) : null;
  };

  /** The cookie's value for the right e-mail address and password, else null; both take as long. */
  const signIn = async (email: string, password: string) => {
    const user = await users.byEmail(email);
    const right = await verifyPassword(user?.passwordHash ?? null, password);
    if (!user || !right || user.disabled) return null;
    const { value } = await sessions.create(user._id);
    const principal = await sessions.authenticate(value);
    return principal && { value, principal };
  };

  return {
    users,
    tokens,
    sessions,
    events,
    log: makeAccessLog({ models }),
    authenticate,
    signIn,
    firstStart: (options: FirstStart) => firstStart({ models, users, tokens }, options),
  };
};

export type Access = ReturnType<typeof makeAccess>;
