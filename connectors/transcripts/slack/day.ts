import { z } from 'zod';
import { sha256 } from '../../common/raw.ts';
import { words } from '../fields.ts';
import { alsoAs } from '../files/closing.ts';
import { failedBytes, locatorFor } from '../files/failed.ts';
import type { Piece } from '../files/pieces.ts';
import { instantOf } from '../instant.ts';
import { type Conversation, jsonRaw, type Said, toMessage, withFiles } from '../message.ts';
import { type Person, type Recognise, visitorsOf } from '../people.ts';
import { wordsIn } from './blocks.ts';
import type { OwnKey } from './own-keys.ts';
import { plainText } from './text.ts';
import { type Channel, slackPerson, userProfile } from './users.ts';

const message = z.looseObject({
  ts: z.string().regex(/^\d+\.\d+$/),
  type: words,
  subtype: words,
  user: words,
  /** who wrote one about a file, up to 2018 */
  comment: z.looseObject({ user: words }).nullish().catch(null),
  text: words,
  username: words,
  bot_id: words,
  bot_profile: z.looseObject({ name: words }).nullish(),
  user_profile: userProfile.nullish(),
  edited: z.looseObject({ ts: words }).nullish(),
  thread_ts: words,
  parent_user_id: words,
  reply_users: z.array(z.string()).nullish(),
  replies: z.array(z.looseObject({ user: words })).nullish(),
  files: z.array(z.looseObject({ id: words, name: words, title: words })).nullish(),
  attachments: z
    .array(z.looseObject({ fallback: words, text: words, title: words, blocks: z.unknown().optional() }))
    .nullish(),
  blocks: z.unknown().optional(),
});
type Message = z.output<typeof message>;

export interface Workspace {
  users: ReadonlyMap<string, Person>;
  recognise: Recognise;
  ownKey: OwnKey;
}

/** A channel's messages of a day, as an export has them in a file. */
export interface Day {
  date: string;
  channel: Channel | null;
  messages: readonly unknown[];
}

/** What people write; all else (joins, topics, pins) Slack says. */
const SAID = new Set(['thread_broadcast', 'me_message', 'file_share', 'file_comment']);
const isSystem = ({ subtype, bot_id: bot }: Message): boolean => !!bot || (!!subtype && !SAID.has(subtype));

/** What is no message lies in quarantine as this. */
const UNREAD = 'slack/message';

const isInThread = ({ thread_ts: thread }: Message): boolean => !!thread;

const makePeople = ({ users, recognise }: Workspace) => {
  const person = (id: string): Person => users.get(id) ?? recognise({ id });
  const authorOf = (one: Message): Person | null => {
    const { user_profile: profile } = one;
    const user = one.user ?? one.comment?.user;
    if (one.bot_id || one.subtype === 'bot_message')
      return recognise({ names: [one.username ?? one.bot_profile?.name ?? 'Bot'], isAgent: true });
    if (!user) return null;
    return users.get(user) ?? (profile ? slackPerson(recognise, user, profile) : person(user));
  };
  return { person, authorOf };
};

/** Between people, not in a channel that one joins: those of a group are called so in mpims.json, those of two have no name. */
const isDirect = ({ name }: Channel): boolean => !name || /^mpdm-/.test(name);

const subjectOf = (channel: Channel | null): { subject?: string } =>
  channel && !isDirect(channel) ? { subject: `#${channel.name}` } : {};

/**
 * Messages of one file. A thread is a conversation, on whatever days it goes on; what a channel says on a day outside of threads is
 * another. A message is known by its time and author, which holds for a file by itself as well as for one in the whole export.
 */
export const dayPieces = (day: Day, workspace: Workspace): Piece[] => {
  const { person, authorOf } = makePeople(workspace);
  const read = day.messages.map(one => message.safeParse(one));
  const plain = read.flatMap(({ data }) => (data && !isInThread(data) ? [data] : []));
  const wrote = plain.filter(one => !isSystem(one)).map(authorOf);
  const members = day.channel && isDirect(day.channel) ? day.channel.members.map(person) : [];
  const inChannel = visitorsOf([...wrote, ...members].filter(one => one !== null));
  const ownKey = (key: string): string => workspace.ownKey(key, day.channel?.id ?? '');
  const id = `${day.channel?.id ?? plain[0]?.ts ?? ''}/${day.date}`;
  const channel: Conversation = {
    key: `slack/${id}`,
    id,
    channel: 'chat',
    visitors: inChannel,
    ...subjectOf(day.channel),
  };

  const threadOf = (one: Message, key: string): Conversation => {
    const ids = [one.parent_user_id, ...(one.reply_users ?? []), ...(one.replies ?? []).map(({ user }) => user)];
    const known = ids.filter(user => !!user).map(user => person(user as string));
    const author = isSystem(one) ? null : authorOf(one);
    const visitors = visitorsOf([...(author ? [author] : []), ...known, ...members]);
    return { key, id: one.thread_ts ?? one.ts, channel: 'chat', visitors, ...subjectOf(day.channel) };
  };

  const textOf = ({ text, blocks, files, attachments }: Message): string => {
    const more = (attachments ?? []).map(one => one.fallback || one.text || one.title || wordsIn(one.blocks));
    const said = text || [wordsIn(blocks), ...more].filter(Boolean).join('\n');
    const whole = plainText(said, user => workspace.users.get(user)?.name);
    const names = (files ?? []).map(({ name, title }) => name || title);
    return withFiles(whole, names);
  };

  const keyOf = (one: Message): string => {
    const words = JSON.stringify([one.text ?? '', (one.files ?? []).map(file => file.id ?? file.name)]);
    return ownKey(`slack/message/${one.ts}/${one.user ?? one.bot_id ?? ''}/${sha256(words).slice(0, 16)}`);
  };

  const saidOf = (one: Message, key: string): Said => ({
    key,
    ...(one.edited ? {} : { externalId: one.ts }),
    author: authorOf(one),
    kind: isSystem(one) ? 'system' : 'message',
    at: instantOf(one.ts) ?? new Date(0),
    text: textOf(one),
    raw: jsonRaw(one),
  });

  const bytesAt = (index: number): Buffer => Buffer.from(JSON.stringify(day.messages[index]));

  return read.map(({ data, error }, index): Piece => {
    if (data) {
      const key = keyOf(data);
      const thread = isInThread(data) ? ownKey(`slack/thread/${data.thread_ts}`) : null;
      return () => {
        const item = toMessage(thread ? threadOf(data, thread) : channel, saidOf(data, key));
        return { items: [alsoAs(item, locatorFor(UNREAD, bytesAt(index)))] };
      };
    }
    const reason = `It is no message of Slack: ${error.issues[0]?.path.join('.') || 'it'} is not as expected.`;
    return () => ({ failed: [failedBytes(UNREAD, bytesAt(index), reason, 'application/json')] });
  });
};
