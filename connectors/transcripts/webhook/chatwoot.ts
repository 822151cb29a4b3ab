import { z } from 'zod';
import { sha256 } from '../../common/raw.ts';
import type { Captured } from '../../contract.ts';
import { anId, instant, words } from '../fields.ts';
import { belonging, type Conversation, fileIn, type Said, toMessage, withFiles } from '../message.ts';
import { type Person, visitorsOf } from '../people.ts';
import type { ParseEvent, Parsing } from './parsing.ts';

const somebody = z.looseObject({ id: anId.nullish(), name: words, email: words, phone_number: words });
type Somebody = z.output<typeof somebody>;

const submitted = z.looseObject({ title: words, value: z.unknown().optional() });

/** What can be chosen, filled in or followed: https://www.chatwoot.com/hc/user-guide/articles/1677689344-how-to-use-interactive-messages */
const item = z.looseObject({
  title: words,
  label: words,
  description: words,
  link: words,
  actions: z
    .array(z.looseObject({ text: words, uri: words }))
    .nullish()
    .catch(null),
});

const message = z.looseObject({
  id: anId,
  content: words,
  content_type: words,
  /** numbers inside a conversation: 0 incoming, 1 outgoing, 2 activity, 3 template */
  message_type: z.union([z.string(), z.number()]),
  created_at: instant,
  updated_at: z.unknown().optional(),
  private: z.boolean().nullish(),
  sender: somebody.nullish(),
  attachments: z
    .array(
      z.looseObject({ id: anId.nullish(), file_type: words, extension: words, data_url: words, fallback_title: words }),
    )
    .nullish(),
  content_attributes: z
    .looseObject({
      deleted: z.boolean().nullish(),
      submitted_email: words,
      submitted_values: z.unknown().optional(),
      items: z.array(item).nullish().catch(null),
      external_echo: z.unknown().optional(),
    })
    .nullish()
    .catch(null),
});
type Message = z.output<typeof message>;

const conversation = z.looseObject({
  id: anId.optional(),
  display_id: anId.optional(),
  meta: z.looseObject({ sender: somebody.nullish() }).nullish(),
  messages: z.array(message).nullish(),
});

const messageEvent = message.extend({ conversation });
const statusEvent = conversation.extend({
  status: z.string().max(100, 'longer than 100 characters'),
  updated_at: z.unknown().optional(),
  timestamp: z.unknown().optional(),
});

const TYPES = ['incoming', 'outgoing', 'activity', 'template'];
const typeOf = ({ message_type: type }: Message): string => (typeof type === 'number' ? (TYPES[type] ?? '') : type);

const valuesIn = (values: unknown): string[] => {
  if (Array.isArray(values))
    return values.flatMap(one => {
      const read = submitted.safeParse(one).data;
      return read ? [read.title ?? String(read.value ?? '')] : [];
    });
  const rating = (
    values as { csat_survey_response?: { rating?: unknown; feedback_message?: unknown } } | null | undefined
  )?.csat_survey_response;
  return rating ? [[rating.rating, rating.feedback_message].filter(Boolean).join(': ')] : [];
};

/** What the visitor answered to a question (their address, a form, a choice, a survey). */
const answerIn = ({ content_attributes: more }: Message): string =>
  [more?.submitted_email, ...valuesIn(more?.submitted_values)].filter(Boolean).join('\n');

const textOf = ({ content, attachments }: Message): string =>
  withFiles(
    content ?? '',
    (attachments ?? []).map(one => one.fallback_title || fileIn(one.data_url) || one.file_type),
  );

const linked = (words: string, link: string | null | undefined): string => (link ? `${words} (${link})`.trim() : words);

const itemLines = ({ title, label, description, link, actions }: z.output<typeof item>): string[] => {
  const said = linked([title || label, description].filter(Boolean).join(': '), link);
  const more = (actions ?? []).map(({ text, uri }) => linked(text ?? '', uri)).filter(Boolean);
  return said || more.length > 0 ? [`- ${said}`, ...more.map(one => `  ${one}`)] : [];
};

/** With what is offered below the text: choices, cards, articles, fields. */
const shownIn = (one: Message): string =>
  [textOf(one), ...(one.content_attributes?.items ?? []).flatMap(itemLines)].filter(Boolean).join('\n');

const person = ({ recognise }: Parsing, { id, name, email, phone_number: phone }: Somebody, isAgent: boolean): Person =>
  recognise({ names: [name], email, phone, id: isAgent ? null : id, isAgent, isVisitor: !isAgent });

const hash = (words: unknown): string => sha256(JSON.stringify(words)).slice(0, 16);

/**
 * An update that changes no word (delivered, read) has the key of what it updates; one that does is a message of its own. A survey is
 * told with the link to it in its own event and without in the conversation's: its words don't count.
 */
const keyOf = (one: Message): string => {
  const files = (one.attachments ?? []).map(file => file.id ?? file.data_url ?? '');
  const text = textOf(one.content_type === 'input_csat' ? { ...one, content: '' } : one);
  return `chatwoot/message/${one.id}/${hash([text, one.private ?? false, files])}`;
};

/** A bot of ours has no sender, nor has somebody of ours who wrote in the channel's own app (an echo), nor a visitor whom the conversation names already. */
const authorOf = (one: Message, { visitors }: Conversation, parsing: Parsing): Person | null => {
  const type = typeOf(one);
  if (type === 'activity') return null;
  if (type === 'incoming') return one.sender ? person(parsing, one.sender, false) : (visitors[0] ?? null);
  return person(parsing, one.sender ?? (one.content_attributes?.external_echo ? {} : { name: 'Bot' }), true);
};

const writtenIn = (one: Message, of: Conversation, parsing: Parsing): Said => {
  const isSystem = typeOf(one) === 'activity' || one.content_attributes?.deleted === true;
  return {
    key: keyOf(one),
    externalId: one.id,
    author: authorOf(one, of, parsing),
    kind: one.private ? 'note' : isSystem ? 'system' : 'message',
    at: one.created_at,
    text: shownIn(one),
    raw: parsing.raw,
  };
};

/** A message, and what the visitor answered to it, which Chatwoot keeps in the message that asked. */
const saidIn = (one: Message, of: Conversation, parsing: Parsing): Said[] => {
  const written = writtenIn(one, of, parsing);
  const text = answerIn(one);
  if (text === '') return [written];
  const at = instant.safeParse(one.updated_at).data ?? one.created_at;
  const key = `chatwoot/message/${one.id}/answer/${hash(text)}`;
  return [written, { key, author: of.visitors[0] ?? null, kind: 'message', at, text, raw: parsing.raw }];
};

const conversationOf = (
  { id, display_id: shown, meta }: z.output<typeof conversation>,
  messages: readonly Message[],
  parsing: Parsing,
): Conversation => {
  const known = id ?? shown;
  if (known === undefined)
    throw new z.ZodError([{ code: 'custom', path: ['conversation', 'id'], message: 'expected an id', input: id }]);
  const senders = messages.flatMap(one => (typeOf(one) === 'incoming' && one.sender ? [one.sender] : []));
  const visitors = [...(meta?.sender ? [meta.sender] : []), ...senders].map(one => person(parsing, one, false));
  return {
    key: `chatwoot/conversation/${known}`,
    id: known,
    channel: 'chat',
    visitors: visitorsOf(visitors),
    proven: true,
  };
};

const messages: ParseEvent = (event, parsing) => {
  const one = messageEvent.parse(event);
  const of = conversationOf(one.conversation, [one], parsing);
  return saidIn(one, of, parsing).map(said => toMessage(of, said));
};

/** What was changed stands beside what was said first, which has the id. */
const updated: ParseEvent = (event, parsing) =>
  messages(event, parsing).map(({ externalId: _, ...item }): Captured => item);

const created: ParseEvent = (event, parsing) => {
  const one = conversation.parse(event);
  const said = one.messages ?? [];
  const of = conversationOf(one, said, parsing);
  return said.flatMap(each => saidIn(each, of, parsing)).map(each => toMessage(of, each));
};

/** The newest change is the state, whatever it is: a conversation may be opened again. */
const changed: ParseEvent = (event, parsing) => {
  const one = statusEvent.parse(event);
  const at = instant.safeParse(one.updated_at).data ?? instant.parse(one.timestamp);
  const of = conversationOf(one, one.messages ?? [], parsing);
  const status: Captured = {
    sourceKey: `${of.key}/status/${one.status}/${at.getTime()}`,
    kind: 'status',
    direction: 'inbound',
    occurredAt: at,
    status: { state: one.status, rank: at.getTime() },
    parts: [],
    raw: parsing.raw,
    ...belonging(of, null),
  };
  return [...created(event, parsing), status];
};

const EVENTS: Readonly<Record<string, ParseEvent>> = {
  message_created: messages,
  message_updated: updated,
  conversation_created: created,
  conversation_status_changed: changed,
};

/** Events of Chatwoot that hold messages, and changes of a conversation's status; none of the others. */
export const parseChatwoot: ParseEvent = (event, parsing) => {
  const { event: name } = z.looseObject({ event: z.string() }).parse(event);
  return EVENTS[name]?.(event, parsing) ?? [];
};
