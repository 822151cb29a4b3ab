import type { Request, RequestHandler } from 'express';
import type { Access } from '../access/index.ts';
import { type Action, may } from '../access/may.ts';
import { isOwnOrigin } from '../access/origin.ts';
import type { Principal } from '../access/principal.ts';
import { HttpProblem } from './problem.ts';

const principals = new WeakMap<Request, Principal>();

/** Who makes this request. Throws when its call is public. */
export const whoOf = (req: Request): Principal => {
  const who = principals.get(req);
  if (!who) throw new Error('A public call asked who makes it.');
  return who;
};

const isUnsafe = (method: string): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method);

/** What our page reads with a session: by its scripts, as a download, in a player. Images and style sheets, a mail's too, never do. */
const READERS = new Set(['empty', 'document', 'audio', 'video']);

/** 401 without good credentials, 403 for a role that never has this call, for an unsafe call by cookie from a foreign page, for a read by cookie that no reader made. */
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
