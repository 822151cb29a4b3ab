import { createHmac } from 'node:crypto';
import { isSame } from '../common/raw.ts';
import { ConnectorError, type WebhookRequest } from '../contract.ts';
import { keyOf } from './config.ts';

/** Tolerance for the timestamp in both directions, since a sender's clock may be ahead of ours. */
const WINDOW_SECONDS = 5 * 60;

type Headers = WebhookRequest['headers'];

const refuse = (why: string): never => {
  throw new ConnectorError('reject', why);
};

const one = (headers: Headers, name: string): string => {
  const value = headers[name];
  return (typeof value === 'string' && value.trim()) || refuse(`The header ${name} is missing.`);
};

/** Whether a request claims to be signed. */
export const isSigned = (headers: Headers): boolean => headers['webhook-signature'] !== undefined;

/**
 * Verifies a signature by Standard Webhooks 1.0 (https://www.standardwebhooks.com): HMAC-SHA256 over id, timestamp and the body's bytes, by any of the secrets.
 * `now` in Unix seconds. Throws ConnectorError ('reject').
 */
export const verify = (secrets: readonly string[], headers: Headers, body: Uint8Array, now: number): void => {
  const id = one(headers, 'webhook-id');
  const timestamp = one(headers, 'webhook-timestamp');
  const signatures = one(headers, 'webhook-signature').split(' ');
  if (!/^\d{1,12}$/.test(timestamp)) refuse('The header webhook-timestamp is no time in Unix seconds.');
  if (secrets.length === 0) refuse('This account has no secret.');
  const expected = secrets.map(
    secret => `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest('base64')}`,
  );
  const matches = signatures.some(given => expected.some(right => isSame(given, right)));
  if (!matches) refuse('The signature is wrong.');
  const age = now - Number(timestamp);
  if (age > WINDOW_SECONDS) refuse('The request was signed more than five minutes ago.');
  if (age < -WINDOW_SECONDS) refuse('The request is dated more than five minutes ahead.');
};
