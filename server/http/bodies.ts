import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { RequestHandler } from 'express';
import { HttpProblem, unavailable } from './problem.ts';

/** How long a sender may be silent in the middle of a body: an upload may take hours, but it comes all the while. */
const SILENT_MS = 30_000;
/** Bytes of bodies that lie in memory at once, over all requests. */
const MOST_BYTES = 256 * 1024 * 1024;
/** A body of no more than that is taken all the same: who fills the memory with large ones keeps no small one out. */
const SMALL_BYTES = 64 * 1024;

/**
 * Lets go of connections on which a body stops coming: 408. One that we are slow to read, or to answer, is left alone. Called after whatever else
 * listens to the server's requests.
 */
export const cutSilentBodies = (server: Server, silentMs = SILENT_MS): void => {
  const current = new WeakMap<Socket, { req: IncomingMessage; res: ServerResponse }>();
  server.prependListener('request', (req, res) => current.set(req.socket, { req, res }));
  server.setTimeout(silentMs, socket => {
    const { req, res } = current.get(socket) ?? {};
    if (!req || !res || (req.complete && res.writableFinished)) return socket.destroy(); // kept alive for nothing
    if (req.complete || req.readableLength > 0) return socket.setTimeout(silentMs);
    if (res.headersSent) return socket.destroy();
    const { document } = new HttpProblem(408, { detail: 'The body stopped coming.' });
    res.writeHead(408, {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      Connection: 'close',
    });
    res.end(JSON.stringify(document), () => socket.destroy());
  });
};

const isEncoded = ({ headers }: IncomingMessage): boolean =>
  (headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity';

/** Bounds what bodies hold of the memory, from their first byte until they are answered. */
export const makeBodyBounds = ({ most = MOST_BYTES, small = SMALL_BYTES } = {}) => {
  let held = 0;
  /** `parser`, which takes `largest` bytes at most; what is too much at once is answered 503. */
  return (parser: RequestHandler, largest: number): RequestHandler =>
    (req, res, next) => {
      const encoded = isEncoded(req);
      if (!encoded && Number(req.headers['content-length'] ?? Infinity) <= small) return parser(req, res, next);
      let mine = 0;
      let over = false;
      const count = ({ length }: Buffer): void => {
        const more = encoded ? largest - mine : length; // what it unpacks to is known too late
        mine += more;
        held += more;
        if (over || held <= most || mine <= small) return;
        over = true;
        res.set('Connection', 'close').once('finish', () => req.destroy());
        next(unavailable('Too much comes at once.'));
      };
      res.once('close', () => {
        req.off('data', count);
        held -= mine;
      });
      req.on('data', count);
      parser(req, res, error => {
        if (!over) next(error);
      });
    };
};

/** Of all requests to this process. */
export const boundBody = makeBodyBounds();
