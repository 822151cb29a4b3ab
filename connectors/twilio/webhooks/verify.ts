import { validateRequest, validateRequestWithBody } from 'twilio/lib/webhooks/webhooks.js';
import { ConnectorError, type WebhookRequest } from '../../contract.ts';
import type { TwilioConfig } from '../config.ts';

/** Parameters as they were sent: one that is repeated is a list. */
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

export const isJson = (request: WebhookRequest): boolean =>
  /^application\/([\w.-]+\+)?json\b/i.test(headerOf(request, 'content-type'));

/** The parameters of a form or, by GET, of the query. */
export const formOf = ({ method, query, body }: WebhookRequest): Params =>
  paramsOf(method === 'GET' || method === 'HEAD' ? query : Buffer.from(body).toString('utf8'));

/**
 * Whether Twilio signed it: over our address as it is configured and all parameters of a form or, where the query has a `bodySHA256`, over the
 * address and by that the body. A JSON body without one isn't signed at all. https://www.twilio.com/docs/usage/security
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

/** Throws ConnectorError ('reject') unless it is signed by the account's auth token, or by the one before while tokens are changed. Pure. */
export const verify = (request: WebhookRequest, { authToken, previousAuthToken }: TwilioConfig): void => {
  if (!headerOf(request, 'x-twilio-signature')) throw new ConnectorError('reject', 'The request is not signed.');
  const tokens = [authToken, previousAuthToken].filter((token): token is string => !!token);
  if (tokens.some(token => isSignedBy(token, request))) return;
  throw new ConnectorError(
    'reject',
    'The signature is wrong. It must be made with the auth token of this account, over the address that the account shows.',
  );
};
