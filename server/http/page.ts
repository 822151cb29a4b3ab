import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler, type Response, Router } from 'express';
import helmet from 'helmet';

/** Content-Security-Policy of the page: only our own files. Styles and image data that scripts set on elements don't count as inline code. */
const PAGE = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  fontSrc: ["'self'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  mediaSrc: ["'self'", 'blob:'],
  connectSrc: ["'self'"],
  manifestSrc: ["'self'"],
  frameSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
};

/** Hosts that a policy can name; an IPv6 address in brackets isn't one. */
const HOST = /^[\w.-]+(:\d+)?$/;

/**
 * The documents in which mail is shown, filled by the page: without scripts, and nothing from the network but our fonts, and images in the second one. Not
 * 'self': a mail's style sheet could then read our API with the viewer's session.
 */
const FRAME = /^\/mail-frame(-images)?\.html$/;
const framePolicy = (host: string | undefined, images: boolean): string =>
  [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `font-src ${host && HOST.test(host) ? `${host}/assets/` : "'none'"}`,
    `img-src data:${images ? ' https:' : ''}`,
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; ');

/** Security headers of every answer; HSTS only where we are reached by https. */
export const securityHeaders = (publicUrl: string | undefined): RequestHandler =>
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives: PAGE },
    strictTransportSecurity: publicUrl?.startsWith('https:') ? undefined : false,
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  });

const setHeaders = (res: Response, path: string): void => {
  const hashed = /\/assets\/[^/]+-[\w-]{8,}\.\w+$/.test(path.replaceAll('\\', '/'));
  res.set('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
};

const frameHeaders =
  (publicUrl: string | undefined): RequestHandler =>
  (req, res, next) => {
    const frame = FRAME.exec(req.path);
    if (frame) {
      const host = publicUrl === undefined ? req.headers.host : new URL(publicUrl).host;
      res.set('Content-Security-Policy', framePolicy(host, frame[1] !== undefined));
      res.set('X-Frame-Options', 'SAMEORIGIN');
    }
    next();
  };

/** Lets other sites' pages load the chat widget. */
const widgetHeaders: RequestHandler = (req, res, next) => {
  if (req.path === '/widget.js') res.set('Cross-Origin-Resource-Policy', 'cross-origin');
  next();
};

/** Serves the built page: its files, and index.html for every address that is one of its views. */
export const pageRouter = (webRoot: string, publicUrl: string | undefined): Router => {
  const router = Router();
  const index = join(webRoot, 'index.html');
  const files = express.static(webRoot, { index: false, redirect: false, setHeaders });
  router.use(frameHeaders(publicUrl), widgetHeaders, files);
  router.get('/*path', (req, res, next) => {
    const isView =
      !/^\/(api|webhooks|visitor|socket\.io)(\/|$)|\.\w+$/.test(req.path) &&
      /\btext\/html\b/.test(req.headers.accept ?? '');
    if (!isView || !existsSync(index)) return next();
    res.set('Cache-Control', 'no-cache').sendFile(index);
  });
  router.get('/', (_req, res, next) => {
    if (!existsSync(index)) return next();
    res.set('Cache-Control', 'no-cache').sendFile(index);
  });
  return router;
};
