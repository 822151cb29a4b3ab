import { z } from 'zod';
import { sha256 } from '../../common/raw.ts';
import { words } from '../fields.ts';
import { withFiles } from '../message.ts';
import { attachment, isSaid, wordsOfAttachment, written } from './attachments.ts';
import { wordsIn } from './blocks.ts';
import { plainText } from './text.ts';
import { SLACKBOT, userProfile } from './users.ts';

const content = z.looseObject({
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
  attachments: z.array(attachment).nullish(),
  blocks: z.unknown().optional(),
});
type Content = z.output<typeof content>;

const version = content.nullish().catch(null);

const wordsOf = ({ text, blocks, attachments, bot_id: bot }: Content): string => {
  const own = written(text);
  const more = (attachments ?? []).filter(one => own === null || isSaid(one, !!bot));
  return [own ?? wordsIn(blocks), ...more.map(wordsOfAttachment)].filter(Boolean).join('\n') || (text ?? '');
};

/** The log of edits, which some workspaces keep: what it calls the words that it is about. */
const LOGGED: Readonly<Record<string, string>> = { message_changed: 'Changed to', message_deleted: 'Deleted' };

/** A message as an export has it. A line of the log of edits is told as a message of whose words it is about. */
export const message = content
  .extend({
    ts: z.string().regex(/^\d+\.\d+$/),
    type: words,
    subtype: words,
    message: version,
    original: version,
    previous_message: version,
  })
  .transform(({ message: is, original, previous_message: previous, ...one }) => {
    const was = original ?? previous;
    const about = is ?? was;
    const what = LOGGED[one.subtype ?? ''];
    if (!what || !about) return one;
    const lines = [...(is && was ? [`Before: ${wordsOf(was)}`] : []), `${what}: ${wordsOf(about)}`];
    const text = lines.map(line => line.trimEnd()).join('\n');
    return { ...one, ...was, ...about, ts: one.ts, subtype: one.subtype, text, blocks: null, attachments: null };
  });
export type Message = z.output<typeof message>;

/** What people write; all else (joins, topics, pins) Slack says. */
const SAID = new Set(['thread_broadcast', 'me_message', 'file_share', 'file_comment']);
export const isSystem = ({ subtype, bot_id: bot, user }: Message): boolean =>
  !!bot || user === SLACKBOT || (!!subtype && !SAID.has(subtype));

/** Whether it has words that somebody wrote. */
export const isWritten = (one: Message): boolean => !isSystem(one) || (one.subtype ?? '') in LOGGED;

export const isInThread = ({ thread_ts: thread }: Message): boolean => !!thread;

/** What it says, and the names of its files; what was done without words is said by its type. */
export const textOf = (one: Message, nameOf: (user: string) => string | undefined): string => {
  const names = (one.files ?? []).map(({ name, title }) => name || title);
  return withFiles(plainText(wordsOf(one), nameOf), names) || (one.subtype ?? '').replaceAll('_', ' ');
};

/** By its time, who wrote it and what: a file by itself has the same as the whole export. */
export const keyOf = (one: Message): string => {
  const said = JSON.stringify([one.text ?? '', (one.files ?? []).map(file => file.id ?? file.name)]);
  return `slack/message/${one.ts}/${one.user ?? one.bot_id ?? ''}/${sha256(said).slice(0, 16)}`;
};
