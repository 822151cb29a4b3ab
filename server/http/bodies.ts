import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { RequestHandler } from 'express';
import { HttpProblem, unavailable } from './problem.ts';

/** Longest pause within a body, ms. A whole upload may take hours, but its bytes keep coming. */
const SILENT_MS = 30_000;
/** Most bytes of request bodies in memory, over all requests. */
const MOST_BYTES = 256 * 1024 * 1024;
/** A body of at most so many bytes is always accepted, so that large ones don't keep small ones out. */
const SMALL_BYTES = 64 * 1024;

/**
 * Answers 408 on connections whose body stops coming, and closes them. A connection on which we are slow ourselves, in reading or answering, is left alone. To
 * be called after all other listeners for the server's requests.
 */
export const cutSilentBodies = (server: Server, silentMs = SILENT_MS): void => {
  const current = new WeakMap<Socket, { req: IncomingMessage; res: ServerResponse }>();
  server.prependListener('request', (req, res) => current.set(req.socket, { req, res }));
  server.setTimeout(silentMs, socket => {
    const { req, res } = current.get(socket) ?? {};
    if (!req || !res || (req.complete && res.writableFinished)) return socket.destroy(); // an idle keep-alive connection
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

/** Bounds the memory that bodies take, from their first byte to the answer. */
export const makeBodyBounds = ({ most = MOST_BYTES, small = SMALL_BYTES } = {}) => {
  let held = 0;
  /** wraps a body parser that accepts at most `largest` bytes; answers 503 when bodies take too much memory */
  return (parser: RequestHandler, largest: number): RequestHandler =>
    (req, res, next) => {
      const encoded = isEncoded(req);
      if (!encoded && Number(req.headers['content-length'] ?? Infinity) <= small) return parser(req, res, next);
      let mine = 0;
      let over = false;
      const count = ({ length }: Buffer): void => {
        const more = encoded ? largest - mine : length; // its unpacked size isn't known in advance
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

/** The bounds for all requests to this process. */
export const boundBody = makeBodyBounds();
