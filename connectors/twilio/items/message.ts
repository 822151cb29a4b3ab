import type { Captured, Direction, Participant, Raw } from '../../contract.ts';
import { type Address, addressOf, isNobodys } from '../address.ts';
import { errorInWords } from '../words/errors.ts';
import { optOutInWords, optOutOf } from '../words/opt-out.ts';
import { messageRank } from '../words/states.ts';

/** What is told of a message, by webhook or by the API: the same message gives the same item. */
export interface ToldMessage {
  sid: string;
  from: string;
  to: string;
  direction: Direction;
  at: Date;
  body: string;
  /** how many files it has */
  files: number;
  name?: string | undefined;
  /** what Twilio says that it asks for */
  optOut?: string | undefined;
  /** a place that was sent, in words */
  place?: string | undefined;
}

export interface ToldStatus {
  sid: string;
  from: string;
  to: string;
  state: string;
  at: Date;
  errorCode?: string | number | null | undefined;
  errorMessage?: string | null | undefined;
}

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

/** How far an outgoing message has got. A callback that says something else of the same state is a row of its own; what the API says is known by then. */
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
