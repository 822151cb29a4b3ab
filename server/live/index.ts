import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import type { Models } from '../../models/index.ts';
import type { TimelineDoc } from '../../models/timeline.ts';
import type { Access } from '../access/index.ts';
import { may } from '../access/may.ts';
import type { Principal } from '../access/principal.ts';
import { isOwnOrigin } from '../http/guard.ts';
import { makeChanges } from './changes.ts';

export interface LiveDeps {
  http: HttpServer;
  models: Models;
  access: Access;
  /** an entry as the API shows it */
  present(entry: TimelineDoc): unknown;
  /** TALTEEN_PUBLIC_URL: the origin of our own page; undefined: whatever host was asked for */
  publicUrl: string | undefined;
  log: { warn(data: object, message: string): void };
}

type AgentSocket = Socket & { data: { principal: Principal } };

/** Another hub may have taken a right away: what a socket may see is asked for again this often. */
const RECHECK_MS = 30_000;

/** Shows agents what comes in (`/agent`, DESIGN 10): each socket gets the entries that its principal may see, once they are committed. */
export const makeLive = ({ http, models, access, present, publicUrl, log }: LiveDeps) => {
  const io = new Server(http, {
    serveClient: false,
    cors: { origin: false },
    allowRequest: ({ headers }, done) => {
      const own = headers.origin === undefined || isOwnOrigin(headers.origin, headers.host, publicUrl);
      done(own ? null : 'This origin may not connect.', own);
    },
  });
  const agents = io.of('/agent');

  const visible = ({ principal }: { principal: Principal }, accounts: readonly string[]): boolean =>
    may(principal, 'timeline:read', { accounts });

  const emit = (entry: TimelineDoc, contact: string | null): void => {
    const message = { contact, entry: { ...(present(entry) as object), contact } };
    for (const socket of agents.sockets.values()) {
      if (visible((socket as AgentSocket).data, entry.accounts)) socket.emit('entry', message);
    }
  };

  const changes = makeChanges({
    models,
    log,
    onEntry: entry => {
      if (agents.sockets.size > 0) emit(entry, entry.contact);
    },
    onGap: () => agents.emit('resync'),
  });

  const principalOf = ({ handshake }: Socket): Promise<Principal | null> => {
    const token: unknown = handshake.auth.token;
    return access.authenticate({ headers: handshake.headers, ...(typeof token === 'string' ? { token } : {}) });
  };

  agents.use(async (socket, next) => {
    try {
      const principal = await principalOf(socket);
      if (!principal || !may(principal, 'timeline:read')) return next(new Error('unauthorized'));
      socket.data.principal = principal;
      await changes.start();
      next();
    } catch {
      next(new Error('unavailable'));
    }
  });

  const recheck = async (): Promise<void> => {
    for (const socket of agents.sockets.values()) {
      const principal = await principalOf(socket);
      if (principal && may(principal, 'timeline:read')) socket.data.principal = principal;
      else socket.disconnect(true);
    }
  };
  const timer = setInterval(() => {
    recheck().catch(error => log.warn({ error: (error as Error).name }, 'sockets could not be checked'));
  }, RECHECK_MS);

  const cut = (hangsOn: (principal: Principal) => boolean): void => {
    for (const socket of agents.sockets.values()) {
      if (hangsOn((socket as AgentSocket).data.principal)) socket.disconnect(true);
    }
  };
  access.events.on('changed', id => cut(principal => principal.id === id));
  access.events.on('ended', id => cut(principal => principal.session === id));

  return {
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await changes.stop();
      await io.close();
    },
  };
};
