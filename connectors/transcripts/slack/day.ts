import { rawOf } from '../../common/raw.ts';
import { alsoAs } from '../files/closing.ts';
import { failedBytes, locatorFor } from '../files/failed.ts';
import type { Piece } from '../files/pieces.ts';
import { instantOf } from '../instant.ts';
import { type Conversation, toMessage } from '../message.ts';
import { type Person, type Recognise, visitorsOf } from '../people.ts';
import { isInThread, isSystem, isWritten, keyOf, type Message, message, textOf } from './message.ts';
import type { OwnKey } from './own-keys.ts';
import { type Channel, slackPerson } from './users.ts';

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

/** What is no message lies in quarantine as this. */
const UNREAD = 'slack/message';

const makePeople = ({ users, recognise }: Workspace) => {
  const person = (id: string): Person => users.get(id) ?? slackPerson(recognise, id, {});
  const authorOf = (one: Message): Person | null => {
    const { user_profile: profile } = one;
    const user = one.user ?? one.comment?.user;
    if (one.bot_id || one.subtype === 'bot_message')
      return recognise({ names: [one.username ?? one.bot_profile?.name ?? 'Bot'], isAgent: true });
    if (!user) return null;
    return users.get(user) ?? (profile ? slackPerson(recognise, user, profile) : person(user));
  };
  /** Slack itself is nobody */
  const writerOf = (one: Message): Person[] => {
    const author = isWritten(one) ? authorOf(one) : null;
    return author ? [author] : [];
  };
  return { person, authorOf, writerOf };
};

/** Between people, not in a channel that one joins: those of a group are called so in mpims.json, those of two have no name. */
const isDirect = ({ name }: Channel): boolean => !name || /^mpdm-/.test(name);

const subjectOf = (channel: Channel | null): { subject?: string } =>
  channel && !isDirect(channel) ? { subject: `#${channel.name}` } : {};

/** The conversations of a day: a thread is one, on whatever days it goes on; what a channel says outside of threads is another. */
const makeConversations = (day: Day, people: ReturnType<typeof makePeople>, read: readonly Message[]) => {
  const { person, writerOf } = people;
  const members = day.channel && isDirect(day.channel) ? day.channel.members.map(person) : [];
  const plain = read.filter(one => !isInThread(one));
  const id = `${day.channel?.id ?? plain[0]?.ts ?? ''}/${day.date}`;
  const about = { channel: 'chat', ...subjectOf(day.channel) } as const;
  const channel = { ...about, key: `slack/${id}`, id, visitors: visitorsOf([...plain.flatMap(writerOf), ...members]) };

  const thread = (one: Message, key: string): Conversation => {
    const ids = [one.parent_user_id, ...(one.reply_users ?? []), ...(one.replies ?? []).map(({ user }) => user)];
    const known = ids.filter(user => !!user).map(user => person(user as string));
    return {
      ...about,
      key,
      id: one.thread_ts ?? one.ts,
      visitors: visitorsOf([...writerOf(one), ...known, ...members]),
    };
  };
  return { channel, thread };
};

/** Messages of one file. */
export const dayPieces = (day: Day, workspace: Workspace): Piece[] => {
  const people = makePeople(workspace);
  const read = day.messages.map(one => message.safeParse(one));
  const conversations = makeConversations(
    day,
    people,
    read.flatMap(({ data }) => data ?? []),
  );
  const ownKey = (key: string): string => workspace.ownKey(key, day.channel?.id ?? '');
  const nameOf = (user: string): string | undefined => workspace.users.get(user)?.name;

  const pieceOf = (one: Message, bytes: () => Buffer): Piece => {
    const key = ownKey(keyOf(one));
    const thread = isInThread(one) ? ownKey(`slack/thread/${one.thread_ts}`) : null;
    return () => {
      const original = bytes();
      const item = toMessage(thread ? conversations.thread(one, thread) : conversations.channel, {
        key,
        ...(one.edited ? {} : { externalId: one.ts }),
        author: people.authorOf(one),
        kind: isSystem(one) ? 'system' : 'message',
        at: instantOf(one.ts) ?? new Date(0),
        text: textOf(one, nameOf),
        raw: rawOf('application/json', original),
      });
      return { items: [alsoAs(item, locatorFor(UNREAD, original))] };
    };
  };

  return read.map(({ data, error }, index): Piece => {
    const bytes = (): Buffer => Buffer.from(JSON.stringify(day.messages[index]));
    if (data) return pieceOf(data, bytes);
    const reason = `It is no message of Slack: ${error.issues[0]?.path.join('.') || 'it'} is not as expected.`;
    return () => ({ failed: [failedBytes(UNREAD, bytes(), reason, 'application/json')] });
  });
};
