import { z } from 'zod';
import { htmlToText } from '../common/html-text.ts';
import type { Captured } from '../contract.ts';
import { id, timeAt, words } from './fields.ts';
import { type Conversation, jsonRaw, type Said, toMessage, withFiles } from './message.ts';
import { type Person, type Recognise, visitorsOf } from './people.ts';

const time = z.unknown().optional();

const author = z.looseObject({ type: words, id: id.nullish(), name: words, email: words, phone: words });
const attachments = z.array(z.looseObject({ name: words })).nullish();

const part = z.looseObject({
  id,
  part_type: words,
  body: words,
  created_at: time,
  author: author.nullish(),
  attachments,
});

/** A list is given bare, or as an object that holds it under its own name. */
const list = <T>(name: string, of: z.ZodType<T>) =>
  z
    .union([z.array(of), z.looseObject({ [name]: z.array(of) })])
    .nullish()
    .transform(value => (Array.isArray(value) ? value : ((value?.[name] as T[] | undefined) ?? [])));

const conversation = z.looseObject({
  id,
  created_at: time,
  title: words,
  source: z
    .looseObject({
      id: id.nullish(),
      subject: words,
      body: words,
      author: author.nullish(),
      attachments,
    })
    .nullish(),
  contacts: list('contacts', author),
  conversation_parts: list('conversation_parts', part),
});

type Author = z.output<typeof author>;
type Part = z.output<typeof part>;

const OURS = new Set(['admin', 'team', 'bot', 'operator']);
const VISITORS = new Set(['user', 'lead', 'contact']);

const personOf = (recognise: Recognise, { type, id: known, name, email, phone }: Author): Person => {
  const isAgent = OURS.has(type ?? '');
  return recognise({
    names: [name],
    email,
    phone,
    id: isAgent ? null : known,
    isAgent,
    isVisitor: VISITORS.has(type ?? ''),
  });
};

const textOf = (body: string | null | undefined, files: z.output<typeof attachments>): string =>
  withFiles(
    htmlToText(body ?? '').trim(),
    (files ?? []).map(({ name }) => name),
  );

/** What was done (closed, assigned, rated) has no body: its type says it. */
const saidIn = (one: Part, recognise: Recognise): Said => {
  const type = one.part_type ?? 'comment';
  const text = textOf(one.body, one.attachments);
  const isSaid = text !== '';
  return {
    key: `intercom/part/${one.id}`,
    externalId: one.id,
    author: one.author ? personOf(recognise, one.author) : null,
    kind: type.startsWith('note') ? 'note' : isSaid ? 'message' : 'system',
    at: timeAt(one.created_at, ['created_at']),
    text: isSaid ? text : type.replaceAll('_', ' '),
    raw: jsonRaw(one),
  };
};

const opening = (one: z.output<typeof conversation>, recognise: Recognise): Said[] => {
  const { source } = one;
  const text = textOf(source?.body, source?.attachments);
  if (!source || text === '') return [];
  return [
    {
      key: `intercom/source/${one.id}`,
      ...(source.id ? { externalId: source.id } : {}),
      author: source.author ? personOf(recognise, source.author) : null,
      kind: 'message',
      at: timeAt(one.created_at, ['created_at']),
      text,
      raw: jsonRaw(source),
    },
  ];
};

/** Contacts are listed by id only: who is known by an address too is not taken for another one. */
const visitorsIn = (one: z.output<typeof conversation>, recognise: Recognise): Person[] => {
  const authors = [one.source?.author, ...one.conversation_parts.map(each => each.author)];
  const wrote = authors.filter(each => !!each).map(each => each as Author);
  const known = new Set(wrote.map(each => each.id).filter(Boolean));
  const silent = one.contacts.filter(each => !known.has(each.id));
  return visitorsOf([...wrote, ...silent].map(each => personOf(recognise, each)));
};

/** The messages of a conversation as Intercom's API and exports give it. Throws ZodError for what is none. */
export const intercomItems = (value: unknown, recognise: Recognise): Captured[] => {
  const one = conversation.parse(value);
  const subject = htmlToText(one.source?.subject || one.title || '').trim();
  const chat: Conversation = {
    key: `intercom/conversation/${one.id}`,
    id: one.id,
    channel: 'chat',
    visitors: visitorsIn(one, recognise),
    ...(subject ? { subject } : {}),
  };
  const said = [...opening(one, recognise), ...one.conversation_parts.map(each => saidIn(each, recognise))];
  return said.map(each => toMessage(chat, each));
};
