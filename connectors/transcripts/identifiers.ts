import { domainToASCII } from 'node:url';
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';
import { MARKS } from './marks.ts';

/** The core takes no longer ones. */
const LONGEST = 320;

type Given = string | number | null | undefined;

const within = (given: Given): string | null => {
  const text = String(given ?? '').trim();
  return text === '' || text.length > LONGEST ? null : text;
};

/** Whoever copies an address or a number from an address book copies its marks of writing direction too. */
const unmarked = (given: Given): string | null => within(String(given ?? '').replace(MARKS, ''));

// What the core finds a contact by: RFC 5322 3.2.3, with dots forgiven.
const LOCAL = /^(?:[^\s\p{Cc}()<>[\]:;@\\,"]+|"(?:[^"\\\p{Cc}]|\\[^\p{Cc}])+")$/u;
const DOMAIN = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/i;

const isAddress = (text: string): boolean => {
  const at = text.lastIndexOf('@');
  const domain = text.slice(at + 1).replace(/\.$/, '');
  return at > 0 && LOCAL.test(text.slice(0, at)) && DOMAIN.test(domainToASCII(domain) || domain);
};

/** The address in what somebody gave for one, by itself or behind a name ('Anna <anna@kunde.example>'). Null: it is none. */
export const addressIn = (given: Given): string | null => {
  const text = unmarked(given);
  const address = /<([^<>]*)>$/.exec(text ?? '')?.[1]?.trim() ?? text;
  return address !== null && isAddress(address) ? address : null;
};

/** What somebody gave for a telephone number. Null: it is none; `country` (ISO 3166) is that of numbers without a prefix. */
export const numberIn = (given: Given, country: string): string | null => {
  const text = unmarked(given);
  const defaultCountry = isSupportedCountry(country) ? { defaultCountry: country as CountryCode } : {};
  const number = parsePhoneNumberFromString((text ?? '').replace(/^tel:/i, ''), { ...defaultCountry, extract: false });
  return number?.isPossible() ? text : null;
};

/** A provider's id; null where there is none. */
export const idIn = within;
