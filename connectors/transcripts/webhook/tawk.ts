import { z } from 'zod';
import { sha256 } from '../../common/raw.ts';
import type { Captured } from '../../contract.ts';
import { anId, instant, words } from '../fields.ts';
import { instantOf } from '../instant.ts';
import { belonging, type Conversation, jsonRaw, type Said, toMessage, withFiles } from '../message.ts';
import { makeOccurrences } from '../occurrences.ts';
import type { ParseEvent, Parsing } from './parsing.ts';

const visitor = z.looseObject({ id: anId.nullish(), name: words, email: words, phone: words });
type Visitor = z.output<typeof visitor>;

const start = z.looseObject({
  chatId: anId,
  time: instant,
  message: z.looseObject({ text: words, type: words, sender: z.looseObject({ type: z.string(), name: words }) }),
  visitor: visitor.nullish(),
});
const end = z.looseObject({ chatId: anId, time: instant, visitor: visitor.nullish() });

const file = z.looseObject({
  content: z.looseObject({ file: z.looseObject({ name: words, url: words }).nullish() }).nullish(),
});
const line = z.looseObject({
  sender: z.looseObject({ t: z.string(), n: words, id: anId.nullish() }),
  type: words,
  msg: words,
  time: z.unknown().optional().transform(instantOf),
  attchs: z.array(file).nullish(),
});
type Line = z.output<typeof line>;
const transcript = z.looseObject({
  time: instant,
  chat: z.looseObject({ id: anId, visitor: visitor.nullish(), messages: z.array(line) }),
});

const ticket = z.looseObject({
  time: instant,
  requester: z.looseObject({ name: words, email: words, type: words }).nullish(),
  ticket: z.looseObject({ id: anId, humanId: anId.nullish(), subject: words, message: words }),
});

const hash = (...of: unknown[]): string => sha256(JSON.stringify(of)).slice(0, 16);

const chatOf = (id: string, who: Visitor | null | undefined, { recognise }: Parsing): Conversation => {
  const { name, email, phone } = who ?? {};
  const visitor = recognise({ names: [name], email, phone, id: who?.id ?? id, isVisitor: true });
  return {
    key: `tawk/chat/${id}`,
    id,
    channel: 'chat',
    visitors: [visitor],
    proven: true,
  };
};

/** The message that started a chat is told twice, then and in its transcript, with different times: this is equal in both. */
const firstKey = (chat: Conversation, sender: string, text: string): string =>
  `${chat.key}/first/${hash(sender[0], text)}`;

const authorOf = (chat: Conversation, sender: string, name: string | null | undefined, { recognise }: Parsing) => {
  if (sender.startsWith('v')) return chat.visitors[0] ?? null;
  return sender.startsWith('a') ? recognise({ names: [name], isAgent: true }) : null;
};

const started: ParseEvent = (event, parsing) => {
  const one = start.parse(event);
  const chat = chatOf(one.chatId, one.visitor, parsing);
  const { sender, text } = one.message;
  const said: Said = {
    key: firstKey(chat, sender.type, text ?? ''),
    author: authorOf(chat, sender.type, sender.name, parsing),
    kind: 'message',
    at: one.time,
    text: text ?? '',
    raw: parsing.raw,
  };
  return [toMessage(chat, said)];
};

const ended: ParseEvent = (event, parsing) => {
  const one = end.parse(event);
  const chat = chatOf(one.chatId, one.visitor, parsing);
  const status: Captured = {
    sourceKey: `${chat.key}/end/${one.time.getTime()}`,
    kind: 'status',
    direction: 'inbound',
    occurredAt: one.time,
    status: { state: 'ended', rank: 1 },
    parts: [],
    raw: parsing.raw,
    ...belonging(chat, null),
  };
  return [status];
};

const textOf = ({ msg, attchs }: Line): string =>
  withFiles(
    msg ?? '',
    (attchs ?? []).map(({ content }) => content?.file?.name),
  );

/** The line that started the chat: the visitor's first one, or whoever's stands first. What a trigger or a whisper said before started none. */
const startersOf = (messages: readonly Line[]): readonly (Line | undefined)[] =>
  [/^[av]/, /^v/].map(who => messages.find(({ sender }) => who.test(sender.t)));

const transcribed: ParseEvent = (event, parsing) => {
  const { chat: told, time } = transcript.parse(event);
  const chat = chatOf(told.id, told.visitor, parsing);
  const occurrence = makeOccurrences();
  const starters = startersOf(told.messages);
  let last = told.messages.find(one => one.time)?.time ?? time;
  return told.messages.map((one, index) => {
    last = one.time ?? last;
    const text = textOf(one);
    const key = `${chat.key}/message/${occurrence(hash(one.time, one.sender.t, one.sender.n, text))}`;
    const said: Said = {
      key: starters.includes(one) ? firstKey(chat, one.sender.t, one.msg ?? '') : key,
      author: authorOf(chat, one.sender.t, one.sender.n, parsing),
      kind: /^[av]/.test(one.sender.t) ? 'message' : 'system',
      at: last,
      text,
      // the whole request once, for a transcript may be long
      raw: index === 0 ? parsing.raw : jsonRaw(one),
    };
    return toMessage(chat, said);
  });
};

const ticketed: ParseEvent = (event, parsing) => {
  const { time, requester, ticket: one } = ticket.parse(event);
  const isAgent = requester?.type === 'agent';
  const author = parsing.recognise({
    names: [requester?.name],
    email: requester?.email,
    isAgent,
    isVisitor: !isAgent,
  });
  const conversation: Conversation = {
    key: `tawk/ticket/${one.id}`,
    id: one.id,
    channel: 'chat',
    visitors: author.isAgent ? [] : [author],
    ...(one.subject ? { subject: one.subject } : {}),
    proven: true,
  };
  const said: Said = {
    key: `${conversation.key}/message`,
    externalId: one.humanId ?? one.id,
    author,
    kind: 'message',
    at: time,
    text: one.message ?? '',
    raw: parsing.raw,
  };
  return [toMessage(conversation, said)];
};

const EVENTS: Readonly<Record<string, ParseEvent>> = {
  'chat:start': started,
  'chat:end': ended,
  'chat:transcript_created': transcribed,
  'ticket:create': ticketed,
};

/** Events of tawk.to: chats that start and end, their transcripts, and tickets. */
export const parseTawk: ParseEvent = (event, parsing) => {
  const { event: name } = z.looseObject({ event: z.string() }).parse(event);
  return EVENTS[name]?.(event, parsing) ?? [];
};
