import { isSame, rawOf, sha256 } from '../common/raw.ts';
import { json, nothing, problem, quarantined } from '../common/webhook.ts';
import { type Account, ConnectorError, type Received, type Reply, type WebhookRequest } from '../contract.ts';
import type { CalllogConfig } from './config.ts';
import { contextOf, type HubDefaults } from './context.ts';
import { documentItems } from './files/read-documents.ts';
import { documentOf } from './posted.ts';
import { BadRecord } from './types.ts';

type Verdict = 'fine' | 'unnamed';

/**
 * Checks HTTP Basic credentials (RFC 7617) against the account's, unless the request came with a token. 'unnamed' when it has none, so that it is to be
 * challenged. Pure; throws ConnectorError ('reject') when they are wrong or the account has none.
 */
export const verify = (
  { username, password }: Pick<CalllogConfig, 'username' | 'password'>,
  { headers, authenticated }: Pick<WebhookRequest, 'headers' | 'authenticated'>,
): Verdict => {
  if (authenticated) return 'fine';
  const given = /^Basic ([A-Za-z0-9+/=_-]+)\s*$/i.exec(String(headers.authorization ?? ''))?.[1];
  if (!username || !password)
    throw new ConnectorError('reject', 'This account has no username and password yet, so nobody may post to it.');
  if (given === undefined) return 'unnamed';
  const isRight = isSame(sha256(Buffer.from(given, 'base64')), sha256(`${username}:${password}`));
  if (!isRight) throw new ConnectorError('reject', 'Username or password is wrong.');
  return 'fine';
};

const textOf = (body: Uint8Array): string =>
  Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');

const refused = (status: number, title: string): Received => problem(status, undefined, { title });

const wrongShape = ({ message }: BadRecord): Received => {
  const [field = '', ...detail] = message.split(': ');
  const errors = [{ pointer: `/${field.replaceAll('.', '/')}`, detail: detail.join(': ') }];
  return problem(422, message, { title: 'The record has the wrong shape', errors });
};

/**
 * The reply to a body that can't be read. From a switch it is put into quarantine, since the switch would only send the same again; a sender with a token is
 * told.
 */
const unreadable = ({ body, authenticated }: WebhookRequest): Received => {
  if (authenticated) return refused(400, 'The body is no call record, in JSON or XML');
  const raw = rawOf('application/octet-stream', body);
  const reason = 'What was posted is no call record, in JSON or XML.';
  return quarantined(`document/${raw.sha256}/1`, raw, { reason, reply: json(202, { status: 'kept' }) });
};

const challenge: Reply = {
  status: 401,
  headers: { 'www-authenticate': 'Basic realm="Call records", charset="UTF-8"' },
};

/** `Connector.receive`: records that FreeSWITCH's mod_json_cdr or mod_xml_cdr posts. */
export const makeReceive =
  (defaults: HubDefaults) =>
  async (account: Account<CalllogConfig>, request: WebhookRequest): Promise<Received> => {
    if (request.path !== 'cdr' && request.path !== 'items') return refused(404, 'Not found');
    if (verify(account.config, request) === 'unnamed') return nothing(challenge);
    if (request.method !== 'POST' && request.method !== 'PUT') return refused(405, 'Records are posted');
    const text = documentOf(textOf(request.body));
    if (text === null) return unreadable(request);
    try {
      const context = contextOf({ ...account.config, dialect: 'freeswitch' }, defaults);
      const read = await documentItems(context, text, { strict: true });
      if (!read) return unreadable(request);
      return { ...read, reply: json(200, { status: 'ok' }) };
    } catch (error) {
      if (error instanceof BadRecord) return wrongShape(error);
      throw error;
    }
  };
