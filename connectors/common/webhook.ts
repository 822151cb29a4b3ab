import type { Failed, Raw, Received, Reply } from '../contract.ts';
import { rawOf } from './raw.ts';

/** A fault of a body, named by JSON pointer (RFC 6901). */
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

/** RFC 6901 */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map(step => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** An answer in JSON. */
export const json = (
  status: number,
  body: object,
  { type = 'application/json', headers = {} }: { type?: string; headers?: Record<string, string> } = {},
): Reply => ({
  status,
  headers: { 'Content-Type': type, 'Cache-Control': 'no-store', ...headers },
  body: JSON.stringify(body),
});

/** An answer to what brings nothing in. */
export const nothing = (reply: Reply): Received => ({ items: [], failed: [], reply });

/** Nothing is stored, and the answer is a problem document (RFC 9457). */
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

/** The body as JSON; undefined when its bytes are none. */
export const parseBody = (body: Uint8Array, parse: (json: string) => unknown = JSON.parse): unknown => {
  try {
    return parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
};

/** What was signed and can't be read is kept for somebody to look at. Its locator must be the same when it comes again. */
export const quarantined = (
  locator: string,
  raw: Raw,
  { reason, reply }: Pick<Failed, 'reason'> & { reply: Reply },
): Received => ({
  items: [],
  failed: [{ locator, reason, size: raw.size, raw }],
  reply,
});

/** Signed bytes that are no JSON: kept, and accepted, for they would be the same when they came again. */
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
