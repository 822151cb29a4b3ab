import { type OutgoingFetch, type OutgoingResponse, outgoingRefusal } from '../../common/fetch.ts';
import { type Account, ConnectorError } from '../../contract.ts';
import type { EmailConfig } from './config.ts';

type OAuth2 = NonNullable<EmailConfig['oauth2']>;

/** The part of the hub's fetch that is used here. */
export type Fetch = (
  ...asked: Required<Parameters<OutgoingFetch>>
) => Promise<Pick<OutgoingResponse, 'ok' | 'status' | 'json'>>;

/** Token hosts of the usual providers, which the hub may reach without being listed in TALTEEN_OUTGOING_HOSTS. */
export const TOKEN_HOSTS = ['oauth2.googleapis.com', 'login.microsoftonline.com', 'api.login.yahoo.com'] as const;

/** Access tokens of one account. */
export interface Tokens {
  /** a valid access token; asks the token address only shortly before the last one expires */
  get(): Promise<string>;
  /** drops the current token, since the mail server refused it */
  forget(): void;
}

/** A token isn't used in the last seconds before it expires. */
const MARGIN = 60;

const form = (of: OAuth2, refreshToken: string) =>
  new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: of.clientId,
    refresh_token: refreshToken,
    ...(of.clientSecret && { client_secret: of.clientSecret }),
    ...(of.scope && { scope: of.scope }),
  }).toString();

const refused = (status: number, error: unknown): ConnectorError => {
  const final = status === 400 || status === 401 || status === 403;
  const passing = error === 'temporarily_unavailable' || error === 'server_error';
  if (!final || passing) return new ConnectorError('retry', `The token address answers ${status} just now.`);
  return new ConnectorError('stop', 'The OAuth 2.0 access was withdrawn or has expired. Connect the mailbox again.');
};

const unreachable = (cause: Error): never => {
  throw (
    outgoingRefusal(cause) ?? new ConnectorError('retry', 'The OAuth 2.0 token address cannot be reached.', { cause })
  );
};

const ask = async (fetch: Fetch, of: OAuth2, refreshToken: string) => {
  const answer = await fetch(of.tokenUrl, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: form(of, refreshToken),
    signal: AbortSignal.timeout(30_000),
  }).catch(unreachable);
  const body = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  if (!answer.ok) throw refused(answer.status, body.error);
  if (typeof body.access_token !== 'string')
    throw new ConnectorError('retry', 'The OAuth 2.0 token address answered without a token.');
  return body;
};

const makeTokens = (fetch: Fetch, of: OAuth2, { remember, log }: Pick<Account, 'remember' | 'log'>): Tokens => {
  let refreshToken = of.refreshToken;
  let remembered = refreshToken;
  let token = '';
  let until = 0;
  let asking: Promise<string> | undefined;

  /** Stores a new refresh token. When that fails, the token is used all the same, and stored when a token is asked for next. */
  const keep = async (): Promise<void> => {
    if (refreshToken === remembered || !remember) return;
    const now = refreshToken;
    try {
      await remember({ oauth2: { refreshToken: now } });
      remembered = now;
    } catch (error) {
      log.warn({ error: (error as Error).name }, 'a new refresh token could not be kept yet');
    }
  };

  const refresh = async (): Promise<void> => {
    const body = await ask(fetch, of, refreshToken);
    token = body.access_token as string;
    until = Date.now() + ((Number(body.expires_in) || 3600) - MARGIN) * 1000;
    if (typeof body.refresh_token === 'string' && body.refresh_token) refreshToken = body.refresh_token;
  };

  const current = async (): Promise<string> => {
    if (!token || Date.now() >= until) await refresh();
    await keep();
    return token;
  };

  return {
    get() {
      asking ??= current().finally(() => {
        asking = undefined;
      });
      return asking;
    },
    forget() {
      until = 0;
    },
  };
};

/**
 * Access tokens of an account from its refresh token (RFC 6749, section 6); undefined when the account has a password instead. A new refresh token in an answer
 * replaces the old one and is stored in the account (`Account.remember`).
 */
export const tokensOf = (fetch: Fetch, account: Account<EmailConfig>): Tokens | undefined =>
  account.config.oauth2 ? makeTokens(fetch, account.config.oauth2, account) : undefined;
