import { createHash } from 'node:crypto';
import { type Field, trimBlank, unfold } from './fields.ts';
import type { MailAddress } from './types.ts';

const MAX_REFERENCES = 100;
const MAX_PAIRS = 20;
const LONGEST_ID = 500;
const BRACKETED = /<([^<>]{1,1000})>/g;

const BARE_ID = /^[^@\s]+@[^@\s]+$/;
const COMMENT = /\([^()]*\)/g;

/**
 * Message-IDs without angle brackets. Only when all words look like ids: in free text (`her@x.example's message of "Monday"`) such a word is a person's
 * address.
 */
const bareIds = (text: string): string[] => {
  const words = text
    .replace(COMMENT, ' ')
    .split(/[\s,]+/)
    .filter(word => word !== '');
  return words.every(word => BARE_ID.test(word)) ? words : [];
};

/** Message-IDs in a field, without angle brackets; white space inside (from folding) is removed. */
export const idsOf = (value: string | undefined): string[] => {
  if (!value) return [];
  const text = unfold(value);
  const bracketed = [...text.matchAll(BRACKETED)].map(match => (match[1] as string).replace(/\s+/g, ''));
  const ids = bracketed.length ? bracketed : bareIds(text);
  return ids.filter(id => id !== '').map(id => id.slice(0, LONGEST_ID));
};

const values = (fields: readonly Field[], name: string): string[] =>
  fields.filter(field => field.name === name).map(field => field.value);

/** The mail's own Message-ID: the content of the field, also when it isn't a valid id. */
export const messageIdOf = (fields: readonly Field[]): string | undefined => {
  const value = values(fields, 'message-id')[0];
  if (value === undefined) return undefined;
  return (
    idsOf(value)[0] ??
    (trimBlank(unfold(value))
      .replace(/[<>\s]+/g, '')
      .slice(0, LONGEST_ID) ||
      undefined)
  );
};

/** How a mail refers to others. */
export interface References {
  messageId?: string;
  /** Message-IDs of the mails it answers: In-Reply-To and References */
  answers: string[];
}

/**
 * Message-ID, In-Reply-To and References of a mail. Addresses of participants are left out: by RFC 822, In-Reply-To may be a phrase with addresses ("message of
 * … from …").
 */
export const readReferences = (fields: readonly Field[], participants: readonly MailAddress[] = []): References => {
  const messageId = messageIdOf(fields);
  const addresses = new Set(participants.map(({ value }) => value.toLowerCase()));
  const all = [...values(fields, 'in-reply-to'), ...values(fields, 'references')].flatMap(idsOf);
  const answers = [...new Set(all)].filter(id => id !== messageId && !addresses.has(id.toLowerCase()));
  const kept =
    answers.length > MAX_REFERENCES ? [...answers.slice(0, 10), ...answers.slice(10 - MAX_REFERENCES)] : answers;
  return { ...(messageId && { messageId }), answers: kept };
};

const REPLY =
  /^\s*(?:(?:re|aw|sv|vs|antw|ant|odp|rif|res|rv|回复|答复|回覆|返信)\s*(?:\[\d+\]|\(\d+\)|\^\d+|\*\d+)?\s*[:：])\s*/i;
const FORWARD = /^\s*(?:(?:fwd?|fw|vl|vb|wg|tr|enc|pd|i|转发|轉寄)\s*(?:\[\d+\]|\(\d+\))?\s*[:：])\s*/i;
const LIST_TAG = /^\s*\[[^\]]{1,40}\]\s*(?=(?:re|aw|sv|vs|fwd?|vl)\s*[:：])/i;

/** Subject without prefixes (Re:, Vs:, Sv:, Aw:, Fwd:, VL: …) in lower case, and whether one of them was a reply's. */
export const normaliseSubject = (subject: string): { subject: string; isReply: boolean } => {
  let rest = subject.slice(0, 1000);
  let isReply = false;
  for (let i = 0; i < 50; i++) {
    const next = rest.replace(LIST_TAG, '');
    if (REPLY.test(next)) {
      isReply = true;
      rest = next.replace(REPLY, '');
    } else if (FORWARD.test(next)) rest = next.replace(FORWARD, '');
    else break;
  }
  return { subject: rest.replace(/\s+/g, ' ').trim().toLowerCase(), isReply };
};

/** Thread keys made of the subject and each pair of sender and recipient, without order, since an answer swaps the two. */
export const lastResortKeys = (subject: string, participants: readonly MailAddress[]): string[] => {
  if (subject === '') return [];
  const addresses = (roles: string[]) =>
    participants.filter(p => p.type === 'email' && roles.includes(p.role)).map(p => p.value.toLowerCase());
  const from = addresses(['from', 'reply-to']).slice(0, 4);
  const pairs = from.flatMap(a =>
    addresses(['to', 'cc', 'bcc'])
      .filter(b => b !== a)
      .map(b => [a, b].sort().join(' ')),
  );
  return [...new Set(pairs)]
    .slice(0, MAX_PAIRS)
    .map(pair => `subject:${createHash('sha256').update(`${subject}\n${pair}`).digest('hex').slice(0, 32)}`);
};
