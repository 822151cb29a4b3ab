import { z } from 'zod';
import { sha256 } from '../../common/raw.ts';
import { words } from '../fields.ts';
import { withFiles } from '../message.ts';
import { wordsIn } from './blocks.ts';
import { plainText } from './text.ts';
import { SLACKBOT, userProfile } from './users.ts';

/** A message as an export has it. */
export const message = z.looseObject({
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
export type Message = z.output<typeof message>;

/** What people write; all else (joins, topics, pins) Slack says. */
const SAID = new Set(['thread_broadcast', 'me_message', 'file_share', 'file_comment']);
export const isSystem = ({ subtype, bot_id: bot, user }: Message): boolean =>
  !!bot || user === SLACKBOT || (!!subtype && !SAID.has(subtype));

export const isInThread = ({ thread_ts: thread }: Message): boolean => !!thread;

/** What it says, and the names of its files. */
export const textOf = (
  { text, blocks, files, attachments }: Message,
  nameOf: (user: string) => string | undefined,
): string => {
  const more = (attachments ?? []).map(one => one.fallback || one.text || one.title || wordsIn(one.blocks));
  const said = text || [wordsIn(blocks), ...more].filter(Boolean).join('\n');
  const names = (files ?? []).map(({ name, title }) => name || title);
  return withFiles(plainText(said, nameOf), names);
};

/** By its time, who wrote it and what: a file by itself has the same as the whole export. */
export const keyOf = (one: Message): string => {
  const said = JSON.stringify([one.text ?? '', (one.files ?? []).map(file => file.id ?? file.name)]);
  return `slack/message/${one.ts}/${one.user ?? one.bot_id ?? ''}/${sha256(said).slice(0, 16)}`;
};
