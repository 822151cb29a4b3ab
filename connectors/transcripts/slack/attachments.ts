import { z } from 'zod';
import { words } from '../fields.ts';
import { wordsIn } from './blocks.ts';

/** What Slack writes in the place of words that only blocks or fields have. */
const STAND_INS = new Set(['[no preview available]', "This content can't be displayed."]);

/** Null: there is nothing, or what stands for something else. */
export const written = (text: string | null | undefined): string | null => (text && !STAND_INS.has(text) ? text : null);

export const attachment = z.looseObject({
  fallback: words,
  pretext: words,
  author_name: words,
  text: words,
  title: words,
  fields: z
    .array(z.looseObject({ title: words, value: words }))
    .nullish()
    .catch(null),
  blocks: z.unknown().optional(),
  /** it is a message that was forwarded, or linked to */
  is_share: z.unknown().optional(),
  is_msg_unfurl: z.unknown().optional(),
  /** it is a preview of what is there */
  from_url: z.unknown().optional(),
});
type Attachment = z.output<typeof attachment>;

const isMessage = (one: Attachment): boolean => !!one.is_share || !!one.is_msg_unfurl;

/** Whether it is part of what was said, and not Slack's preview of a link. */
export const isSaid = (one: Attachment, isOfApp: boolean): boolean => isMessage(one) || (isOfApp && !one.from_url);

/**
 * The words of an attachment in the order in which Slack shows them (https://api.slack.com/reference/messaging/attachments, secondary
 * attachments). Of another message the summary has who said it, and when.
 */
export const wordsOfAttachment = (one: Attachment): string => {
  const fields = (one.fields ?? []).map(({ title, value }) => [title, value].filter(Boolean).join(': '));
  const shown = [one.pretext, one.author_name, one.title, one.text, ...fields, wordsIn(one.blocks)].filter(Boolean);
  const summary = written(one.fallback);
  return (isMessage(one) && summary) || shown.join('\n') || summary || '';
};
