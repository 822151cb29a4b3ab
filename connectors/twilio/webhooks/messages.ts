import { cutName } from '../../common/cut.ts';
import type { Captured, Raw } from '../../contract.ts';
import { messageItem, statusItem } from '../items/message.ts';
import type { Fields } from './fields.ts';

const sidOf = (fields: Fields): string =>
  fields.sid('MessageSid') ?? fields.sid('SmsSid') ?? fields.neededSid('MessageSid');

/** A place that was sent by WhatsApp, in words. */
const placeOf = ({ optional }: Fields): string | undefined => {
  const [latitude, longitude] = [optional('Latitude'), optional('Longitude')];
  if (!latitude || !longitude) return undefined;
  const at = `${latitude}, ${longitude}`;
  return [optional('Label'), optional('Address'), at].filter(Boolean).join(', ');
};

/** A message that came in: SMS, MMS, WhatsApp. */
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

/** How far an outgoing message has got. */
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

/** States of a message that came in: https://www.twilio.com/docs/messaging/api/message-resource#message-status-values */
const CAME_IN = /^receiv(ing|ed)$/i;

/**
 * What is sent to where messages are to be: a message, or how far one of ours has got, where a Messaging Service has one address for both. Of the latter
 * `MessageStatus` tells: https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
 */
export const readMessage = (fields: Fields, raw: Raw, now: Date): Captured[] => {
  const state = fields.optional('MessageStatus');
  return !state || CAME_IN.test(state) ? readIncoming(fields, raw, now) : readMessageStatus(fields, raw, now);
};

export interface MediaHint {
  sid: string;
  type: string | undefined;
}

/** The files that a message has, by their SIDs: from the end of each address, which itself is not followed. */
export const mediaHints = ({ optional, number }: Fields): MediaHint[] =>
  Array.from({ length: Math.min(number('NumMedia') ?? 0, 50) }, (_, n) => n).flatMap(n => {
    const sid = /\/Media\/(ME\w{1,62})(?:[/?#]|$)/.exec(optional(`MediaUrl${n}`) ?? '')?.[1];
    return sid ? [{ sid, type: optional(`MediaContentType${n}`) }] : [];
  });
