import { Webhook } from 'standardwebhooks';
import type { Api } from '../../faults/api.ts';
import { TOKEN } from '../../faults/program.ts';

export const SECRET = `whsec_${Buffer.from('a secret of the tests, 24').toString('base64')}`;
export const BEFORE = `whsec_${Buffer.from('the one before, 24 bytes').toString('base64')}`;

export interface Answer {
  status: number;
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever came
  body: any;
}

let count = 0;

/** Headers of a request that is signed as the reference implementation does it. */
export const signatureOf = (
  body: string | Buffer,
  { secret = SECRET, at = new Date() } = {},
): Record<string, string> => {
  const id = `msg_${++count}`;
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
};

const answerOf = async (response: Response): Promise<Answer> => {
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, type, body: /json/.test(type) ? JSON.parse(text) : text };
};

/** Another system that posts to one account of a hub. */
export const makeSender = (address: string, account: string) => {
  const post = async (body: string | Buffer, headers: Record<string, string>, path = `/webhooks/${account}/events`) =>
    answerOf(await fetch(address + path, { method: 'POST', body, headers, signal: AbortSignal.timeout(30_000) }));
  return {
    post,
    signed: (item: unknown, options: { secret?: string; at?: Date } = {}) => {
      const body = JSON.stringify(item);
      return post(body, signatureOf(body, options));
    },
    byToken: (item: unknown, token: string, path?: string) =>
      post(JSON.stringify(item), { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, path),
  };
};

export type Sender = ReturnType<typeof makeSender>;

/** An account that takes signed items; answers its id. */
export const addAccount = async (api: Api, name = 'Shop'): Promise<string> =>
  (
    await api.send<{ id: string }>('POST', '/accounts', {
      connector: 'webhook',
      name,
      config: { secrets: [SECRET, BEFORE] },
    })
  ).id;

/** A call of the API as the administrator, whatever it answers. */
export const ask = async (address: string, method: string, path: string, token = TOKEN): Promise<Answer> =>
  answerOf(await fetch(`${address}/api/v1${path}`, { method, headers: { authorization: `Bearer ${token}` } }));
