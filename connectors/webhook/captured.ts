import { Readable } from 'node:stream';
import { cut } from '../common/cut.ts';
import { htmlToText } from '../common/html-text.ts';
import { isOurs } from '../common/ours.ts';
import { rawOf } from '../common/raw.ts';
import type { Account, Captured, Part, Participant, ParticipantRole } from '../contract.ts';
import { canonical } from './canonical.ts';
import type { EventItem, InteractionItem, Item, Person } from './item.ts';
import { withTexts } from './numbers.ts';

interface Said {
  account: Pick<Account, 'id' | 'ours'>;
  /** the request was signed, so that identifiers in `also` are joined to one contact */
  proven: boolean;
}

const TEXT_LENGTH = 60;

const participantOf = (role: ParticipantRole, { type, value, name, also }: Person): Participant => ({
  role,
  identifier: { type, value },
  ...(name ? { name } : {}),
  ...(also?.length ? { also } : {}),
});

/** Whether any of a participant's e-mail addresses is ours: a colleague may be given by a telephone number with an address of ours beside it. */
const isOur = ({ identifier, also = [] }: Participant, ours: Account['ours']): boolean =>
  [identifier, ...also].some(({ type, value }) => type === 'email' && isOurs(value, ours));

const NOBODY: Record<string, string> = {
  inbound: 'Its source doesn’t say who it came from, or by what can’t be recognised.',
  outbound: 'Nobody that it went to can be recognised.',
  internal: 'Internal: everybody who takes part is ours.',
};

const partOf = ({ name, type, base64 }: NonNullable<InteractionItem['attachments']>[number]): Part => {
  const bytes = Buffer.from(base64, 'base64');
  return { ...(name ? { name } : {}), type, size: bytes.length, open: () => Readable.from([bytes]) };
};

/**
 * Whom the item belongs to: the author when it is inbound, the recipients when it is outbound. Other people get an entry only when they are contacts already.
 */
const belonging = ({ direction }: InteractionItem, participants: readonly Participant[], { ours }: Said['account']) => {
  const outside = participants.flatMap((one, index) => (isOur(one, ours) ? [] : [{ ...one, index }]));
  const party = direction === 'inbound' ? 'from' : 'to';
  const indexes = (wanted: boolean) =>
    outside.filter(({ role }) => (role === party) === wanted).map(({ index }) => index);
  return {
    parties: direction === 'internal' ? [] : indexes(true),
    others: direction === 'inbound' ? indexes(false) : [],
    unlinkedReason: NOBODY[direction] as string,
  };
};

const bodyOf = ({ text, html, attachments }: InteractionItem): Pick<Captured, 'text' | 'html' | 'notice'> => {
  const shown = text || (html ? htmlToText(html) : '');
  return {
    ...(shown ? { text: shown } : {}),
    ...(html ? { html } : {}),
    ...(shown.trim() ? {} : { notice: attachments?.length ? 'It has files and no text.' : 'It has no text.' }),
  };
};

const interactionOf = (item: InteractionItem, { account }: Said) => {
  const { direction, channel, from, to, thread, attachments } = item;
  const participants = [
    ...(from ? [participantOf('from', from)] : []),
    ...(to ?? []).map(person => participantOf('to', person)),
  ];
  return {
    kind: 'interaction' as const,
    channel,
    direction,
    participants,
    ...belonging(item, participants, account),
    threadKeys: thread ? [`webhook:${account.id}:${thread}`] : [],
    ...bodyOf(item),
    parts: (attachments ?? []).map(partOf),
  };
};

const shown = (value: unknown): string | null => {
  if (typeof value === 'string') return value.length > TEXT_LENGTH ? `${cut(value, TEXT_LENGTH)}…` : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
};

/** 'Delivery terms: hall 2, price 40': the event's name, and those fields of its data that are short values. */
const summaryOf = (event: string, data: unknown): string => {
  const name = event.charAt(0).toUpperCase() + event.slice(1).replaceAll('-', ' ');
  const scalar = shown(data);
  const fields = typeof data === 'object' && data !== null && !Array.isArray(data) ? Object.entries(data) : [];
  const said = fields.flatMap(([key, value]) => {
    const text = shown(value);
    return text === null || text === '' ? [] : [`${key} ${text}`];
  });
  const all = scalar ? [scalar] : said.slice(0, 6);
  return all.length > 0 ? `${name}: ${all.join(', ')}` : name;
};

const eventOf = (item: EventItem, { account }: Said) => {
  const participants = item.contact ? [participantOf('from', item.contact)] : [];
  const data = withTexts(item.data ?? null);
  const isNobodyOutside = participants.every(one => isOur(one, account.ours));
  return {
    kind: 'event' as const,
    channel: 'event',
    direction: 'inbound' as const,
    participants,
    parties: isNobodyOutside ? [] : [0],
    unlinkedReason: 'Its source doesn’t say whose it is, or by what can’t be recognised.',
    threadKeys: [],
    event: { name: item.event, data },
    summary: summaryOf(item.event, data),
    parts: [],
  };
};

/** A valid item in the core's form. `given`: the JSON value that it was read from, kept as its original in canonical form. */
export const toCaptured = (item: Item, given: unknown, said: Said): Captured => {
  const { id, occurredAt, subject } = item;
  return {
    sourceKey: `${item.type}:${id}`,
    externalId: id,
    occurredAt: new Date(occurredAt),
    ...(subject ? { subject } : {}),
    proven: said.proven,
    ...(item.type === 'interaction' ? interactionOf(item, said) : eventOf(item, said)),
    raw: rawOf('application/json', Buffer.from(canonical(given))),
  };
};
