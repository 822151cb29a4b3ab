import { cutName } from '../../common/cut.ts';
import type { Captured, Raw } from '../../contract.ts';
import { messageItem, statusItem } from '../items/message.ts';
import type { Fields } from './fields.ts';

const sidOf = (fields: Fields): string =>
  fields.sid('MessageSid') ?? fields.sid('SmsSid') ?? fields.neededSid('MessageSid');

/** A location that was sent by WhatsApp, in words; undefined when there is none. */
const placeOf = ({ optional }: Fields): string | undefined => {
  const [latitude, longitude] = [optional('Latitude'), optional('Longitude')];
  if (!latitude || !longitude) return undefined;
  const at = `${latitude}, ${longitude}`;
  return [optional('Label'), optional('Address'), at].filter(Boolean).join(', ');
};

/** Reads the webhook of an incoming message: SMS, MMS, WhatsApp. */
const readIncoming = (fields: Fields, raw: Raw, now: Date): Captured[] => {
  const { optional, needed, number, text } = fields;
  const told = {
    sid: sidOf(fields),
    from: needed('From'),
    to: needed('To'),
    direction: optional('Direction')?.startsWith('outbound') ? ('outbound' as const) : ('inbound' as const),
    at: now,
    body: text('Body') ?? '',
    files: number('NumMedia') ?? 0,
    name: cutName(text('ProfileName') ?? ''),
    optOut: optional('OptOutType'),
    place: placeOf(fields),
  };
  return [messageItem(told, raw)];
};

/** Reads a webhook about the delivery of an outgoing message. */
export const readMessageStatus = (fields: Fields, raw: Raw, now: Date): Captured[] => {
  const { optional, needed, text } = fields;
  const told = {
    sid: sidOf(fields),
    from: optional('From') ?? '',
    to: optional('To') ?? '',
    state: (optional('MessageStatus') ?? optional('SmsStatus') ?? needed('MessageStatus')).toLowerCase(),
    at: now,
    errorCode: optional('ErrorCode'),
    errorMessage: cutName(text('ErrorMessage') ?? ''),
  };
  return [statusItem(told, raw)];
};

/** States of an incoming message: https://www.twilio.com/docs/messaging/api/message-resource#message-status-values */
const CAME_IN = /^receiv(ing|ed)$/i;

/**
 * Reads a request to the webhook for messages: an incoming message, or the delivery state of an outgoing one, where a Messaging Service has one address for
 * both. Only the latter has `MessageStatus`: https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
 */
export const readMessage = (fields: Fields, raw: Raw, now: Date): Captured[] => {
  const state = fields.optional('MessageStatus');
  return !state || CAME_IN.test(state) ? readIncoming(fields, raw, now) : readMessageStatus(fields, raw, now);
};

/** A file that a webhook announces: SID and media type. */
export interface MediaHint {
  sid: string;
  type: string | undefined;
}

/** The files of a message, by the SIDs at the ends of their addresses. The addresses themselves are never requested. */
export const mediaHints = ({ optional, number }: Fields): MediaHint[] =>
  Array.from({ length: Math.min(number('NumMedia') ?? 0, 50) }, (_, n) => n).flatMap(n => {
    const sid = /\/Media\/(ME\w{1,62})(?:[/?#]|$)/.exec(optional(`MediaUrl${n}`) ?? '')?.[1];
    return sid ? [{ sid, type: optional(`MediaContentType${n}`) }] : [];
  });
