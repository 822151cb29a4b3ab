import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { atEnd } from './closers.ts';

type Row = Record<string, unknown> & { sid: string };
type Fault = (request: IncomingMessage, response: ServerResponse, bytes: Buffer) => ServerResponse;

/** The faults a file can be fetched with. */
export const faults = {
  /** its length is said, and the connection is cut half way */
  cut: ((_, response, bytes) => {
    response.writeHead(200, {
      'content-type': 'audio/x-wav',
      'content-length': bytes.length,
      etag: '"v1"',
      'accept-ranges': 'bytes',
    });
    response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
    return response;
  }) as Fault,
  /** half of it, and an end that looks like one */
  short: ((_, response, bytes) => {
    response.writeHead(200, { 'content-type': 'audio/x-wav' });
    return response.end(bytes.subarray(0, bytes.length >> 1));
  }) as Fault,
  missing: ((_, response) => response.writeHead(404).end('{"code": 20404, "status": 404}')) as Fault,
  busy: ((_, response) => response.writeHead(503).end()) as Fault,
  redirectTo: (location: string): Fault => ((_, response) => response.writeHead(302, { location }).end()) as Fault,
};

/** A RIFF file with this many bytes of sound. */
export const wave = (length: number, channels = 1): Buffer => {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(16_000 * channels, 28);
  head.writeUInt16LE(2 * channels, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(length, 40);
  return Buffer.concat([head, Buffer.from(Array.from({ length }, (_, n) => (n * 31) & 0xff))]);
};

const LISTS = { Messages: 'DateSent>', Calls: 'StartTime>', Recordings: 'DateCreated>', Transcriptions: '' } as const;
type ListName = keyof typeof LISTS;
const DATES = {
  Messages: 'date_sent',
  Calls: 'start_time',
  Recordings: 'date_created',
  Transcriptions: 'date_created',
};

/**
 * Plays Twilio's REST API (2010-04-01) for one account: lists with their filters and pages, single ones, deletion, and files with Range. Times are
 * RFC 2822, as there.
 */
export const startTwilio = async ({
  account,
  token,
  pageSize = 1000,
}: {
  account: string;
  token: string;
  pageSize?: number;
}) => {
  const lists: Record<ListName, Row[]> = { Messages: [], Calls: [], Recordings: [], Transcriptions: [] };
  const media = new Map<string, (Row & { bytes: Buffer })[]>();
  const files = new Map<string, Buffer>();
  const planned = new Map<string, Fault[]>();
  const requests: { method: string; path: string; authorized: boolean; range: string | undefined }[] = [];
  const root = `/2010-04-01/Accounts/${account}`;
  const state: { token: string; pageSize: number; refuse?: number } = { token, pageSize };
  /** messages whose list of files isn't there any more */
  const withoutMedia = new Set<string>();

  const json = (response: ServerResponse, status: number, body: unknown): ServerResponse =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

  const list = (response: ServerResponse, name: ListName, url: URL, rows: readonly Row[]): ServerResponse => {
    const since = Date.parse(url.searchParams.get(LISTS[name]) ?? '');
    const size = Math.min(state.pageSize, Number(url.searchParams.get('PageSize') ?? 50));
    const page = Number(url.searchParams.get('Page') ?? 0);
    const wanted = rows.filter(row => !(Date.parse(String(row[DATES[name]])) < since)).reverse();
    url.searchParams.set('Page', String(page + 1));
    const more = wanted.length > (page + 1) * size;
    return json(response, 200, {
      [name.toLowerCase()]: wanted.slice(page * size, (page + 1) * size),
      next_page_uri: more ? url.pathname + url.search : null,
      page,
      page_size: size,
    });
  };

  const file = (
    request: IncomingMessage,
    response: ServerResponse,
    sid: string,
    type: string,
    bytes: Buffer,
  ): ServerResponse => {
    const fault = planned.get(sid)?.shift();
    if (fault) return fault(request, response, bytes);
    const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? Number.NaN);
    const headers = { 'content-type': type, etag: '"v1"', 'accept-ranges': 'bytes' };
    if (Number.isNaN(from)) return response.writeHead(200, { ...headers, 'content-length': bytes.length }).end(bytes);
    const rest = bytes.subarray(from);
    response.writeHead(206, {
      ...headers,
      'content-length': rest.length,
      'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
    });
    return response.end(rest);
  };

  /** Takes a message to be sent, as the API does. */
  const create = (response: ServerResponse, form: URLSearchParams): ServerResponse => {
    const refused = state.refuse;
    if (refused) return json(response, 400, { code: refused, status: 400, message: 'refused' });
    const now = rfc2822(new Date());
    const row = {
      sid: `SM${(lists.Messages.length + 0xfff000).toString(16).padStart(32, '0')}`,
      from: form.get('From'),
      to: form.get('To'),
      body: form.get('Body'),
      direction: 'outbound-api',
      status: 'queued',
      num_media: '0',
      error_code: null,
      error_message: null,
      date_created: now,
      date_updated: now,
      date_sent: null,
      status_callback: form.get('StatusCallback'),
    };
    lists.Messages.push(row);
    return json(response, 201, row);
  };

  const readForm = async (request: IncomingMessage): Promise<URLSearchParams> => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    return new URLSearchParams(Buffer.concat(pieces).toString());
  };

  const single = (request: IncomingMessage, response: ServerResponse, name: ListName, sid: string): ServerResponse => {
    const at = lists[name].findIndex(row => row.sid === sid);
    const row = lists[name][at];
    if (!row) return json(response, 404, { code: 20404, status: 404, message: 'not found' });
    if (request.method !== 'DELETE') return json(response, 200, row);
    lists[name].splice(at, 1);
    files.delete(sid);
    return response.writeHead(204).end();
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<ServerResponse> => {
    const url = new URL(request.url ?? '/', 'http://twilio');
    const authorized =
      request.headers.authorization === `Basic ${Buffer.from(`${account}:${state.token}`).toString('base64')}`;
    requests.push({ method: request.method ?? '', path: url.pathname, authorized, range: request.headers.range });
    if (!authorized) return json(response, 401, { code: 20003, status: 401, message: 'Authenticate' });
    if (url.pathname === `${root}.json`) return json(response, 200, { sid: account, status: 'active' });
    const [, owner, mediaSid] = /\/Messages\/(\w+)\/Media(?:\/(\w+))?(?:\.json)?$/.exec(url.pathname) ?? [];
    if (owner && withoutMedia.has(owner))
      return json(response, 404, { code: 20404, status: 404, message: 'not found' });
    if (owner && !mediaSid)
      return json(response, 200, { media_list: (media.get(owner) ?? []).map(({ bytes: _, ...row }) => row) });
    const picture = media.get(owner ?? '')?.find(({ sid }) => sid === mediaSid);
    if (picture) return file(request, response, picture.sid, String(picture.content_type), picture.bytes);
    const [, name, sid, kind] = new RegExp(`^${root}/(\\w+)(?:/(\\w+))?(\\.json|\\.wav)?$`).exec(url.pathname) ?? [];
    if (!name || !(name in LISTS)) return json(response, 404, { code: 20404, status: 404, message: 'not found' });
    if (!sid && request.method === 'POST') return create(response, await readForm(request));
    if (!sid) return list(response, name as ListName, url, lists[name as ListName]);
    const bytes = files.get(sid);
    if (name === 'Recordings' && kind === '.wav' && bytes) return file(request, response, sid, 'audio/x-wav', bytes);
    return single(request, response, name as ListName, sid);
  };

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    forget();
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  };
  const forget = atEnd(close);

  return {
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    lists,
    media,
    withoutMedia,
    files,
    requests,
    state,
    close,
    /** The next requests for this file go wrong like this, one after the other. */
    plan: (sid: string, ...how: Fault[]): void => void planned.set(sid, how),
  };
};

export type PlayedTwilio = Awaited<ReturnType<typeof startTwilio>>;

/** As the API writes times. */
export const rfc2822 = (at: Date): string => at.toUTCString().replace('GMT', '+0000');
