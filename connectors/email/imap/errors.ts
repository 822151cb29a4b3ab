import { ConnectorError, type Remedy } from '../../contract.ts';

/** Properties of errors of imapflow and Node; each may be missing. */
interface Clues {
  code?: unknown;
  message?: string;
  authenticationFailed?: boolean;
  serverResponseCode?: string;
  responseStatus?: string;
  responseText?: string;
  response?: unknown;
  /** text of a BYE, on commands that it left unanswered */
  reason?: string;
  oauthError?: { status?: string };
}

/** What an error means. */
export interface Fault {
  remedy: Remedy;
  /** stable, for logs and tests */
  code: string;
  /** why, and what to do */
  words: string;
}

const fault = (remedy: Remedy, code: string, words: string): Fault => ({ remedy, code, words });

const NETWORK: Record<string, string> = {
  ENOTFOUND: 'The name of the mail server is not known. Check the host.',
  EAI_AGAIN: 'The name of the mail server could not be looked up just now (DNS does not answer).',
  ECONNREFUSED: 'The mail server refuses connections on this port. Check the port, and that IMAP is switched on.',
  ECONNRESET: 'The mail server broke the connection off.',
  EPIPE: 'The mail server broke the connection off.',
  ETIMEDOUT: 'The mail server does not answer. Check host and port, and that no firewall is in the way.',
  CONNECT_TIMEOUT: 'The mail server does not answer. Check host and port, and that no firewall is in the way.',
  EHOSTUNREACH: 'There is no route to the mail server. Check the host and the network.',
  ENETUNREACH: 'There is no route to the mail server. Check the host and the network.',
  GREETING_TIMEOUT:
    'The port is open, but no IMAP server greets there. Check the port: 993 is for TLS, 143 for STARTTLS.',
  UPGRADE_TIMEOUT: 'The mail server did not finish the TLS handshake after STARTTLS.',
  ETIMEOUT: 'The mail server stopped answering.',
  NoConnection: 'The mail server closed the connection.',
  EConnectionClosed: 'The mail server closed the connection.',
  ClosedAfterConnectTLS: 'The mail server closed the connection before it greeted. Check port and security.',
  ClosedAfterConnectText:
    'The mail server closed the connection before it greeted. Check port and security: it may want TLS.',
  ETHROTTLE: 'The mail server slows us down (throttling).',
};

const CERTIFICATE: Record<string, string> = {
  CERT_HAS_EXPIRED: "The mail server's certificate has expired. Its operator must renew it.",
  CERT_NOT_YET_VALID: "The mail server's certificate is not valid yet. Check this machine's clock.",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "The mail server's certificate is for another name. Use the host name the certificate is made out to.",
  DEPTH_ZERO_SELF_SIGNED_CERT:
    "The mail server's certificate is self-signed, so it is not trusted. Give its CA certificate in the account.",
  SELF_SIGNED_CERT_IN_CHAIN:
    "The mail server's certificate comes from an unknown CA. Give that CA's certificate in the account.",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "The mail server's certificate comes from an unknown CA. Give that CA's certificate in the account.",
  UNABLE_TO_GET_ISSUER_CERT: "The mail server's certificate comes from an unknown CA.",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "The mail server's certificate comes from an unknown CA. Give that CA's certificate in the account.",
};

/** The response code (RFC 5530) of an answer as imapflow parsed it; '' without one. */
const responseCodeOf = ({ serverResponseCode, response }: Clues): string => {
  const parsed = response as { attributes?: { section?: { value?: unknown }[] }[] } | null | undefined;
  const code = serverResponseCode ?? parsed?.attributes?.[0]?.section?.[0]?.value ?? '';
  return String(code).toUpperCase();
};

/** Code of an error as text: some libraries' codes are numbers (MongoDB's). */
const codeOf = ({ code }: Clues): string => String(code ?? '');

const textOf = (error: Clues): string => {
  const said = typeof error.response === 'string' ? error.response : '';
  return `${said} ${error.responseText ?? ''} ${error.reason ?? ''} ${error.message ?? ''}`.trim();
};

/** Whether the server says "later" and not "wrong": by response codes of RFC 5530, or by usual words of servers without them. */
const isPassing = (error: Clues) =>
  ['UNAVAILABLE', 'INUSE', 'LIMIT', 'SERVERBUG'].includes(responseCodeOf(error)) ||
  /\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]|too many|try again|temporar|unavailable|throttl|rate limit|maximum number of connections/i.test(
    textOf(error),
  );

const refusedSignIn = (error: Clues): Fault => {
  const text = textOf(error);
  if (isPassing(error)) return fault('retry', 'sign-in-later', 'The mail server cannot sign us in just now.');
  if (/application-specific|app(lication)? password/i.test(text))
    return fault(
      'stop',
      'app-password',
      'This mailbox needs an app password. Make one at the provider and enter it here.',
    );
  if (/disabled/i.test(text) && /login|auth|imap/i.test(text))
    return fault(
      'stop',
      'sign-in-disabled',
      'The mail server does not allow this way to sign in here. Switch IMAP on, use TLS or STARTTLS, or use OAuth 2.0.',
    );
  if (error.oauthError)
    return fault('stop', 'token-refused', 'The mail server refused the OAuth 2.0 token. Connect the mailbox again.');
  return fault(
    'stop',
    'sign-in-refused',
    'The mail server refused user or password. Check both; some providers want an app password or OAuth 2.0.',
  );
};

const tlsFault = (error: Clues): Fault | undefined => {
  const words = CERTIFICATE[codeOf(error)];
  if (words) return fault('retry', 'certificate', words);
  if (/wrong version number|packet length too long|http request/i.test(error.message ?? ''))
    return fault('retry', 'not-tls', 'The server does not speak TLS on this port. Try STARTTLS or another port.');
  if (codeOf(error).startsWith('ERR_SSL') || error.code === 'EPROTO')
    return fault('retry', 'tls', 'The TLS handshake with the mail server failed.');
  return undefined;
};

const configFault = (error: Clues): Fault | undefined => {
  const message = error.message ?? '';
  if (/does not support STARTTLS|STARTTLS is not possible/i.test(message))
    return fault('stop', 'no-starttls', 'The mail server does not offer STARTTLS on this port. Use TLS (port 993).');
  if (/Login is disabled/i.test(message))
    return fault(
      'stop',
      'sign-in-disabled',
      'The mail server takes no password without encryption. Use TLS or STARTTLS.',
    );
  if (/Unsupported authentication mechanism|No matching authentication/i.test(message))
    return fault('stop', 'no-mechanism', 'The mail server offers no way to sign in that fits this account.');
  return undefined;
};

/** What any error means: remedy, code, and in words why and what to do. No personal data. */
export const explain = (error: unknown): Fault => {
  if (error instanceof ConnectorError) return fault(error.remedy, 'connector', error.message);
  const clues = (error ?? {}) as Clues;
  const known = configFault(clues) ?? tlsFault(clues);
  if (known) return known;
  if (clues.authenticationFailed) return refusedSignIn(clues);
  const code = codeOf(clues);
  const words = NETWORK[code];
  if (words) return fault('retry', code, words);
  if (clues.responseStatus)
    return fault('retry', `answered-${clues.responseStatus}`, 'The mail server refused a command.');
  if (code) return fault('retry', code, 'Talking to the mail server failed.');
  return fault('retry', 'unknown', 'Reading the mailbox failed by an error of the hub. It is tried again.');
};

/** The same as a ConnectorError. */
export const toConnectorError = (error: unknown): ConnectorError => {
  if (error instanceof ConnectorError) return error;
  const { remedy, words } = explain(error);
  return new ConnectorError(remedy, words, { cause: error });
};

/** Whether the server may answer if it is asked again later. */
const isLater = (clues: Clues): boolean => clues.code === 'ETHROTTLE' || isPassing(clues);

/** Whether the connection broke for a reason other than a busy or closing server, or an error of ours. */
export const isDrop = (error: unknown, { usable }: { usable: boolean }): boolean =>
  !usable && !isLater((error ?? {}) as Clues);

/** Whether a command was answered by NO or BAD, with the connection still good. */
export const isRefusedCommand = (error: unknown): boolean => {
  const clues = (error ?? {}) as Clues;
  return (clues.responseStatus === 'NO' || clues.responseStatus === 'BAD') && !isLater(clues);
};
