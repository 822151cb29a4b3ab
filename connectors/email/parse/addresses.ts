import { type Address, addressParser } from 'postal-mime';
import { type Field, trimBlank, unfold } from './fields.ts';
import type { MailAddress, MailRole } from './types.ts';
import { decodeRaw, decodeWords } from './words.ts';

const ROLES: ReadonlyMap<string, MailRole> = new Map(
  Object.entries({
    from: 'from',
    sender: 'sender',
    'reply-to': 'reply-to',
    to: 'to',
    cc: 'cc',
    bcc: 'bcc',
  }),
);
/** Most participants of one mail that are kept. */
export const MAX_PARTICIPANTS = 2000;
const MAX_FIELD = 512 * 1024;
const MAX_ADDRESS = 1000;
/** Longest mailbox (characters) that is matched by `SIMPLE`; longer ones go to the library. */
const MAX_SIMPLE = 1000;

/** `a@b`, `<a@b>`, `Name <a@b>`, `"Name" <a@b>`: nearly every mailbox there is; anything odder goes to the library. */
const SIMPLE =
  /^(?:"([^"\\]*)"|([^"\\<>()[\]:;@,]*?))[ \t]*<[ \t]*([^\s<>()[\]:;@,"\\]+@[^\s<>()[\]:;@,"\\]+)[ \t]*>$|^([^\s<>()[\]:;@,"\\]+@[^\s<>()[\]:;@,"\\]+)$/;
const UNDISCLOSED = /^[\s"'<]*(?:undisclosed|unlisted)[\s_.-]*recipients?\b/i;
/** A run of encoded words: senders split characters between them, so they are decoded together. */
const WORDS =
  /=\?[\w.:;+*-]+\?[bq]\?[^?]*(?:\?(?!=)[^?]*)*\?=(?:[ \t]+=\?[\w.:;+*-]+\?[bq]\?[^?]*(?:\?(?!=)[^?]*)*\?=)*/gi;
const INNER = new Map([
  ['(', '\uE002'],
  [')', '\uE003'],
]);
/** White space before a dot in a domain (RFC 5322, 4.4), which the library takes for the domain's end. */
const SPACED_DOT = /(@[\w.-]+)[ \t]+\.[ \t]*(?=[\w-])/g;
const PLACEHOLDER = /_?\uE000(\d+)\uE001/g;
/** Comments and quoted strings, also unclosed ones. They are matched together, so that neither is found inside the other. */
const QUOTED = /\([^)\\]*(?:\\.?[^)\\]*)*(?:\)|$)|"[^"\\]*(?:\\.?[^"\\]*)*(?:"|$)/gs;
/** A mailbox followed by another one (and maybe its name) without a comma; or a quoted string. */
const UNPARTED =
  /"[^"\\]*(?:\\.?[^"\\]*)*(?:"|$)|<[^\s<>@]+@[^\s<>]+>(?=(?:"[^"]*"|[^"<>@,;:()])*<[^\s<>@]+@[^\s<>]+>)/gs;
/** What follows a quoted string when it is the local part of an address. */
const DOMAIN_NEXT = /[ \t]*@[ \t]*[^\s"<>(),;@]+[ \t]*(?:[>(,;]|$)/y;
/** An address whose local part is in quotes (RFC 5322, 3.4.1), with what may stand around it. */
const QUOTED_LOCAL = /^(?:[\s<]|\([^()]*\))*(?:mailto:|@[^:"]*:\s*)?"((?:[^"\\]|\\.)+)"(?:\s|\([^()]*\))*@([^@]+)$/is;
/** A local part that needs no quotes. */
const PLAIN_LOCAL = /^[^\s\p{Cc}()<>[\]:;@\\,"]+$/u;

interface Mailbox {
  address: string;
  name: string;
}

const cleanName = (name: string): string => {
  const text = name.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return text.length > 1 && /^(['"]).*\1$/.test(text) ? text.slice(1, -1).trim() : text;
};

const bareAddress = (address: string): string =>
  address
    .replace(/[\s\p{Cc}<>]+/gu, '')
    .replace(/^\[?mailto:/i, '')
    .replace(/^([^[]*)\]$/, '$1')
    // RFC 5322, 4.4: a source route
    .replace(/^@[^:]*:(?=.)/, '')
    .replace(/\([^()]*\)/g, '')
    .replace(/^(['"])(.*)\1$/, '$2')
    .replace(/^['"]+(?=[^'"]+$)|(?<=^[^'"]+)['"]+$/g, '')
    .replace(/[.,;]+$/, '');

/** A local part without quotes, or at least without backslashes, that it doesn't need: it is the same mailbox (RFC 5321, 4.1.2). */
const shortLocal = (quoted: string): string => {
  const local = quoted.replace(/\\(.)/gs, '$1');
  return PLAIN_LOCAL.test(local) ? local : `"${local.replace(/["\\]/g, '\\$&')}"`;
};

/** An address without white space, except in a quoted local part, where it makes another mailbox. */
const cleanAddress = (address: string): string => {
  const text = address.slice(0, 2 * MAX_ADDRESS);
  const [, quoted, domain] = QUOTED_LOCAL.exec(text) ?? [];
  return quoted && domain ? `${shortLocal(quoted)}@${bareAddress(domain)}` : bareAddress(text);
};

const isAddress = (value: string): boolean => {
  const at = value.lastIndexOf('@');
  return at > 0 && at < value.length - 1 && value.length <= MAX_ADDRESS;
};

const participant = (role: MailRole, { address, name }: Mailbox): MailAddress | null => {
  const value = cleanAddress(address);
  const shown = cleanName(name.slice(0, MAX_ADDRESS));
  if (isAddress(value)) return { role, type: 'email', value, ...(shown && shown !== value && { name: shown }) };
  const who = shown || value;
  return who && !UNDISCLOSED.test(who) ? { role, type: 'name', value: who.slice(0, MAX_ADDRESS) } : null;
};

/** Reads a list whose mailboxes are all plain; null when one isn't. */
const simpleList = (text: string, hint: string | undefined): Mailbox[] | null => {
  const mailboxes: Mailbox[] = [];
  for (const piece of text.includes(',') ? splitSimple(text) : [text]) {
    const entry = trimBlank(piece);
    if (entry === '') continue;
    const match = entry.length > MAX_SIMPLE ? null : SIMPLE.exec(entry);
    if (!match) return null;
    const [, quoted, bare, angled, alone] = match;
    mailboxes.push({ address: decodeRaw((angled ?? alone) as string), name: decodeWords(quoted ?? bare ?? '', hint) });
  }
  return mailboxes;
};

/** Splits at commas outside quotes; a quoted name with an escape isn't simple and fails later. */
const splitSimple = (text: string): string[] =>
  text.includes('"') ? (text.match(/(?:"[^"]*"|[^",])+/g) ?? []) : text.split(',');

const flat = (list: Address[]): Mailbox[] =>
  list.flatMap(entry => entry.group ?? [{ address: entry.address ?? '', name: entry.name }]);

/** An address that was encoded with its name: only in angle brackets, else a display name could pose as an address. */
const insideName = ({ address, name }: Mailbox): Mailbox => {
  const match = address === '' ? /^(.*)<([^<>\s@]+@[^<>\s@]+)>\s*$/s.exec(name) : null;
  return match ? { address: match[2] as string, name: match[1] as string } : { address, name };
};

/** Replaces brackets inside comments, since the library doesn't know nested comments (RFC 5322, 3.2.2). */
const flattenComments = (text: string): string => {
  if (!text.includes('(')) return text;
  let depth = 0;
  let quoted = false;
  return text.replace(/\\.|["()]/g, char => {
    if (char === '"' && depth === 0) quoted = !quoted;
    if (depth > 0 && (char === '\\(' || char === '\\)')) return INNER.get(char.slice(1)) as string;
    if (quoted || !INNER.has(char)) return char;
    const before = depth;
    depth = Math.max(0, char === '(' ? depth + 1 : depth - 1);
    return Math.min(before, depth) === 0 ? char : (INNER.get(char) as string);
  });
};

/**
 * Replaces runs of encoded words. Only up to the last `?=`: after it no word is closed, and each beginning of one would be searched to the end of the field.
 */
const replaceWords = (text: string, replacement: (run: string) => string): string => {
  const closed = text.lastIndexOf('?=') + 2;
  return closed < 2 ? text : text.slice(0, closed).replace(WORDS, replacement) + text.slice(closed);
};

/**
 * Reads a list by the library, which splits before it decodes, has a decoder of its own, and drops quotes: encoded words and quoted local parts are replaced by
 * placeholders meanwhile.
 */
const oddList = (text: string, hint: string | undefined): Mailbox[] => {
  const kept: string[] = [];
  const keep = (piece: string): string => `\uE000${kept.push(piece) - 1}\uE001`;
  const restore = (value: string): string =>
    value
      .replaceAll('\uE002', '(')
      .replaceAll('\uE003', ')')
      .replace(PLACEHOLDER, (_, index) => kept[Number(index)] ?? '');
  const decoded = replaceWords(
    flattenComments(decodeRaw(text, hint)).replace(SPACED_DOT, '$1.'),
    run => ` ${keep(decodeWords(run, hint))} `,
  );
  // the library only finds addresses that begin with a letter, a digit or '_'
  const marked = decoded.replace(QUOTED, (quoted, at: number) => {
    DOMAIN_NEXT.lastIndex = at + quoted.length;
    return quoted.startsWith('"') && DOMAIN_NEXT.test(decoded) ? `_${keep(restore(quoted))}` : quoted;
  });
  const parted = marked.replace(UNPARTED, found => (found.startsWith('<') ? `${found},` : found));
  return flat(addressParser(parted)).map(({ address, name }) =>
    insideName({ address: restore(address), name: restore(name) }),
  );
};

/** The beginning of an address list, cut at a comma: half an address would be somebody else's. */
const beginningOf = (value: string, longest: number): string => {
  if (value.length <= longest) return value;
  const comma = value.lastIndexOf(',', longest);
  return value.slice(0, comma > 0 ? comma : longest);
};

/** The fields, with address fields cut to `longest` characters. */
export const withShortLists = (fields: readonly Field[], longest: number): Field[] =>
  fields.map(field => (ROLES.has(field.name) ? { ...field, value: beginningOf(field.value, longest) } : field));

/** Reads one address field (From, To, …): groups are flattened; a comment becomes the name where there is none. `hint`: charset of raw 8-bit text. */
export const readAddresses = (role: MailRole, value: string, hint?: string): MailAddress[] => {
  const text = unfold(beginningOf(value, MAX_FIELD));
  const mailboxes = simpleList(text, hint) ?? oddList(text, hint);
  return mailboxes.flatMap(mailbox => participant(role, mailbox) ?? []);
};

/** Whether a header has more participants than were kept. */
export const namesMore = (fields: readonly Field[], kept: readonly MailAddress[]): boolean =>
  kept.length >= MAX_PARTICIPANTS || fields.some(({ name, value }) => ROLES.has(name) && value.length > MAX_FIELD);

/** All participants in a header, each once for each role, in the order of the fields. */
export const readParticipants = (fields: readonly Field[], hint?: string): MailAddress[] => {
  const seen = new Map<string, MailAddress>();
  for (const { name, value } of fields) {
    const role = ROLES.get(name);
    if (!role || seen.size >= MAX_PARTICIPANTS) continue;
    for (const found of readAddresses(role, value, hint)) {
      const id = `${role} ${found.value.toLowerCase()}`;
      if (!seen.has(id)) seen.set(id, found);
    }
  }
  return [...seen.values()].slice(0, MAX_PARTICIPANTS);
};
