import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { Bytes } from '../read/bytes.ts';
import type { Range } from '../store/unpack.ts';
import { HttpProblem } from './problem.ts';

/** What a browser may be told that bytes of strangers are; never HTML, SVG or anything else it would run. */
const SAFE_TYPES = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'audio/mpeg',
  'audio/wav',
  'audio/x-wav',
  'audio/ogg',
  'audio/mp4',
  'audio/webm',
  'video/mp4',
  'video/webm',
  'application/pdf',
  'text/plain',
  'text/csv',
  'text/calendar',
  'message/rfc822',
  'application/zip',
]);

const safeType = (type: string): string => {
  const bare = (type.split(';')[0] ?? '').trim().toLowerCase();
  return SAFE_TYPES.has(bare) ? bare : 'application/octet-stream';
};

/** RFC 6266 and 8187: an ASCII name for old clients, and the whole name in UTF-8; always an attachment. */
export const attachment = (name: string | null): string => {
  // a lone surrogate can't be encoded; a slash or a control character is no part of a name
  const whole = (name ?? '').replace(/\p{Cs}/gu, '\ufffd').replace(/[\p{Cc}/\\]/gu, '_');
  const clean = [...whole.trim()].slice(0, 200).join('');
  if (clean === '') return 'attachment';
  const ascii = clean.replace(/[^\x20-\x7e]|["%]/g, '_');
  if (ascii === clean) return `attachment; filename="${clean}"`;
  const encoded = encodeURIComponent(clean).replace(/['()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
};

/** If-Range (RFC 9110 13.1.5): a range of other bytes than the client has begun with is worth nothing. */
const rangeStillValid = (req: Request, etag: string): boolean => {
  const condition = req.headers['if-range'];
  return condition === undefined || condition === etag;
};

/** If-None-Match (RFC 9110 13.1.2), compared weakly: the client has these very bytes. */
const isKnown = (req: Request, etag: string): boolean => {
  const known = (req.headers['if-none-match'] ?? '').split(',').map(one => one.trim().replace(/^W\//, ''));
  return known.includes(etag) || known.includes('*');
};

const RANGE = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/;

/** One range of RFC 9110 14.1.2, a suffix that is longer than all there is included; null when it can't be read, is several or runs backwards. */
const readRange = (text: string, size: number): Range | null => {
  const [, first, last] = RANGE.exec(text) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return null;
  if (first === '') return { start: Math.max(size - Number(last), 0), end: size };
  if (last !== '' && Number(last) < Number(first)) return null;
  return { start: Number(first), end: last === '' ? size : Math.min(Number(last) + 1, size) };
};

/** The one range that is asked for; null: all (RFC 9110 14.2 lets a server ignore what it doesn't serve, and knows ranges of GET only). */
const rangeOf = (req: Request, size: number, etag: string): Range | null => {
  if (req.method !== 'GET' || req.headers.range === undefined || !rangeStillValid(req, etag)) return null;
  const range = readRange(req.headers.range, size);
  if (range && range.start >= range.end) {
    throw new HttpProblem(416, { detail: `There are ${size} bytes.`, headers: { 'Content-Range': `bytes */${size}` } });
  }
  return range;
};

/** Sends bytes as an attachment, a range of them when one is asked for (206, 416); none to whoever has them (304). */
export const sendBytes = async (req: Request, res: Response, bytes: Bytes): Promise<undefined> => {
  const etag = `"${bytes.etag}"`;
  if (isKnown(req, etag)) {
    res.status(304).set('ETag', etag).end();
    return undefined;
  }
  const asked = rangeOf(req, bytes.size, etag);
  const range = asked ?? { start: 0, end: bytes.size };
  // not by res.set, which would add a charset to text that nobody has looked at
  res.setHeader('Content-Type', safeType(bytes.type));
  res.set({
    'Content-Disposition': attachment(bytes.name),
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'Accept-Ranges': 'bytes',
    ETag: etag,
    'Content-Length': String(range.end - range.start),
  });
  if (asked) res.status(206).set('Content-Range', `bytes ${range.start}-${range.end - 1}/${bytes.size}`);
  if (req.method === 'HEAD' || range.end === range.start) {
    res.end();
    return undefined;
  }
  const stream = await bytes.open(range);
  await pipeline(stream, res).catch((error: NodeJS.ErrnoException) => {
    // the client went away: nobody is left to tell
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
  return undefined;
};
