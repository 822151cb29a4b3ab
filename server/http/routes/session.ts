import type { CookieOptions, Request } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { SESSION_COOKIE } from '../../access/cookie.ts';
import { isOwnOrigin } from '../../access/origin.ts';
import { verifyPassword } from '../../access/passwords.ts';
import type { Principal } from '../../access/principal.ts';
import { LONGEST } from '../../access/sessions.ts';
import { always, empty, ifBody, ifManyTries, json, problems } from '../answers.ts';
import { type Call, call, noContent, ok } from '../call.ts';
import type { HttpDeps } from '../deps.ts';
import { passwordChange, type Session, session, signIn } from '../dto/access.ts';
import { badField, HttpProblem } from '../problem.ts';

const tag = 'Session';
const WINDOW = 15 * 60_000;

const emailOf = ({ body }: Request): string => {
  const email: unknown = body?.email;
  return typeof email === 'string' ? email.trim().toLowerCase().slice(0, 254) : '';
};
const addressOf = ({ ip }: Request): string => ipKeyGenerator(ip ?? '');

/** A rate limit that counts failed sign-ins only. */
const limiter = (limit: number, keyGenerator: (req: Request) => string) =>
  rateLimit({
    windowMs: WINDOW,
    limit,
    keyGenerator,
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_req, res) => res.statusCode !== 401,
    standardHeaders: false,
    legacyHeaders: false,
    handler: (_req, _res, next) =>
      next(
        new HttpProblem(429, {
          detail: 'Too many failed sign-ins. Wait a quarter of an hour.',
          headers: { 'Retry-After': String(WINDOW / 1000) },
        }),
      ),
  });

/** Limits by address and user, by address, and by user: the last one stops somebody who guesses from many addresses. */
const limiters = () => [
  limiter(10, req => `${addressOf(req)} ${emailOf(req)}`),
  limiter(30, addressOf),
  limiter(100, emailOf),
];

const viewOf = ({ id, name, email, role, accounts }: Principal): Session => ({
  user: { id, name, email, role },
  accounts: accounts && [...accounts],
});

const cookieOptions = (publicUrl: string | undefined): CookieOptions => ({
  httpOnly: true,
  sameSite: 'lax',
  secure: publicUrl?.startsWith('https:') ?? false,
  path: '/',
});

const signCalls = ({ access, publicUrl }: HttpDeps): Call[] => [
  call({
    method: 'post',
    path: '/session',
    tag,
    summary: 'Signs in: sets the session cookie',
    action: 'public',
    body: signIn,
    before: limiters(),
    answers: {
      200: json('Who signed in', session),
      ...always,
      ...ifBody,
      ...problems({ 401: 'The e-mail address or the password is wrong', 403: 'It comes from a foreign page (Origin)' }),
      ...ifManyTries,
    },
    handle: async ({ body, req, res }) => {
      const { origin, host } = req.headers;
      if (origin !== undefined && !isOwnOrigin(origin, host, publicUrl)) {
        throw new HttpProblem(403, { detail: 'Sign-in must come from our own page (Origin).' });
      }
      const signedIn = await access.signIn(body.email, body.password);
      if (!signedIn) throw new HttpProblem(401, { detail: 'The e-mail address or the password is wrong.' });
      res.cookie(SESSION_COOKIE, signedIn.value, { ...cookieOptions(publicUrl), maxAge: LONGEST });
      return ok(viewOf(signedIn.principal));
    },
  }),
  call({
    method: 'delete',
    path: '/session',
    tag,
    summary: 'Signs out: ends the session and cuts its sockets',
    action: 'session:end',
    answers: { 204: empty('Signed out'), ...always },
    handle: async ({ who, res }) => {
      if (who.session) await access.sessions.end(who.session);
      res.clearCookie(SESSION_COOKIE, cookieOptions(publicUrl));
      return noContent;
    },
  }),
];

const ownCalls = ({ access }: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/session',
    tag,
    summary: 'Who asks',
    action: 'session:read',
    answers: { 200: json('Who asks', session), ...always },
    handle: async ({ who }) => ok(viewOf(who)),
  }),
  call({
    method: 'put',
    path: '/session/password',
    tag,
    summary: "Changes one's own password; all one's sessions end",
    action: 'password:change',
    body: passwordChange,
    answers: { 204: empty('Changed'), ...always, ...ifBody },
    handle: async ({ who, body }) => {
      const user = who.kind === 'user' ? await access.users.find(who.id) : null;
      if (!user) throw new HttpProblem(403, { detail: 'A token has no password.' });
      if (!(await verifyPassword(user.passwordHash, body.current))) {
        throw badField('/current', 'not the current password');
      }
      await access.users.change(user._id, { password: body.password });
      return noContent;
    },
  }),
];

/** Calls for signing in and out, and for one's own user. */
export const sessionCalls = (deps: HttpDeps): Call[] => [...signCalls(deps), ...ownCalls(deps)];
