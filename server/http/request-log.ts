import type { Request, RequestHandler } from 'express';
import type { Log } from '../logging.ts';

/** The route's pattern, not the address: ids and searches are somebody's. */
const routeOf = ({ baseUrl, route }: Request): string =>
  typeof route?.path === 'string' ? `${baseUrl}${route.path}` : baseUrl || 'none';

/**
 * One line a request, without address, query, headers or body: a warning when it is our fault, else for debugging only. (pino-http makes a
 * logger a request, also for lines that nobody writes: a twentieth of what a webhook costs.)
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
