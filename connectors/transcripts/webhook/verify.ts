import { createHmac } from 'node:crypto';
import { isSame } from '../../common/raw.ts';
import { ConnectorError, type WebhookRequest } from '../../contract.ts';
import { instantOf } from '../instant.ts';

/** How far a dated request may be from now. */
const WINDOW_MS = 5 * 60_000;

export type Signed = Pick<WebhookRequest, 'headers' | 'body'>;

const header = ({ headers }: Signed, name: string): string => {
  const value = headers[name];
  const only = Array.isArray(value) ? value[0] : value;
  if (!only) throw new ConnectorError('reject', `The header ${name} is missing.`);
  return only.trim();
};

const hmac = (algorithm: string, secret: string, ...pieces: (string | Uint8Array)[]): string => {
  const made = createHmac(algorithm, secret);
  for (const piece of pieces) made.update(piece);
  return made.digest('hex');
};

const expectSame = (given: string, expected: string): void => {
  if (!isSame(given.toLowerCase(), expected)) throw new ConnectorError('reject', 'The signature is wrong.');
};

/** Only what was signed is looked at: call it after the signature was found right. */
const expectRecent = (timestamp: string, now: Date): void => {
  const at = instantOf(timestamp);
  if (!at || Math.abs(now.getTime() - at.getTime()) > WINDOW_MS)
    throw new ConnectorError('reject', 'The request is more than five minutes old, or its date is no date.');
};

/** Chatwoot: `sha256=` and the hex HMAC-SHA256 of the timestamp (Unix seconds), a dot and the body. */
const verifyChatwoot = (secret: string, request: Signed, now: Date): void => {
  const timestamp = header(request, 'x-chatwoot-timestamp');
  const given = header(request, 'x-chatwoot-signature').replace(/^sha256=/i, '');
  expectSame(given, hmac('sha256', secret, `${timestamp}.`, request.body));
  expectRecent(timestamp, now);
};

/** Crisp: hex HMAC-SHA256 of `[timestamp;body]`, the timestamp in Unix milliseconds. */
const verifyCrisp = (secret: string, request: Signed, now: Date): void => {
  const timestamp = header(request, 'x-crisp-request-timestamp');
  const given = header(request, 'x-crisp-signature');
  expectSame(given, hmac('sha256', secret, `[${timestamp};`, request.body, ']'));
  expectRecent(timestamp, now);
};

/** tawk.to: hex HMAC-SHA1 of the body; it is not dated. */
const verifyTawk = (secret: string, request: Signed): void =>
  expectSame(header(request, 'x-tawk-signature'), hmac('sha1', secret, request.body));

/** Pure. Throws ConnectorError `reject` when a signature is missing, wrong or too old. */
export const verifiers: Readonly<Record<string, (secret: string, request: Signed, now: Date) => void>> = {
  chatwoot: verifyChatwoot,
  crisp: verifyCrisp,
  tawk: verifyTawk,
};
