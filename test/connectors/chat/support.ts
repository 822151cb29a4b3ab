import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { readConfig } from '../../../config/index.ts';
import { identityHmac } from '../../../connectors/chat/identity.ts';
import { startHub } from '../../../server/hub.ts';
import { makeLog } from '../../../server/logging.ts';
import { atEnd } from '../../support/closers.ts';
import { freshDb } from '../../support/mongod.ts';

export const TOKEN = 'a-token-of-the-tests-that-is-long-enough';
export const SECRET = 'the identity secret of the tests';

export interface Ack {
  ok: boolean;
  seq: number;
  error: string;
}

export interface Message {
  conversation: string;
  id: string;
  seq: number;
  kind: string;
  text: string;
  from: { role: string; name: string };
  at: string;
  parts: { n: number; name: string; type: string; size: number; url?: string }[];
}

export interface Session {
  session: string;
  conversation: string;
  ask: { name: boolean; email: boolean };
  keep: { unknown: string; customer: string };
}

export const identity = (value: string, { type = 'username', exp = Date.now() / 1000 + 600, secret = SECRET } = {}) => {
  const whole = { type, value, exp: Math.floor(exp) };
  return { ...whole, name: 'Päivi Mäkelä', hmac: identityHmac(secret, whole) };
};

/** A hub in this process on a database (its own unless it shares another's), and what outsiders do with it. */
export const openHub = async (shared?: { uri: string }, webRoot?: string) => {
  const { uri } = shared ?? (await freshDb());
  const folder = await mkdtemp(join(tmpdir(), 'chat-'));
  const config = readConfig({
    PORT: '0',
    TALTEEN_DATA: folder,
    MONGODB_URI: uri,
    TALTEEN_SECRET: 'a secret of the tests',
    TALTEEN_API_TOKEN: TOKEN,
    LOG_LEVEL: 'silent',
  });
  const hub = await startHub({
    config,
    log: makeLog('silent'),
    announce: () => undefined,
    ...(webRoot ? { webRoot } : {}),
  });
  const sockets: Socket[] = [];
  const close = async (): Promise<void> => {
    forget();
    for (const socket of sockets) socket.close();
    await hub.close();
    await rm(folder, { recursive: true, force: true });
  };
  const forget = atEnd(close);

  const call = async (method: string, path: string, body?: unknown, token = TOKEN) => {
    const response = await fetch(`${hub.address}/api/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    // biome-ignore lint/suspicious/noExplicitAny: tests read whatever came
    return { status: response.status, body: (text ? JSON.parse(text) : undefined) as any };
  };

  const connect = async (namespace: string, auth: object, origin?: string): Promise<Socket> => {
    const socket = io(`${hub.address}${namespace}`, {
      auth,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      ...(origin ? { extraHeaders: { origin } } : {}),
    });
    sockets.push(socket);
    return socket;
  };
  const opened = (socket: Socket): Promise<void> =>
    new Promise((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));

  /** A visitor's browser: what it was told, and what it says. Rejects with the connect_error. */
  const visitor = async (account: string, auth: object = {}, origin?: string) => {
    const socket = await connect('/visitor', { account, ...auth }, origin);
    const got: Message[] = [];
    socket.on('message', (message: Message) => got.push(message));
    const session = new Promise<Session>(resolve => socket.once('session', resolve));
    await opened(socket);
    const { ...known } = await session;
    const say = (text: string, over: object = {}): Promise<Ack> =>
      socket
        .timeout(8000)
        .emitWithAck('message', { id: randomUUID(), conversation: known.conversation, text, ...over });
    return { socket, got, ...known, say };
  };

  const agent = async (token = TOKEN) => {
    const socket = await connect('/agent', { token });
    const got: Message[] = [];
    const entries: { contact: string | null; entry: { id: string; interaction: string; preview: string } }[] = [];
    socket.on('message', (message: Message) => got.push(message));
    socket.on('entry', (entry: (typeof entries)[0]) => entries.push(entry));
    await opened(socket);
    const say = (conversation: string, text: string, over: object = {}): Promise<Ack> =>
      socket.timeout(8000).emitWithAck('message', { id: randomUUID(), conversation, kind: 'message', text, ...over });
    return { socket, got, entries, say };
  };

  const account = async (config: object = {}): Promise<string> => {
    const { status, body } = await call('POST', 'accounts', { connector: 'chat', name: randomUUID(), config });
    if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body.id;
  };

  return { hub, uri, call, connect, opened, visitor, agent, account, close };
};

export type ChatHub = Awaited<ReturnType<typeof openHub>>;

/** Waits until it holds; fails with its last answer after 8 seconds. */
export const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 400; tries++) {
    if (await holds()) return;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  throw new Error(`Waited in vain for ${what}.`);
};

/** Why it was refused; 'taken' when it wasn't. */
export const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'taken',
    (error: Error) => error.message,
  );
