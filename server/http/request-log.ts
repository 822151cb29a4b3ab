import type { Request, RequestHandler } from 'express';
import type { Log } from '../logging.ts';

/** The route's pattern, not the address, since ids and searches are personal data. */
const routeOf = ({ baseUrl, route }: Request): string =>
  typeof route?.path === 'string' ? `${baseUrl}${route.path}` : baseUrl || 'none';

/**
 * Logs one line for each request, without address, query, headers or body: as a warning for a 5xx, else for debugging. (pino-http makes a logger for each
 * request, also when nothing is logged: a twentieth of what a webhook costs.)
 */
export const requestLog =
  (log: Log): RequestHandler =>
  (req, res, next) => {
    const began = performance.now();
    res.once('close', () => {
      const level = res.statusCode >= 500 ? 'warn' : 'debug';
      if (!log.isLevelEnabled(level)) return;
      const ms = Math.round(performance.now() - began);
      const cut = res.writableFinished ? {} : { cut: true };
      log[level]({ method: req.method, route: routeOf(req), status: res.statusCode, ms, ...cut }, 'request');
    });
    next();
  };
