import { domainToASCII } from 'node:url';
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';
import { withoutTag } from './mail-address.ts';
import { withoutMarks } from './marks.ts';

export * from './identity-domains.ts';
export * from './identity-search.ts';

export interface Identified {
  type: string;
  value: string;
}

const MAX_LENGTH = 320;
const TYPE = /^[a-z][a-z0-9_-]{0,31}$/;
/** Half of a surrogate pair (JSON may hold one) is another character once it is stored: what was written isn't found again, and all halves are one. */
export const HALF = /\p{Surrogate}/u;
// An unquoted local part as mail in the wild has it: anything but white space, controls and what RFC 5322 3.2.3 calls specials (dots are forgiven).
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

/** The same mailbox (RFC 5321 4.1.2) without what it doesn't need: quotes, else backslashes. */
const unquoted = (local: string): string => {
  if (!QUOTED_LOCAL.test(local)) return local;
  const plain = local.slice(1, -1).replace(/\\(.)/gsu, '$1');
  return LOCAL.test(plain) ? plain : `"${plain.replace(/["\\]/g, '\\$&')}"`;
};

/** A host without a dot is an address too: cron writes as root@host. */
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

/** A short code, an extension or 'anonymous' belongs to nobody in the world: not possible, so null. One number is asked for again and again. */
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
 * An identifier as it is compared and stored: e-mail in lower case with an ASCII domain (IDNA), phone in E.164 (numbers
 * without a prefix are `country`'s, ISO 3166 alpha-2), username in lower case, all others as they are; each trimmed and
 * in NFC. Null when it is none: not an address, not a possible public number, empty, with half a character.
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

/** A participant's identifier as contacts are found by it; null when it is none, and for a bare display name ('name'), which recognises nobody. */
export const identify = (identifier: Identified, country: string): Identified | null =>
  identifier.type === 'name' ? null : normaliseIdentifier(identifier, { country });

/**
 * Whether two identifiers are one in whatever writing. Stricter than `identifierKey`: a plus-tagged address isn't its mailbox, and a number without a
 * prefix is the same only as it stands, for its country may be set anew.
 */
export const isSameIdentifier = (one: Identified, other: Identified): boolean => {
  const [a, b] = [one, other].map(given => normaliseIdentifier(given, { country: '' }) ?? given);
  return a?.type === b?.type && a?.value === b?.value;
};

/** What a contact is found by ('email:paivi@x.example'): takes a normalised identifier; a plus-tagged address has its mailbox's key. */
export const identifierKey = ({ type, value }: Identified): string =>
  `${type}:${type === 'email' ? withoutTag(value) : value}`;
