import { ImapFlow } from 'imapflow';
import { type EmailConfig, portOf } from './config.ts';
import type { Tokens } from './oauth.ts';

/** We ask for literals of 4 MB at most. A server that sends far larger ones is broken or hostile. */
const MAX_LITERAL = 32 * 2 ** 20;

/** What a connection is opened with. `tokens`: with OAuth 2.0. */
export interface Dial {
  config: EmailConfig;
  tokens?: Tokens;
  signal?: AbortSignal;
}

const tlsOf = ({ tls }: EmailConfig) => ({
  ...(tls?.ca && { ca: tls.ca }),
  ...(tls?.servername && { servername: tls.servername }),
});

const optionsOf = (config: EmailConfig, accessToken?: string) => ({
  host: config.host,
  port: portOf(config),
  secure: config.security === 'tls',
  doSTARTTLS: config.security === 'starttls',
  ...(config.tls?.servername && { servername: config.tls.servername }),
  tls: tlsOf(config),
  auth: { user: config.user, ...(accessToken ? { accessToken } : { pass: config.password ?? '' }) },
  clientInfo: { name: 'Talteen', vendor: 'Talteen', 'support-url': false as const },
  // imapflow's logs would contain mail, and all failures show as errors
  logger: false as const,
  disableAutoIdle: true,
  // deflating mail that is mostly base64 costs more than it saves; no MODSEQ in every FETCH row
  disableCompression: true,
  disableAutoEnable: true,
  disableIMAP4rev2: true,
  disableBinary: true,
  connectionTimeout: 30_000,
  socketTimeout: 120_000,
  maxLiteralSize: MAX_LITERAL,
  maxResponseSize: 2 * MAX_LITERAL,
});

const connect = async (options: ReturnType<typeof optionsOf>, signal?: AbortSignal): Promise<ImapFlow> => {
  const client = new ImapFlow(options);
  // an error is also the rejection of the command under way, or the close that follows
  client.on('error', () => {});
  const abort = () => client.close();
  signal?.addEventListener('abort', abort, { once: true });
  client.once('close', () => signal?.removeEventListener('abort', abort));
  try {
    signal?.throwIfAborted();
    await client.connect();
    return client;
  } catch (error) {
    client.close();
    throw error;
  }
};

/**
 * Opens a signed-in connection (RFC 3501; XOAUTH2 or OAUTHBEARER with OAuth 2.0). A refused token is refreshed once.
 * Aborting `signal` closes it. Throws what imapflow throws; `explain` says what it means.
 */
export const openClient = async ({ config, tokens, signal }: Dial): Promise<ImapFlow> => {
  if (!tokens) return connect(optionsOf(config), signal);
  try {
    return await connect(optionsOf(config, await tokens.get()), signal);
  } catch (error) {
    if (!(error as { authenticationFailed?: boolean }).authenticationFailed) throw error;
    tokens.forget();
    return connect(optionsOf(config, await tokens.get()), signal);
  }
};
