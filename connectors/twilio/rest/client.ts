import type { Twilio } from 'twilio';
import type { OutgoingFetch } from '../../common/fetch.ts';
import { apiUrlOf, type TwilioConfig } from '../config.ts';

const TIMEOUT = 30_000;

interface ApiRequest {
  method: string;
  uri: string;
  headers?: Record<string, string>;
  params?: Record<string, unknown>;
  data?: Record<string, unknown>;
}

const formOf = (fields: Record<string, unknown>): URLSearchParams => {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== null) form.append(name, String(one));
  return form;
};

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/**
 * Access to Twilio's REST API at the account's address, through the fetch that reaches allowed hosts only. While auth tokens are rotated, the previous one is
 * tried too.
 */
export const makeRest = (config: TwilioConfig, fetch: OutgoingFetch, signal: AbortSignal) => {
  const { accountSid, authToken, previousAuthToken } = config;
  const base = apiUrlOf(config);
  let tokens = [authToken, previousAuthToken].filter((token): token is string => !!token);

  const authorisation = (): string => basic(accountSid, tokens[0] ?? '');

  /** Sends a request with the current token; after a 401 again with the other one, which is kept if it works. */
  const authorised = async <T extends { status: number }>(send: (authorization: string) => Promise<T>): Promise<T> => {
    const first = await send(authorisation());
    const [refused, other] = tokens;
    if (first.status !== 401 || !refused || !other) return first;
    const second = await send(basic(accountSid, other));
    if (second.status !== 401) tokens = [other, refused];
    return second;
  };

  const request = async ({ method, uri, headers = {}, params = {}, data }: ApiRequest) => {
    const { pathname, searchParams } = new URL(uri);
    for (const [name, value] of formOf(params)) searchParams.append(name, value);
    const query = searchParams.size > 0 ? `?${searchParams}` : '';
    const response = await authorised(authorization =>
      fetch(`${base}${pathname}${query}`, {
        method: method.toUpperCase(),
        headers: { ...headers, Authorization: authorization },
        ...(data ? { body: formOf(data).toString() } : {}),
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
      }),
    );
    return { statusCode: response.status, body: await response.text(), headers: {} };
  };

  let client: Promise<Twilio> | undefined;
  const makeClient = async (): Promise<Twilio> => {
    const { default: Client } = await import('twilio/lib/rest/Twilio.js');
    // given here, since the package would read them from the environment
    const env = { TWILIO_REGION: '', TWILIO_EDGE: '' };
    const httpClient = { request } as never;
    return new Client(accountSid, tokens[0], { httpClient, env }) as unknown as Twilio;
  };

  return {
    /** Twilio's own client, loaded at its first use */
    client: (): Promise<Twilio> => {
      client ??= makeClient();
      return client;
    },
    /** URL of a resource of the account */
    urlOf: (path: string): string => `${base}/2010-04-01/Accounts/${accountSid}/${path}`,
    get: (url: string, headers: Record<string, string>, stop: AbortSignal) =>
      authorised(authorization =>
        fetch(url, {
          headers: { ...headers, Authorization: authorization },
          signal: AbortSignal.any([signal, stop]),
        }),
      ),
  };
};
export type Rest = ReturnType<typeof makeRest>;
