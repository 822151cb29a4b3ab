import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { Bytes } from '../read/bytes.ts';
import type { Range } from '../store/unpack.ts';
import { HttpProblem } from './problem.ts';

/** Media types that are passed on for files from strangers; never HTML, SVG or anything else that a browser would run. */
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

/** Content-Disposition (RFC 6266 and 8187): always an attachment, with an ASCII name for old clients and the whole name in UTF-8. */
export const attachment = (name: string | null): string => {
  // a lone surrogate can't be encoded; slashes and control characters aren't allowed in file names
  const whole = (name ?? '').replace(/\p{Cs}/gu, '\ufffd').replace(/[\p{Cc}/\\]/gu, '_');
  const clean = [...whole.trim()].slice(0, 200).join('');
  if (clean === '') return 'attachment';
  const ascii = clean.replace(/[^\x20-\x7e]|["%]/g, '_');
  if (ascii === clean) return `attachment; filename="${clean}"`;
  const encoded = encodeURIComponent(clean).replace(/['()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
};

/** If-Range (RFC 9110 13.1.5): false when the client has begun with other bytes, so that a range would be useless. */
const rangeStillValid = (req: Request, etag: string): boolean => {
  const condition = req.headers['if-range'];
  return condition === undefined || condition === etag;
};

/** If-None-Match (RFC 9110 13.1.2), compared weakly: whether the client has these bytes already. */
const isKnown = (req: Request, etag: string): boolean => {
  const known = (req.headers['if-none-match'] ?? '').split(',').map(one => one.trim().replace(/^W\//, ''));
  return known.includes(etag) || known.includes('*');
};

const RANGE = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/;

/**
 * Reads a Range header with one range (RFC 9110 14.1.2; a suffix may be longer than the file); null when it is invalid, has several ranges, or runs backwards.
 */
const readRange = (text: string, size: number): Range | null => {
  const [, first, last] = RANGE.exec(text) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return null;
  if (first === '') return { start: Math.max(size - Number(last), 0), end: size };
  if (last !== '' && Number(last) < Number(first)) return null;
  return { start: Number(first), end: last === '' ? size : Math.min(Number(last) + 1, size) };
};

/**
 * The requested range; null for the whole file, also for ranges that aren't supported (a server may ignore them, and they only apply to GET: RFC 9110 14.2).
 * Throws 416.
 */
const rangeOf = (req: Request, size: number, etag: string): Range | null => {
  if (req.method !== 'GET' || req.headers.range === undefined || !rangeStillValid(req, etag)) return null;
  const range = readRange(req.headers.range, size);
  if (range && range.start >= range.end) {
    throw new HttpProblem(416, { detail: `There are ${size} bytes.`, headers: { 'Content-Range': `bytes */${size}` } });
  }
  return range;
};

/** Sends a file as an attachment: whole, a range of it (206, 416), or nothing when the client has it (304). */
export const sendBytes = async (req: Request, res: Response, bytes: Bytes): Promise<undefined> => {
  const etag = `"${bytes.etag}"`;
  if (isKnown(req, etag)) {
    res.status(304).set('ETag', etag).end();
    return undefined;
  }
  const asked = rangeOf(req, bytes.size, etag);
  const range = asked ?? { start: 0, end: bytes.size };
  // not by res.set, which would add a charset to text of unknown encoding
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
    // the client disconnected
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
  return undefined;
};
