import { z } from 'zod';
import { cutName } from '../common/cut.ts';
import { sha256 } from '../common/raw.ts';
import type { Captured } from '../contract.ts';
import { id, timeAt, words } from './fields.ts';
import { instantOf } from './instant.ts';
import { type Conversation, jsonRaw, type Said, toMessage, withFiles } from './message.ts';
import { makeOccurrences } from './occurrences.ts';
import type { Person, Recognise } from './people.ts';

const entry = z.looseObject({
  type: z.string(),
  timestamp: z.unknown().optional(),
  name: words,
  nick: words,
  sender_type: words,
  msg: words,
  msg_id: id.nullish(),
  new_comment: words,
  new_rating: words,
  reason: words,
  attachment: z.looseObject({ name: words }).nullish(),
});
type Entry = z.output<typeof entry>;

const chat = z.looseObject({
  id,
  type: words,
  timestamp: z.unknown().optional(),
  visitor: z.looseObject({ id: id.nullish(), name: words, email: words, phone: words }).nullish(),
  /** of a message that was left while nobody was there */
  message: words,
  history: z.array(entry).nullish(),
  webpath: z.array(z.looseObject({ timestamp: z.unknown().optional(), title: words, to: words })).nullish(),
  rating: words,
  comment: words,
  tags: z.array(z.string()).nullish(),
  department_name: words,
});
type Chat = z.output<typeof chat>;

const isVisitors = ({ nick, sender_type: type }: Entry): boolean =>
  type ? type.toLowerCase() === 'visitor' : (nick ?? '').startsWith('visitor');

const EVENTS: Readonly<Record<string, string>> = {
  'chat.memberjoin': 'joined the chat',
  'chat.memberleave': 'left the chat',
  // ours: of a chat without history
  'chat.opened': 'opened the chat, in which nobody wrote',
};

/** What is no message, in words. */
const eventText = (one: Entry): string => {
  if (one.type === 'chat.rating') return `Rated ${one.new_rating ?? 'no longer'}`;
  if (one.type === 'chat.comment') return `Comment: ${one.new_comment ?? ''}`;
  const what = EVENTS[one.type] ?? one.type.replace(/^chat\./, '').replaceAll(/[._]/g, ' ');
  return [one.name, what, one.msg].filter(Boolean).join(' ');
};

const isSaid = ({ type, msg, attachment }: Entry): boolean =>
  (type === 'chat.msg' && (!!msg || !!attachment)) || type === 'chat.file';

/** A chat of more pages or tags than this keeps the first ones. */
const MOST_LISTED = 1000;
const short = (text: string | null | undefined): string | null => (text ? cutName(text) : null);

/** Pages that the visitor was at, and what the chat was given; beside the messages, for the interaction. */
const detailsOf = ({ webpath, rating, comment, tags, department_name: department }: Chat): object => ({
  chat: {
    pages: (webpath ?? []).slice(0, MOST_LISTED).map(({ timestamp, title, to }) => ({
      at: instantOf(timestamp)?.toISOString() ?? null,
      title: short(title),
      url: short(to),
    })),
    rating: short(rating),
    comment: short(comment),
    tags: (tags ?? []).slice(0, MOST_LISTED).map(cutName),
    department: short(department),
  },
});

const makeSaid = (one: Chat, visitor: Person, recognise: Recognise) => {
  const occurrence = makeOccurrences();
  const authorOf = (each: Entry): Person => {
    if (isVisitors(each)) return visitor;
    return recognise({ names: [each.name], isAgent: true });
  };
  return (each: Entry, index: number): Said => {
    const text = isSaid(each)
      ? withFiles(each.msg ?? '', each.attachment ? [each.attachment.name] : [])
      : eventText(each);
    const hash = sha256(JSON.stringify([each.timestamp, each.type, each.nick, each.msg_id, text])).slice(0, 32);
    return {
      key: `zendesk/chat/${one.id}/${occurrence(hash)}`,
      ...(each.msg_id ? { externalId: each.msg_id } : {}),
      author: authorOf(each),
      kind: isSaid(each) ? 'message' : 'system',
      at: timeAt(each.timestamp, ['history', index, 'timestamp']),
      text,
      raw: jsonRaw(each),
    };
  };
};

const NO_HISTORY = 'expected the messages of the chat';

/** What a chat holds: the message that was left, and its history. Where that is empty, what else is told of the chat. */
const entriesIn = ({ timestamp, visitor, message, history, rating, comment }: Chat): Entry[] => {
  const told = { timestamp, nick: 'visitor', name: visitor?.name };
  const left = message ? [{ ...told, type: 'chat.msg', msg: message }] : [];
  if (!history && !message)
    throw new z.ZodError([{ code: 'custom', path: ['history'], message: NO_HISTORY, input: history }]);
  const entries = [...left, ...(history ?? [])];
  if (entries.length > 0) return entries;
  return [
    { ...told, type: 'chat.opened' },
    ...(rating ? [{ ...told, type: 'chat.rating', new_rating: rating }] : []),
    ...(comment ? [{ ...told, type: 'chat.comment', new_comment: comment }] : []),
  ];
};

/** The messages of a chat as Zendesk Chat's API and exports give it, also those left offline. Throws ZodError for what is none. */
export const zendeskItems = (value: unknown, recognise: Recognise): Captured[] => {
  const one = chat.parse(value);
  const { name, email, phone, id: visitorId } = one.visitor ?? {};
  const visitor = recognise({ names: [name], email, phone, id: visitorId ?? one.id, isVisitor: true });
  const conversation: Conversation = {
    key: `zendesk/chat/${one.id}`,
    id: one.id,
    channel: 'chat',
    visitors: [visitor],
    details: detailsOf(one),
  };
  const said = entriesIn(one).map(makeSaid(one, visitor, recognise));
  return said.map(each => toMessage(conversation, each));
};
