import type { Captured, Direction, Participant, Raw } from '../../contract.ts';
import { type Address, addressOf, isNobodys } from '../address.ts';
import { errorInWords } from '../words/errors.ts';
import { optOutInWords, optOutOf } from '../words/opt-out.ts';
import { messageRank } from '../words/states.ts';

/** What a webhook or the API says about a message. The same message gives the same item by either way. */
export interface ToldMessage {
  sid: string;
  from: string;
  to: string;
  direction: Direction;
  at: Date;
  body: string;
  /** number of files */
  files: number;
  name?: string | undefined;
  /** the opt-out request that Twilio found in it (OptOutType) */
  optOut?: string | undefined;
  /** a location that was sent, in words */
  place?: string | undefined;
}

/** What a webhook or the API says about the delivery of a message. */
export interface ToldStatus {
  sid: string;
  from: string;
  to: string;
  state: string;
  at: Date;
  errorCode?: string | number | null | undefined;
  errorMessage?: string | null | undefined;
}

/** Source key of a message (see `Captured`). */
export const messageKey = (sid: string): string => `message:${sid}`;

const CHANNEL = /^[a-z][a-z0-9-]*$/;

const channelOf = (from: Address, to: Address): string => {
  const channel = from.channel === 'sms' ? to.channel : from.channel;
  return CHANNEL.test(channel) ? channel : 'sms';
};

const participantsOf = (from: Address, to: Address, name?: string): Participant[] => [
  ...(from.identifier ? [{ role: 'from' as const, identifier: from.identifier, ...(name ? { name } : {}) }] : []),
  ...(to.identifier ? [{ role: 'to' as const, identifier: to.identifier }] : []),
];

const partiesOf = (participants: readonly Participant[], direction: Direction): number[] => {
  const party = direction === 'inbound' ? 'from' : 'to';
  const index = participants.findIndex(({ role, identifier }) => role === party && !isNobodys(identifier));
  return index < 0 ? [] : [index];
};

const shownOf = ({ body, files, place, direction, optOut: said }: ToldMessage, channel: string): Partial<Captured> => {
  const optOut = direction === 'inbound' ? optOutOf(body, channel, said) : undefined;
  const text = body || place || '';
  const details = { files, ...(optOut ? { optOut } : {}) };
  if (optOut) return { text, summary: optOutInWords(body, optOut), details };
  if (text.trim()) return { text, details };
  return { notice: files > 0 ? 'It has files and no text.' : 'It has no text.', details };
};

/** A message as an item. */
export const messageItem = (told: ToldMessage, raw?: Raw): Captured => {
  const [from, to] = [addressOf(told.from), addressOf(told.to)];
  const participants = participantsOf(from, to, told.name);
  const channel = channelOf(from, to);
  return {
    sourceKey: messageKey(told.sid),
    kind: 'interaction',
    externalId: told.sid,
    channel,
    direction: told.direction,
    occurredAt: told.at,
    participants,
    parties: partiesOf(participants, told.direction),
    unlinkedReason: 'It has no number that somebody could be recognised by.',
    threadKeys: [],
    ...shownOf(told, channel),
    revises: false,
    parts: [],
    ...(raw ? { raw } : {}),
  };
};

/**
 * Delivery state of an outgoing message as an item. A further callback for the same state with another content is a row of its own in the history; the API's
 * report of a state that a callback brought already is a duplicate (`revises`).
 */
export const statusItem = (told: ToldStatus, raw?: Raw): Captured => {
  const [from, to] = [addressOf(told.from), addressOf(told.to)];
  const error = errorInWords(told.errorCode, told.errorMessage);
  return {
    sourceKey: `${messageKey(told.sid)}:status:${told.state}`,
    kind: 'status',
    belongsTo: messageKey(told.sid),
    channel: channelOf(from, to),
    direction: 'outbound',
    occurredAt: told.at,
    participants: participantsOf(from, to),
    threadKeys: [],
    status: { state: told.state, rank: messageRank(told.state), ...(error ? { error } : {}) },
    ...(raw ? { raw } : { revises: false }),
    parts: [],
  };
};
