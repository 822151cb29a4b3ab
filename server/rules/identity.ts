import { domainToASCII } from 'node:url';
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';
import { withoutTag } from './mail-address.ts';
import { withoutMarks } from './marks.ts';

export * from './identity-domains.ts';
export * from './identity-search.ts';

/** An identifier. */
export interface Identified {
  type: string;
  value: string;
}

const MAX_LENGTH = 320;
const TYPE = /^[a-z][a-z0-9_-]{0,31}$/;
/** An unpaired surrogate (JSON may contain one). It is stored as U+FFFD: the value would not be found again, and different ones would become equal. */
export const HALF = /\p{Surrogate}/u;
// An unquoted local part as mail really has it: anything but white space, control characters and RFC 5322's specials (3.2.3), of which dots are allowed anywhere.
const LOCAL = /^[^\s\p{Cc}()<>[\]:;@\\,"]+$/u;
const QUOTED_LOCAL = /^"(?:[^"\\\p{Cc}]|\\[^\p{Cc}])+"$/u;
const DOMAIN = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/;
// RFC 5321 4.1.3: user@[192.0.2.1]
const ADDRESS_LITERAL = /^\[[0-9a-z:.]+\]$/;

const asciiDomain = (domain: string): string | null => {
  const lower = domain.toLowerCase().replace(/\.$/, '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range
  const ascii = /^[\x00-\x7f]*$/.test(lower) ? lower : domainToASCII(lower);
  return DOMAIN.test(ascii) || ADDRESS_LITERAL.test(ascii) ? ascii : null;
};

/** A local part without quotes, or at least without backslashes, that it doesn't need: it is the same mailbox (RFC 5321 4.1.2). */
const unquoted = (local: string): string => {
  if (!QUOTED_LOCAL.test(local)) return local;
  const plain = local.slice(1, -1).replace(/\\(.)/gsu, '$1');
  return LOCAL.test(plain) ? plain : `"${plain.replace(/["\\]/g, '\\$&')}"`;
};

/** A normalised address; null when it is none. A domain without a dot is allowed: cron writes as root@host. */
const normaliseEmail = (value: string): string | null => {
  const at = value.lastIndexOf('@');
  if (at < 1 || value.length > MAX_LENGTH) return null;
  const local = unquoted(value.slice(0, at).normalize('NFC').toLowerCase()).normalize('NFC');
  const domain = asciiDomain(value.slice(at + 1));
  if (domain === null || !(LOCAL.test(local) || QUOTED_LOCAL.test(local))) return null;
  return `${local}@${domain}`;
};

const readPhone = (value: string, country: string): string | null => {
  const number = parsePhoneNumberFromString(value.replace(/^tel:/i, ''), {
    ...(isSupportedCountry(country) && { defaultCountry: country as CountryCode }),
    extract: false,
  });
  return number?.isPossible() ? number.number : null;
};

const MOST_PHONES = 10_000;
const phones = new Map<string, string | null>();

/**
 * A phone number in E.164; null when it isn't a possible public number (a short code, an extension, 'anonymous'). Cached, since the same numbers are asked for
 * again and again.
 */
const normalisePhone = (value: string, country: string): string | null => {
  const key = `${country} ${value}`;
  const known = phones.get(key);
  if (known !== undefined) return known;
  if (phones.size >= MOST_PHONES) phones.clear();
  const number = readPhone(value, country);
  phones.set(key, number);
  return number;
};

const normaliseOther = (type: string, value: string): string | null => {
  const text = value.normalize('NFC');
  if (text === '' || text.length > MAX_LENGTH || /\p{Cc}/u.test(text)) return null;
  return type === 'username' ? text.toLowerCase() : text;
};

/**
 * An identifier in the form that is compared and stored: an e-mail address in lower case with an ASCII domain (IDNA), a phone number in E.164 (without a prefix
 * it is `country`'s, ISO 3166 alpha-2), a username in lower case, others unchanged; each trimmed and in NFC. Null when it isn't valid: not an address, not a
 * possible public number, empty, or with an unpaired surrogate.
 */
export const normaliseIdentifier = (
  { type, value }: Identified,
  { country }: { country: string },
): Identified | null => {
  const kind = type.trim().toLowerCase();
  if (!TYPE.test(kind) || HALF.test(value)) return null;
  const normal =
    kind === 'email'
      ? normaliseEmail(withoutMarks(value))
      : kind === 'phone'
        ? normalisePhone(withoutMarks(value), country)
        : normaliseOther(kind, value.trim());
  return normal === null ? null : { type: kind, value: normal };
};

/** A participant's normalised identifier, by which contacts are found; null when it isn't valid, and for a display name ('name'), which identifies nobody. */
export const identify = (identifier: Identified, country: string): Identified | null =>
  identifier.type === 'name' ? null : normaliseIdentifier(identifier, { country });

/**
 * Whether two identifiers are the same in different spellings. Stricter than `identifierKey`: a plus-tagged address isn't its mailbox, and numbers without a
 * prefix must be equal as written, since the country may be configured differently later.
 */
export const isSameIdentifier = (one: Identified, other: Identified): boolean => {
  const [a, b] = [one, other].map(given => normaliseIdentifier(given, { country: '' }) ?? given);
  return a?.type === b?.type && a?.value === b?.value;
};

/** The key by which a contact is found ('email:paivi@x.example'), from a normalised identifier; a plus-tagged address has the key of its mailbox. */
export const identifierKey = ({ type, value }: Identified): string =>
  `${type}:${type === 'email' ? withoutTag(value) : value}`;
