import type { Request, RequestHandler } from 'express';
import type { Access } from '../access/index.ts';
import { type Action, may } from '../access/may.ts';
import { isOwnOrigin } from '../access/origin.ts';
import type { Principal } from '../access/principal.ts';
import { HttpProblem } from './problem.ts';

const principals = new WeakMap<Request, Principal>();

/** The principal of a request that `guard` has let pass. Throws for a public call. */
export const whoOf = (req: Request): Principal => {
  const who = principals.get(req);
  if (!who) throw new Error('A public call asked who makes it.');
  return who;
};

const isUnsafe = (method: string): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method);

/**
 * Values of Sec-Fetch-Dest with which our page reads by session: from scripts, as a download, in a player. Images and style sheets, also a mail's, never do.
 */
const READERS = new Set(['empty', 'document', 'audio', 'video']);

/**
 * Middleware that checks credentials: 401 without valid ones; 403 for a role that may not make the call, and, with a session cookie, for an unsafe method from
 * a foreign origin or a read by anything but `READERS`.
 */
export const guard =
  (action: Action, { access, publicUrl }: { access: Access; publicUrl: string | undefined }): RequestHandler =>
  async (req, _res, next) => {
    const who = await access.authenticate({ headers: req.headers });
    if (!who) {
      throw new HttpProblem(401, {
        detail: 'Sign in, or send a valid token.',
        headers: { 'WWW-Authenticate': 'Bearer' },
      });
    }
    if (who.session && isUnsafe(req.method) && !isOwnOrigin(req.headers.origin, req.headers.host, publicUrl)) {
      throw new HttpProblem(403, { detail: 'Calls with a session must come from our own page (Origin).' });
    }
    const reader = req.headers['sec-fetch-dest'];
    if (who.session && reader !== undefined && !READERS.has(`${reader}`)) {
      throw new HttpProblem(403, { detail: 'Calls with a session must come from our page itself (Sec-Fetch-Dest).' });
    }
    if (!may(who, action)) throw new HttpProblem(403, { detail: `The role ${who.role} has no such call.` });
    principals.set(req, who);
    next();
  };
