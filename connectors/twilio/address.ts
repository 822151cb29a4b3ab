import { isStandIn } from '../common/withheld.ts';
import type { Identifier } from '../contract.ts';

/** One of Twilio's addresses: a number, a name or a channel's own id. */
export interface Address {
  /** 'sms' for a bare number, else the prefix before the colon ('whatsapp') */
  channel: string;
  /** null: withheld or empty, so nobody can be recognised by it */
  identifier: Identifier | null;
}

const WITHHELD_WORDS = /^\+?(anonymous|restricted|blocked|unavailable|unknown|private|withheld)\b/i;

/** Up to six digits: a short code or an extension, since Twilio writes numbers in E.164, with +. */
const SHORT_CODE = /^(\d\D*){1,6}$/;
const isNumber = (text: string): boolean => /^\+?[\d\s().-]{3,24}$/.test(text) && !SHORT_CODE.test(text);

/** Reads an address: '+358401234567', 'whatsapp:+358401234567', 'client:jane', 'sip:jane@office.example', 'VARAAMO', '16400'. */
export const addressOf = (text: string): Address => {
  const [, prefix, rest = ''] = /^([a-z][a-z0-9_-]{0,31}):(.+)$/i.exec(text.trim()) ?? [];
  const channel = prefix?.toLowerCase() ?? 'sms';
  const value = prefix ? rest : text.trim();
  if (value === '' || isStandIn(value) || WITHHELD_WORDS.test(value)) return { channel, identifier: null };
  // 'messenger:1234567' is the id of an account there, not a telephone number
  if (isNumber(value) && (!prefix || value.startsWith('+'))) return { channel, identifier: { type: 'phone', value } };
  return { channel, identifier: { type: prefix ? channel : 'sender', value } };
};

/** Whether a call's address is on our side: a browser (client), a SIP phone or a conference. A withheld address isn't: that is a caller from outside. */
export const isInside = ({ channel, identifier }: Address): boolean =>
  identifier !== null && (channel === 'client' || channel === 'sip' || channel === 'conference');

/** Whether an identifier is a name or a short code (a company's sender id): it recognises no contact and can't be answered. */
export const isNobodys = ({ type }: Identifier): boolean => type === 'sender';
