import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { Sources } from './sources.ts';

export interface TalkDeps {
  address: string;
  account: Sources['siteChat'];
  /** token of somebody at the desk */
  agentToken: string;
  signal: AbortSignal;
  /** ms between two messages */
  pause: () => number;
}

export interface Talk {
  name: string;
  email: string;
  /** the site has signed who it is */
  signed: boolean;
  /** the visitor begins, then in turn */
  lines: readonly string[];
}

const IDENTITY_SECONDS = 3600;
const ACK_MS = 15_000;

const identityOf = ({ name, email }: Talk, secret: string) => {
  const exp = Math.floor(Date.now() / 1000) + IDENTITY_SECONDS;
  const hmac = createHmac('sha256', secret).update(`email:${email}:${exp}`).digest('hex');
  return { type: 'email', value: email, name, exp, hmac };
};

const connected = async (socket: Socket): Promise<Socket> => {
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('connect_error', reject);
  });
  return socket;
};

const say = async (socket: Socket, message: object): Promise<void> => {
  const answer: { ok: boolean; error?: string } = await socket
    .timeout(ACK_MS)
    .emitWithAck('message', { id: randomUUID(), ...message });
  if (!answer.ok) throw new Error(`A chat message was refused: ${answer.error}`);
};

/** A chat from its first word to its last: a visitor through the widget's entrance, an agent through the page's. */
export const talkThrough = async (talk: Talk, deps: TalkDeps): Promise<void> => {
  const { address, account, agentToken, signal, pause } = deps;
  const identity = talk.signed ? { identity: identityOf(talk, account.identitySecret) } : {};
  const options = { forceNew: true, reconnection: false, transports: ['websocket'] };
  const visitor = io(`${address}/visitor`, { ...options, auth: { account: account.id, name: talk.name, ...identity } });
  const agent = io(`${address}/agent`, { ...options, auth: { token: agentToken } });
  try {
    const begun = new Promise<{ conversation: string }>(resolve => visitor.once('session', resolve));
    await Promise.all([connected(visitor), connected(agent)]);
    const { conversation } = await begun;
    for (const [n, text] of talk.lines.entries()) {
      if (n % 2 === 0) await say(visitor, { conversation, text });
      else await say(agent, { conversation, kind: 'message', text });
      await sleep(pause(), undefined, { signal });
    }
  } finally {
    visitor.close();
    agent.close();
  }
};
