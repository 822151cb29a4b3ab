import { z } from 'zod';
import { sha256 } from '../../common/raw.ts';
import type { Captured } from '../../contract.ts';
import { anId, instant, words } from '../fields.ts';
import { type Conversation, fileIn, type Said, toMessage, withFiles } from '../message.ts';
import type { ParseEvent, Parsing } from './parsing.ts';

const user = z.looseObject({ nickname: words, user_id: anId.nullish(), email: words });
const session = z.looseObject({ session_id: anId, website_id: words });

const message = session.extend({
  type: z.string().default('text'),
  from: z.enum(['user', 'operator']),
  content: z.unknown().optional(),
  fingerprint: anId,
  timestamp: instant,
  user: user.nullish(),
  automated: z.boolean().nullish(),
});
type Message = z.output<typeof message>;

/** Of a message that was changed only the new content is told, not who wrote it. */
const update = session.extend({ type: words, content: z.unknown().optional(), fingerprint: anId });

const identity = session.extend({ email: words, phone: words });

const hook = z.looseObject({ event: z.string(), timestamp: z.unknown().optional(), data: z.unknown().optional() });

const target = z.looseObject({
  title: words,
  description: words,
  actions: z
    .array(z.looseObject({ label: words, url: words }))
    .nullish()
    .catch(null),
});
type Target = z.output<typeof target>;

const told = z.looseObject({
  text: words,
  name: words,
  url: words,
  value: words,
  explain: words,
  namespace: words,
  choices: z.array(z.looseObject({ label: words, selected: z.boolean().nullish() })).nullish(),
  targets: z.array(target).nullish(),
});

interface Content {
  type?: string | null | undefined;
  content?: unknown;
}

/** What comes last in a link: keys have it as it stands there. */
const endOf = (url: string | null | undefined): string | undefined => url?.split('/').at(-1);

/** What is offered in a carousel, and where it leads; keys have its title. */
const titleOf = ({ title }: Target): string => `- ${title ?? ''}`;
const offered = (one: Target): string => {
  const links = (one.actions ?? []).map(({ label, url }) => `  ${label ?? ''}${url ? ` (${url})` : ''}`);
  return [[titleOf(one), one.description].filter(Boolean).join(': '), ...links].join('\n');
};

/** A message's content by its type: text and notes are a string; files, pickers, fields, carousels and events an object. */
const textOf = ({ type, content }: Content, nameIn = fileIn, wordsOf = offered): string => {
  if (typeof content === 'string') return content;
  const { data = {} } = told.safeParse(content);
  if (type === 'file' || type === 'animation' || type === 'audio')
    return withFiles('', [data.name ?? nameIn(data.url)]);
  const choices = (data.choices ?? []).map(({ label, selected }) => `${selected ? '✓ ' : '- '}${label ?? ''}`);
  const lines = [
    data.text ?? data.explain ?? data.namespace ?? data.name,
    data.value,
    ...choices,
    ...(data.targets ?? []).map(wordsOf),
  ];
  return lines.filter(Boolean).join('\n');
};

const KINDS: Readonly<Record<string, Said['kind']>> = { note: 'note', event: 'system' };

const visitorOf = (
  { session_id: id }: z.output<typeof session>,
  { recognise }: Parsing,
  more: { name?: string | null | undefined; email?: string | null | undefined; phone?: string | null | undefined },
) => recognise({ names: [more.name], email: more.email, phone: more.phone, id, isVisitor: true });

const conversationOf = (one: z.output<typeof session>, visitor: ReturnType<typeof visitorOf>): Conversation => ({
  key: `crisp/session/${one.session_id}`,
  id: one.session_id,
  channel: 'chat',
  visitors: [visitor],
  proven: true,
});

/** What is told again in the same words has the same key. */
const keyOf = (one: Content & { session_id: string; fingerprint: string }): string =>
  `crisp/message/${one.session_id}/${one.fingerprint}/${sha256(textOf(one, endOf, titleOf)).slice(0, 16)}`;

const capture = (one: Message, parsing: Parsing): Captured[] => {
  const isAgent = one.from === 'operator';
  const visitor = visitorOf(one, parsing, isAgent ? {} : { name: one.user?.nickname, email: one.user?.email });
  const author = isAgent
    ? parsing.recognise({ names: [one.user?.nickname], email: one.user?.email, isAgent })
    : visitor;
  const text = textOf(one);
  const said: Said = {
    key: keyOf(one),
    externalId: one.fingerprint,
    author,
    kind: KINDS[one.type] ?? 'message',
    at: one.timestamp,
    text,
    raw: parsing.raw,
  };
  return [toMessage(conversationOf(one, visitor), said)];
};

const changed = (one: z.output<typeof update>, at: Date, parsing: Parsing): Captured[] => {
  const text = textOf(one);
  const said: Said = {
    key: keyOf(one),
    author: null,
    kind: one.type === 'note' ? 'note' : 'system',
    at,
    text,
    raw: parsing.raw,
  };
  return [toMessage(conversationOf(one, visitorOf(one, parsing, {})), said)];
};

/** An address or number that was learnt of a visitor: a line of the chat, which says whose it is. */
const learnt = (one: z.output<typeof identity>, at: Date, parsing: Parsing): Captured[] => {
  const given = one.email || one.phone;
  if (!given) return [];
  const visitor = visitorOf(one, parsing, one);
  const said: Said = {
    key: `crisp/identity/${one.session_id}/${sha256(given).slice(0, 16)}`,
    author: visitor,
    kind: 'system',
    at,
    text: given,
    raw: parsing.raw,
  };
  return [toMessage(conversationOf(one, visitor), said)];
};

/** Events of Crisp that hold messages, or an address or number of the visitor; none of the others. */
export const parseCrisp: ParseEvent = (event, parsing) => {
  const { event: name, data, timestamp } = hook.parse(event);
  const under = <T>(schema: z.ZodType<T>): T => z.looseObject({ data: schema }).parse({ data }).data as T;
  if (name === 'message:send' || name === 'message:received') return capture(under(message), parsing);
  if (name === 'message:updated') return changed(under(update), instant.parse(timestamp), parsing);
  if (name === 'session:set_email' || name === 'session:set_phone')
    return learnt(under(identity), instant.parse(timestamp), parsing);
  return [];
};
