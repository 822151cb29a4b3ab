import { rawOf } from '../../common/raw.ts';
import { parseBody, problem, quarantined } from '../../common/webhook.ts';
import type { Account, Captured, Raw, Received, Reply, WebhookRequest } from '../../contract.ts';
import { addressOf } from '../address.ts';
import type { TwilioConfig } from '../config.ts';
import type { Hints } from '../hints.ts';
import type { FileTask } from '../rest/files.ts';
import { readCall, readRecording, readTranscription } from './calls.ts';
import { type Fields, fieldsOf, paramsOfJson, WrongShape } from './fields.ts';
import { mediaHints, readMessage, readMessageStatus } from './messages.ts';
import { formOf, isJson, type Params, verify } from './verify.ts';

/** See `Connector.webhooks`. */
export const webhooks = ['messages', 'message-status', 'calls', 'call-status', 'recordings', 'transcriptions'] as const;
type Path = (typeof webhooks)[number];

const XML = { 'Content-Type': 'text/xml' };
const EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>';
const NOTHING: Reply = { status: 204 };
const SILENT: Reply = { status: 200, headers: XML, body: EMPTY };

const replyTo = (path: Path, { callAnswer }: TwilioConfig): Reply => {
  if (path === 'messages') return SILENT;
  if (path === 'calls') return { ...SILENT, body: callAnswer || EMPTY };
  return NOTHING;
};

/** The result for a signed body that can't be parsed: it goes to quarantine. */
const unreadable = (raw: Raw): Received =>
  quarantined(`webhook/${raw.sha256}`, raw, {
    reason: 'The request is signed, but its body can not be read.',
    reply: { status: 202 },
  });

/** The items in a signed request. Pure; throws WrongShape. */
const read = (path: Path, fields: Fields, raw: Raw, now: Date, config: TwilioConfig): Captured[] => {
  if (path === 'messages') return readMessage(fields, raw, now);
  if (path === 'message-status') return readMessageStatus(fields, raw, now);
  if (path === 'recordings') return readRecording(fields, raw, now, config.recordingNotice ?? null);
  if (path === 'transcriptions') return readTranscription(fields, raw, now);
  return readCall(fields, raw, now);
};

/** The files that a request announces. */
const tasksOf = (path: Path, fields: Fields, now: Date): FileTask[] => {
  const createdAt = now.getTime();
  if (path === 'messages') {
    const owner = fields.sid('MessageSid') ?? fields.sid('SmsSid') ?? '';
    const { channel } = addressOf(fields.optional('From') ?? '');
    return mediaHints(fields).map(({ sid, type }) => ({ kind: 'media', sid, owner, channel, type, createdAt }));
  }
  const [sid, call, conference] = ['RecordingSid', 'CallSid', 'ConferenceSid'].map(fields.sid);
  const owner = call ? { call } : conference ? { conference } : null;
  const state = fields.optional('RecordingStatus') ?? 'completed';
  if (!sid || !owner || state !== 'completed' || path === 'transcriptions') return [];
  const durationSeconds = fields.number('RecordingDuration');
  const channels = fields.number('RecordingChannels') || undefined;
  return [{ kind: 'recording', sid, owner, durationSeconds, channels, createdAt }];
};

const paramsIn = (request: WebhookRequest): Params | null => {
  if (!isJson(request)) return formOf(request);
  try {
    return paramsOfJson(parseBody(request.body));
  } catch {
    return null; // nested more deeply than JSON.stringify can write
  }
};

const rawIn = ({ method, query, body, headers }: WebhookRequest): Raw => {
  const given = headers['content-type'];
  const type = (Array.isArray(given) ? given[0] : given)?.split(';')[0]?.trim().toLowerCase();
  const bytes = method === 'GET' ? Buffer.from(query) : body;
  return rawOf(type || 'application/x-www-form-urlencoded', bytes);
};

const isPath = (path: string): path is Path => (webhooks as readonly string[]).includes(path);

/** `Connector.receive`: verifies and reads Twilio's webhooks, and passes files that they announce on to the pull. Fetches nothing itself. */
export const makeReceive =
  (hints: Hints, clock: () => Date = () => new Date()) =>
  async (account: Account<TwilioConfig>, request: WebhookRequest): Promise<Received> => {
    const { path } = request;
    if (!isPath(path)) return problem(404, 'There is no such webhook.');
    if (!['POST', 'GET'].includes(request.method)) return problem(405, 'Webhooks are sent by POST or GET.');
    verify(request, account.config);
    const raw = rawIn(request);
    const params = paramsIn(request);
    if (!params) return unreadable(raw);
    const fields = fieldsOf(params);
    const now = clock();
    try {
      const items = read(path, fields, raw, now, account.config);
      hints.give(account.id, tasksOf(path, fields, now));
      return { items, failed: [], reply: replyTo(path, account.config) };
    } catch (error) {
      if (!(error instanceof WrongShape)) throw error;
      const detail = `${error.field}: ${error.message}`;
      const errors = [{ pointer: `/${error.field}`, detail }];
      return problem(422, detail, { title: 'The request has the wrong shape', errors });
    }
  };
