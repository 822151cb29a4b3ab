import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rfc2822, sidOf } from './twilio-words.ts';

/** A row of one of Twilio's lists, in its own field names (snake case). */
export type TwilioRow = { sid: string } & Record<string, unknown>;

const LISTS = ['Messages', 'Calls', 'Recordings', 'Transcriptions'] as const;
type List = (typeof LISTS)[number];

/** What the played Twilio account holds. */
export interface TwilioBook {
  add(list: List, row: TwilioRow): void;
  /** a recording's sound, by its SID */
  hold(sid: string, wav: Uint8Array): void;
}

export interface PlayedTwilio extends TwilioBook {
  /** host:port, which must be allowed in TALTEEN_OUTGOING_HOSTS */
  host: string;
  /** whom it lets in */
  admit(accountSid: string, authToken: string): void;
  close(): Promise<void>;
}

const send = (response: ServerResponse, status: number, body: object): ServerResponse =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

const sendSound = ({ headers }: IncomingMessage, response: ServerResponse, wav: Uint8Array): ServerResponse => {
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  const rest = wav.subarray(from);
  const headersOf = {
    'content-type': 'audio/x-wav',
    'content-length': rest.length,
    'accept-ranges': 'bytes',
    ...(from > 0 ? { 'content-range': `bytes ${from}-${wav.length - 1}/${wav.length}` } : {}),
  };
  return response.writeHead(from > 0 ? 206 : 200, headersOf).end(rest);
};

const readForm = async (request: IncomingMessage): Promise<URLSearchParams> => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return new URLSearchParams(Buffer.concat(pieces).toString());
};

/** What Twilio makes of a message that it is asked to send. */
const messageOf = (form: URLSearchParams): TwilioRow => {
  const now = rfc2822(new Date());
  return {
    sid: sidOf('SM'),
    from: form.get('From'),
    to: form.get('To'),
    body: form.get('Body'),
    num_media: '0',
    direction: 'outbound-api',
    status: 'queued',
    date_created: now,
    date_updated: now,
    date_sent: null,
  };
};

const ROUTE = /^\/2010-04-01\/Accounts\/(\w+)(?:\/(\w+)(?:\/(\w+))?)?(?:\.(json|wav))?$/;

/**
 * Plays the part of Twilio's REST API that the hub asks: what messages, calls and recordings there are, a recording's sound, and to send a message. The demo has no account
 * at Twilio; all that it does is what the real connector does with a real one.
 */
export const playTwilio = async (): Promise<PlayedTwilio> => {
  const lists: Record<List, TwilioRow[]> = { Messages: [], Calls: [], Recordings: [], Transcriptions: [] };
  const sounds = new Map<string, Uint8Array>();
  let admitted = '';

  const add = (list: List, row: TwilioRow): void => {
    lists[list].unshift(row);
    lists[list].splice(200);
  };

  /** It is on its way, and a moment later it has arrived: the next reading of the list tells. */
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<ServerResponse> => {
    const row = messageOf(await readForm(request));
    add('Messages', row);
    send(response, 201, row);
    const at = rfc2822(new Date());
    Object.assign(row, { status: 'delivered', date_sent: at, date_updated: at });
    return response;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<ServerResponse> => {
    const { pathname } = new URL(request.url ?? '/', 'http://twilio');
    const [, account, name, sid, kind] = ROUTE.exec(pathname) ?? [];
    if (!account || request.headers.authorization !== admitted)
      return send(response, 401, { code: 20003, status: 401, message: 'Authenticate' });
    if (!name) return send(response, 200, { sid: account, status: 'active' });
    const rows = lists[name as List];
    if (request.method === 'POST' && name === 'Messages' && !sid) return take(request, response);
    if (request.method !== 'GET') return send(response, 405, { code: 20004, status: 405, message: 'Not allowed' });
    if (rows && !sid)
      return send(response, 200, { [name.toLowerCase()]: rows, next_page_uri: null, page: 0, page_size: 500 });
    const sound = kind === 'wav' ? sounds.get(sid ?? '') : undefined;
    if (sound) return sendSound(request, response, sound);
    const row = rows?.find(one => one.sid === sid);
    return row ? send(response, 200, row) : send(response, 404, { code: 20404, status: 404, message: 'Not found' });
  };

  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    admit: (accountSid, authToken) => {
      admitted = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
    },
    add,
    hold: (sid, wav) => {
      sounds.set(sid, wav);
      for (const oldest of sounds.keys()) if (sounds.size > 50) sounds.delete(oldest);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
};
