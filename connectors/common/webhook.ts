import type { Failed, Raw, Received, Reply } from '../contract.ts';
import { rawOf } from './raw.ts';

/** A fault in a request's body; `pointer` is a JSON pointer (RFC 6901). */
export interface Fault {
  pointer: string;
  detail: string;
}

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Payload Too Large',
  422: 'Unprocessable Entity',
};

/** The JSON pointer (RFC 6901) of a path. */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map(step => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** A reply with a JSON body. */
export const json = (
  status: number,
  body: object,
  { type = 'application/json', headers = {} }: { type?: string; headers?: Record<string, string> } = {},
): Reply => ({
  status,
  headers: { 'Content-Type': type, 'Cache-Control': 'no-store', ...headers },
  body: JSON.stringify(body),
});

/** The result for a request without items: only this reply. */
export const nothing = (reply: Reply): Received => ({ items: [], failed: [], reply });

/** The result for a refused request: nothing is stored, and the reply is a problem document (RFC 9457). */
export const problem = (
  status: number,
  detail: string | undefined,
  {
    title = TITLES[status],
    errors,
    headers,
  }: { title?: string; errors?: readonly Fault[]; headers?: Record<string, string> } = {},
): Received => {
  const body = { type: 'about:blank', title, status, detail, ...(errors ? { errors } : {}) };
  return nothing(json(status, body, { type: 'application/problem+json', ...(headers ? { headers } : {}) }));
};

/** The parsed JSON of a body; undefined when it isn't UTF-8 or isn't JSON. */
export const parseBody = (body: Uint8Array, parse: (json: string) => unknown = JSON.parse): unknown => {
  try {
    return parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
};

/** The result for a signed body that can't be read: it goes to quarantine. `locator` must be the same when the same body comes again. */
export const quarantined = (
  locator: string,
  raw: Raw,
  { reason, reply }: Pick<Failed, 'reason'> & { reply: Reply },
): Received => ({
  items: [],
  failed: [{ locator, reason, size: raw.size, raw }],
  reply,
});

/** The result for a signed body that isn't JSON: it goes to quarantine, and the sender isn't asked to repeat what would only be the same. */
export const noJson = (body: Uint8Array): Received => {
  const raw = rawOf('application/octet-stream', body);
  return quarantined(`body/${raw.sha256}`, raw, {
    reason: 'The body was signed, but it is not JSON.',
    reply: json(202, {
      status: 'quarantined',
      error: 'The body is not JSON. It is kept, and shown to an administrator.',
    }),
  });
};
