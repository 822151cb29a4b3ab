import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OutgoingResponse } from '../../common/fetch.ts';
import type { Rest } from './client.ts';
import { wholeWave } from './wave.ts';

const ATTEMPTS = 4;
const PAUSE_MS = 250;
const LONGEST_MS = 15 * 60_000;

/** The file arrived incomplete. The next attempt may resume it. */
export class ShortDownload extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = 'ShortDownload';
  }
}

/** The server answered with another status than 200 or 206. */
export class NoDownload extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`it was answered with HTTP ${status}`);
    this.name = 'NoDownload';
    this.status = status;
  }
}

/** A downloaded file: path, size in bytes and media type. */
export interface Downloaded {
  path: string;
  size: number;
  type: string;
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

/** From the response's headers: the offset at which its body begins (0 unless resumed), and the size of the whole file; null when not given. */
const extentOf = ({ status, headers }: OutgoingResponse): { from: number; total: number | null } => {
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+|\*)/.exec(headers.get('content-range') ?? '') ?? [];
  if (status === 206 && from !== undefined) return { from: Number(from), total: total === '*' ? null : Number(total) };
  const length = headers.get('content-length');
  const encoded = headers.get('content-encoding');
  return { from: 0, total: length === null || (encoded && encoded !== 'identity') ? null : Number(length) };
};

/** Digests of the whole file in the response's headers (Content-MD5; Repr-Digest, RFC 9530; Digest, RFC 3230; S3's checksum), in hex. */
const digestsOf = ({ headers }: OutgoingResponse): ['md5' | 'sha256', string][] => {
  const hex = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');
  const md5 = headers.get('content-md5');
  const sha = /sha-256=:?([A-Za-z0-9+/=]+?):?(?:,|$)/i.exec(
    headers.get('repr-digest') ?? headers.get('digest') ?? '',
  )?.[1];
  const amazon = headers.get('x-amz-checksum-sha256');
  return [
    ...(md5 ? [['md5', hex(md5)] as ['md5', string]] : []),
    ...[sha, amazon].flatMap(value => (value ? [['sha256', hex(value)] as ['sha256', string]] : [])),
  ];
};

const digestOf = async (path: string, algorithm: string): Promise<string> => {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};

/** Checks the file against length, header (WAV) and digests, and answers its size. Throws ShortDownload when one of them doesn't fit. */
const check = async (path: string, total: number | null, response: OutgoingResponse, type: string): Promise<number> => {
  const size = await sizeOf(path);
  if (size === 0) throw new ShortDownload('it is empty');
  if (total !== null && size !== total) throw new ShortDownload(`${size} of ${total} bytes came`);
  if (/wav|^application\/octet-stream$/.test(type) && !(await wholeWave(path, size)))
    throw new ShortDownload('it ends before its own header says');
  for (const [algorithm, expected] of digestsOf(response))
    if ((await digestOf(path, algorithm)) !== expected) {
      await rm(path, { force: true });
      throw new ShortDownload('its hash is another than its source says');
    }
  return size;
};

/** Writes the body to the file from offset `from` on. */
const write = async (path: string, response: OutgoingResponse, from: number): Promise<void> => {
  const file = await open(path, from > 0 ? 'r+' : 'w', 0o600);
  try {
    let at = from;
    for await (const chunk of response.body ?? []) {
      await file.write(chunk, 0, chunk.length, at);
      at += chunk.length;
    }
  } finally {
    await file.close();
  }
};

interface Progress {
  /** strong ETag of the bytes that are on disk */
  etag: string | null;
}

const once = async (
  rest: Rest,
  url: string,
  path: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<Downloaded> => {
  const there = progress.etag ? await sizeOf(path) : 0;
  const resume = there > 0 && progress.etag ? { Range: `bytes=${there}-`, 'If-Range': progress.etag } : {};
  const stop = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
  const response = await rest.get(url, { 'Accept-Encoding': 'identity', ...resume } as Record<string, string>, stop);
  const { from, total } = extentOf(response);
  if ((response.status !== 200 && response.status !== 206) || (from !== 0 && from !== there)) {
    await response.body?.cancel().catch(() => undefined);
    progress.etag = null;
    throw response.status === 206 || response.status === 416
      ? new ShortDownload('it goes on elsewhere')
      : new NoDownload(response.status);
  }
  const etag = response.headers.get('etag');
  progress.etag = etag && !etag.startsWith('W/') && response.headers.get('accept-ranges') !== 'none' ? etag : null;
  await write(path, response, from);
  const type =
    (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() || 'application/octet-stream';
  return { path, size: await check(path, total, response, type), type };
};

const isFinal = (error: unknown): boolean =>
  (error instanceof NoDownload && error.status < 500 && error.status !== 429) ||
  (error as Error).name === 'OutgoingRefused';

/**
 * Downloads a complete file to `path`. An interrupted transfer is resumed where the server allows it (If-Range, RFC 9110, 13.1.5), else begun again, in 4
 * attempts at most. Throws the last error and removes the partial file.
 */
export const download = async (rest: Rest, url: string, path: string, signal: AbortSignal): Promise<Downloaded> => {
  const progress: Progress = { etag: null };
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(rest, url, path, progress, signal);
    } catch (error) {
      if (signal.aborted || isFinal(error) || attempt === ATTEMPTS) {
        await rm(path, { force: true });
        throw error;
      }
      await sleep(PAUSE_MS * 2 ** (attempt - 1), undefined, { signal }).catch(() => undefined);
    }
  }
};
