import { validateRequest, validateRequestWithBody } from 'twilio/lib/webhooks/webhooks.js';
import { ConnectorError, type WebhookRequest } from '../../contract.ts';
import type { TwilioConfig } from '../config.ts';

/** Parameters of a request. A repeated one has a list of values. */
export type Params = Record<string, string | string[]>;

const paramsOf = (text: string): Params => {
  const params: Params = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    const before = params[name];
    params[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return params;
};

const headerOf = ({ headers }: WebhookRequest, name: string): string => {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
};

/** Whether the body is JSON, by its Content-Type. */
export const isJson = (request: WebhookRequest): boolean =>
  /^application\/([\w.-]+\+)?json\b/i.test(headerOf(request, 'content-type'));

/** The parameters in the form body or, with GET and HEAD, in the query. */
export const formOf = ({ method, query, body }: WebhookRequest): Params =>
  paramsOf(method === 'GET' || method === 'HEAD' ? query : Buffer.from(body).toString('utf8'));

/**
 * Whether Twilio signed the request with this token. The signature covers our address as configured at Twilio with all form parameters or, where the query has
 * `bodySHA256`, the address, and through that hash the body. A JSON body without it isn't covered at all. https://www.twilio.com/docs/usage/security
 */
const isSignedBy = (token: string, request: WebhookRequest): boolean => {
  const { method, url = '', query, body } = request;
  const signature = headerOf(request, 'x-twilio-signature');
  const coversBody = new URLSearchParams(query).has('bodySHA256');
  if (coversBody && validateRequestWithBody(token, signature, url, Buffer.from(body) as unknown as string)) return true;
  if (isJson(request)) return false;
  const byQuery = method === 'GET' || method === 'HEAD';
  return validateRequest(token, signature, url, byQuery ? {} : formOf(request));
};

/** Throws ConnectorError ('reject') unless the request is signed with the account's auth token, or with the previous one while tokens are rotated. Pure. */
export const verify = (request: WebhookRequest, { authToken, previousAuthToken }: TwilioConfig): void => {
  if (!headerOf(request, 'x-twilio-signature')) throw new ConnectorError('reject', 'The request is not signed.');
  const tokens = [authToken, previousAuthToken].filter((token): token is string => !!token);
  if (tokens.some(token => isSignedBy(token, request))) return;
  throw new ConnectorError(
    'reject',
    'The signature is wrong. It must be made with the auth token of this account, over the address that the account shows.',
  );
};
