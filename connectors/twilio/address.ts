import { isStandIn } from '../common/withheld.ts';
import type { Identifier } from '../contract.ts';

export interface Address {
  /** 'sms', or the word before the colon ('whatsapp') */
  channel: string;
  /** null: withheld, or nothing that somebody could be recognised by */
  identifier: Identifier | null;
}

const WITHHELD_WORDS = /^\+?(anonymous|restricted|blocked|unavailable|unknown|private|withheld)\b/i;

/** Twilio writes numbers as E.164 has them: few digits without + are a short code or an extension. */
const SHORT_CODE = /^(\d\D*){1,6}$/;
const isNumber = (text: string): boolean => /^\+?[\d\s().-]{3,24}$/.test(text) && !SHORT_CODE.test(text);

/** '+358401234567', 'whatsapp:+358401234567', 'client:jane', 'sip:jane@office.example', 'VARAAMO', '16400' */
export const addressOf = (text: string): Address => {
  const [, prefix, rest = ''] = /^([a-z][a-z0-9_-]{0,31}):(.+)$/i.exec(text.trim()) ?? [];
  const channel = prefix?.toLowerCase() ?? 'sms';
  const value = prefix ? rest : text.trim();
  if (value === '' || isStandIn(value) || WITHHELD_WORDS.test(value)) return { channel, identifier: null };
  // 'messenger:1234567' is an account's number there, and nobody's telephone
  if (isNumber(value) && (!prefix || value.startsWith('+'))) return { channel, identifier: { type: 'phone', value } };
  return { channel, identifier: { type: prefix ? channel : 'sender', value } };
};

/** Addresses of a call's own side: a browser, a SIP phone. They are nobody's number. One that is withheld is a caller's from outside. */
export const isInside = ({ channel, identifier }: Address): boolean =>
  identifier !== null && (channel === 'client' || channel === 'sip' || channel === 'conference');

/** What goes by a name or a short code: a company's, by which nobody is recognised and which nobody can answer. */
export const isNobodys = ({ type }: Identifier): boolean => type === 'sender';
