import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler, type Response, Router } from 'express';
import helmet from 'helmet';

/** Nothing but our own files; what scripts set on elements (style, image data) is no inline code. */
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

/** The documents a mail is shown in, filled by the page: no script, nothing from the network, images only in the second. */
const FRAME = /^\/mail-frame(-images)?\.html$/;
const framePolicy = (images: boolean): string =>
  [
    "default-src 'none'",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self'",
    `img-src data:${images ? ' https:' : ''}`,
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; ');

/** Headers of every answer; HSTS only where we are reached by https. */
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

const frameHeaders: RequestHandler = (req, res, next) => {
  const frame = FRAME.exec(req.path);
  if (frame) {
    res.set('Content-Security-Policy', framePolicy(frame[1] !== undefined));
    res.set('X-Frame-Options', 'SAMEORIGIN');
  }
  next();
};

/** The chat widget runs in other sites' pages. */
const widgetHeaders: RequestHandler = (req, res, next) => {
  if (req.path === '/widget.js') res.set('Cross-Origin-Resource-Policy', 'cross-origin');
  next();
};

/** The built page: its files, and the page itself for every address that is one of its views. */
export const pageRouter = (webRoot: string): Router => {
  const router = Router();
  const index = join(webRoot, 'index.html');
  router.use(frameHeaders, widgetHeaders, express.static(webRoot, { index: false, redirect: false, setHeaders }));
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
