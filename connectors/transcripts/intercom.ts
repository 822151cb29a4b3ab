import { z } from 'zod';
import { htmlToText } from '../common/html-text.ts';
import { sha256 } from '../common/raw.ts';
import type { Captured } from '../contract.ts';
import { id, timeAt, words } from './fields.ts';
import { instantOf } from './instant.ts';
import { type Conversation, fileIn, jsonRaw, type Said, toMessage, withFiles } from './message.ts';
import { type Person, type Recognise, visitorsOf } from './people.ts';

const time = z.unknown().optional();

const author = z.looseObject({ type: words, id: id.nullish(), name: words, email: words, phone: words });
const attachments = z.array(z.looseObject({ name: words })).nullish();

const part = z.looseObject({
  id,
  part_type: words,
  body: words,
  created_at: time,
  updated_at: time,
  redacted: z.boolean().nullish(),
  author: author.nullish(),
  attachments,
});

/** What opens a conversation. */
const opener = z.looseObject({
  id: id.nullish(),
  subject: words,
  body: words,
  delivered_as: words,
  redacted: z.boolean().nullish(),
  author: author.nullish(),
  attachments,
});

/** What the visitor thought of it: `rating` from 1 to 5 (https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations). */
const rating = z.looseObject({
  rating: z.union([z.number(), z.string()]).nullish(),
  remark: words,
  created_at: time,
  contact: author.nullish(),
  // up to version 1.4 of the API
  customer: author.nullish(),
});

/** A list is given bare, or as an object that holds it under its own name. */
const list = <T>(name: string, of: z.ZodType<T>) =>
  z
    .union([z.array(of), z.looseObject({ [name]: z.array(of) })])
    .nullish()
    .transform(value => (Array.isArray(value) ? value : ((value?.[name] as T[] | undefined) ?? [])));

const conversation = z
  .looseObject({
    id,
    created_at: time,
    title: words,
    source: opener.nullish(),
    contacts: list('contacts', author),
    conversation_parts: list('conversation_parts', part),
    conversation_rating: rating.nullish(),
    // up to version 1.4 of the API
    conversation_message: opener.nullish(),
    user: author.nullish(),
    customers: list('customers', author),
  })
  .transform(({ source, conversation_message: opened, contacts, user, customers, ...rest }) => ({
    ...rest,
    source: source ?? opened,
    contacts: [...contacts, ...(user ? [user] : []), ...customers],
  }));

type Author = z.output<typeof author>;
type Part = z.output<typeof part>;
type Opener = z.output<typeof opener>;
type Whole = z.output<typeof conversation>;

const OURS = new Set(['admin', 'team', 'bot', 'operator']);
const VISITORS = new Set(['user', 'lead', 'contact']);

type PersonOf = (author: Author) => Person;

const everybodyIn = (one: Whole): Author[] =>
  [one.source?.author, ...one.conversation_parts.map(each => each.author), ...one.contacts].filter(each => !!each);

/** Of a type that is in neither list is ours, unless the conversation has it among its contacts. */
const makeIsOurs =
  ({ contacts }: Whole) =>
  ({ type, id: who }: Author): boolean =>
    OURS.has(type ?? '') || (!!type && !VISITORS.has(type) && !contacts.some(({ id }) => !!id && id === who));

/** Who wrote is named now by all that is known of them, now by the id only, and contacts mostly by that: it is the same one. */
const makePersonOf = (one: Whole, recognise: Recognise): PersonOf => {
  const isOurs = makeIsOurs(one);
  const known = new Map<string, Pick<Author, 'name' | 'email' | 'phone'>>();
  for (const each of everybodyIn(one)) {
    const { id: who, name, email, phone } = each;
    if (!who || isOurs(each)) continue;
    const before = known.get(who);
    known.set(who, { name: before?.name || name, email: before?.email || email, phone: before?.phone || phone });
  }
  return who => {
    const isAgent = isOurs(who);
    const { name, email, phone } = (!isAgent && who.id && known.get(who.id)) || who;
    const isVisitor = VISITORS.has(who.type ?? '');
    return recognise({ names: [name], email, phone, id: isAgent ? null : who.id, isAgent, isVisitor });
  };
};

/** Pictures that were pasted are links in the text. */
const picturesIn = (html: string): string[] =>
  (html.match(/<img\s[^>]{1,4000}/gi) ?? []).map(
    tag => fileIn(/\ssrc\s*=\s*["']?(?!data:)([^"'\s>]+)/i.exec(tag)?.[1]) ?? 'picture',
  );

const withoutScheme = (address: string): string => address.replace(/^(?:https?:\/\/|mailto:|tel:)/i, '');
const bare = (address: string): string => withoutScheme(address).replace(/\/$/, '');

/** Where a link leads that says something else. */
const targetOf = (tag: string, words: string): string => {
  const target = /\shref\s*=\s*["']?((?:https?:\/\/|mailto:|tel:)[^"'\s>]+)/i.exec(tag)?.[1] ?? '';
  const said = htmlToText(words).trim();
  return said === '' || target === '' || bare(htmlToText(target)) === bare(said) ? '' : ` (${target})`;
};

/** As one reads it where no link can be followed: only the text is shown, and the address would be lost. */
const withTargets = (html: string): string => {
  let open: string | null = null;
  let words = '';
  const pieces = html.split(/(<a\s[^<>]*>|<\/a>)/i).map(piece => {
    if (piece.toLowerCase() === '</a>') {
      const target: string = open === null ? '' : targetOf(open, words);
      open = null;
      return piece + target;
    }
    if (/^<a\s/i.test(piece)) [open, words] = [piece, ''];
    else words += piece;
    return piece;
  });
  return pieces.join('');
};

/** `read`: how its links are read; keys are made without their addresses, as they always were. */
const textOf = (
  { body, attachments: files }: Pick<Part, 'body' | 'attachments'>,
  read = (html: string) => html,
): string => {
  const names = (files ?? []).map(({ name }) => name);
  const pictures = picturesIn(body ?? '').filter(name => !names.includes(name));
  return withFiles(htmlToText(read(body ?? '')).trim(), [...pictures, ...names]);
};

/** Whether something came to it after it was written; it need not be a change of its words: that somebody was notified counts, too. */
const isLater = ({ created_at: created, updated_at: updated }: Part): boolean =>
  (instantOf(updated)?.getTime() ?? 0) > (instantOf(created)?.getTime() ?? 0);

const withWords = (key: string, text: string): string => `${key}/${sha256(text).slice(0, 16)}`;

/** What was changed stands beside what was said first: the words are in the key, where there are any. Only what is as it was written has the id. */
const partKey = (one: Part, text: string): Pick<Said, 'key' | 'externalId'> => {
  const key = `intercom/part/${one.id}`;
  return {
    key: text || one.redacted ? withWords(key, text) : key,
    ...(one.redacted || (text && isLater(one)) ? {} : { externalId: one.id }),
  };
};

const sourceKey = ({ id: conversation }: Whole, { id: own, redacted }: Opener, text: string) => {
  const key = `intercom/source/${conversation}`;
  if (redacted) return { key: withWords(key, text) };
  return { key, ...(own ? { externalId: own } : {}) };
};

/** What was done (closed, assigned, rated) has no body: its type says it. */
const saidIn = (one: Part, personOf: PersonOf): Said => {
  const type = one.part_type ?? 'comment';
  const text = textOf(one);
  const isSaid = text !== '' && !one.redacted;
  return {
    ...partKey(one, text),
    author: one.author ? personOf(one.author) : null,
    kind: type.startsWith('note') ? 'note' : isSaid ? 'message' : 'system',
    at: timeAt(one.created_at, ['created_at']),
    text: textOf(one, withTargets) || type.replaceAll('_', ' '),
    raw: jsonRaw(one),
  };
};

const opening = (one: Whole, personOf: PersonOf): Said[] => {
  const { source } = one;
  if (!source) return [];
  const text = textOf(source);
  return [
    {
      ...sourceKey(one, source, text),
      author: source.author ? personOf(source.author) : null,
      kind: text === '' || source.redacted ? 'system' : 'message',
      at: timeAt(one.created_at, ['created_at']),
      text: textOf(source, withTargets) || (source.delivered_as ?? 'opened').replaceAll('_', ' '),
      raw: jsonRaw(source),
    },
  ];
};

/** One that is changed later stands beside the first, as words do. */
const rated = ({ id, created_at: opened, conversation_rating: given }: Whole, personOf: PersonOf): Said[] => {
  if (!given || (given.rating ?? '') === '') return [];
  const who = given.contact ?? given.customer;
  const text = [`Rated ${given.rating} of 5`, ...(given.remark ? [given.remark] : [])].join(': ');
  return [
    {
      key: withWords(`intercom/rating/${id}`, text),
      author: who ? personOf({ ...who, type: who.type ?? 'contact' }) : null,
      kind: 'system',
      at: timeAt(given.created_at ?? opened, ['conversation_rating', 'created_at']),
      text,
      raw: jsonRaw(given),
    },
  ];
};

const NOTHING = 'expected a first message or parts';

/** The messages of a conversation as Intercom's API and exports give it. Throws ZodError for what is none. */
export const intercomItems = (value: unknown, recognise: Recognise): Captured[] => {
  const one = conversation.parse(value);
  const personOf = makePersonOf(one, recognise);
  const parts = one.conversation_parts.map(each => saidIn(each, personOf));
  const said = [...opening(one, personOf), ...parts, ...rated(one, personOf)];
  if (said.length === 0) throw new z.ZodError([{ code: 'custom', path: ['source'], message: NOTHING, input: value }]);
  const subject = htmlToText(one.source?.subject || one.title || '').trim();
  const chat: Conversation = {
    key: `intercom/conversation/${one.id}`,
    id: one.id,
    channel: 'chat',
    visitors: visitorsOf(everybodyIn(one).map(personOf)),
    ...(subject ? { subject } : {}),
  };
  return said.map(each => toMessage(chat, each));
};
