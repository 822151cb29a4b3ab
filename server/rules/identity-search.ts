import { domainToUnicode } from 'node:url';
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { withoutTag } from './mail-address.ts';
import { withoutMarks } from './marks.ts';

interface Searchable {
  name?: { first: string | null; last: string | null };
  identifiers?: readonly { type: string; value: string }[];
  organisationName?: string | null;
  externalId?: string | null;
}

const MAX_WORD = 100;
// letters that NFD doesn't decompose, and that people type without the stroke
const strokes: Record<string, string> = { ø: 'o', æ: 'ae', œ: 'oe', ß: 'ss', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ı: 'i' };

const lower = (text: string): string => text.normalize('NFC').toLowerCase();

const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[øæœßđðþłı]/g, letter => strokes[letter] ?? letter)
    .normalize('NFC');

const wordsOf = (text: string): string[] => {
  const words = lower(text).split(/\s+/);
  return [...words, ...words.flatMap(word => word.split(/[^\p{L}\p{N}]+/u))];
};

const domainWords = (domain: string): string[] => {
  const labels = domain.split('.');
  return [domain, ...labels.slice(0, -1).map((_, i) => labels.slice(i).join('.'))];
};

const addressWords = (address: string): string[] => {
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  // as stored (ASCII), and as people write it (Unicode)
  const written = [...new Set([domain, domainToUnicode(domain) || domain])].map(lower);
  return [
    ...written.flatMap(name => [`${local}@${name}`, withoutTag(`${local}@${name}`), ...domainWords(name)]),
    ...wordsOf(local),
  ];
};

const phoneWords = (phone: string): string[] => {
  const local = parsePhoneNumberFromString(phone)?.formatNational().replace(/\D/g, '') ?? '';
  return [phone, phone.replace(/^\+/, ''), local];
};

const identifierWords = ({ type, value }: { type: string; value: string }): string[] =>
  type === 'email' ? addressWords(value) : type === 'phone' ? phoneWords(value) : [lower(value), ...wordsOf(value)];

/**
 * All words, in lower case, by whose beginnings a contact or organisation is found: of names with and without diacritics ('mäkelä', 'makela'), of whole
 * identifiers and their parts (local part, domain; an address also without its tag; a phone number with and without +, and as it is dialled within the
 * country).
 */
export const searchWords = ({ name, identifiers = [], organisationName, externalId }: Searchable): string[] => {
  const words = [
    ...[name?.first, name?.last, organisationName, externalId].flatMap(text => (text ? wordsOf(text) : [])),
    ...identifiers.flatMap(identifierWords),
  ];
  const all = new Set(words.flatMap(word => [word, fold(word)]).map(word => word.slice(0, MAX_WORD)));
  all.delete('');
  return [...all];
};

/**
 * What is typed into a search, as prefixes of `searchWords` that must all match. A phone number may have spaces and brackets, and a whole address finds its
 * mailbox whatever tag either has.
 */
export const searchPrefixes = (q: string): string[] => {
  const text = withoutMarks(lower(q));
  // "+358 (0)40": the zero in brackets is only dialled within the country
  const dialled = text.replace(/^00/, '+').replace(/^(\+[\s\d.-]+)\(0\)/, '$1');
  if (/^\+?[\d\s().-]{3,}$/.test(dialled)) return [dialled.replace(/[^\d+]/g, '')].filter(word => /\d/.test(word));
  return text
    .split(/[\s\p{Cc}]+/u) // MongoDB takes no NUL in an expression
    .map(word => withoutTag(word.replace(/^[@"'(<]+|[)"'>,;]+$/g, '')).slice(0, MAX_WORD))
    .filter(word => word !== '')
    .slice(0, 8);
};
