import { z } from 'zod';
import { dayOrInstant, id, instant, page, pageQuery, retentionTag } from './common.ts';

export const timelineEntry = z
  .object({
    id,
    contact: id.nullable(),
    interaction: id.nullable(),
    event: id.nullable(),
    channel: z.string().meta({ description: "The connector's word", example: 'email' }),
    direction: z.string().meta({ example: 'inbound' }),
    occurredAt: instant,
    capturedAt: instant,
    subject: z.string().nullable(),
    preview: z.string(),
    files: z.boolean().meta({ description: 'It has attachments or a recording' }),
    status: z
      .object({ state: z.string(), at: instant, error: z.string().nullable() })
      .nullable()
      .meta({ description: 'How far it got, where the channel tells, and why it failed' }),
    messages: z.int().nullable().meta({ description: 'How many messages a chat has' }),
    said: z
      .object({ at: instant, direction: z.string() })
      .nullable()
      .meta({ description: 'Of a chat: when, and which way, the message was said that the preview is of' }),
    from: z.string().nullable().meta({ description: 'Name (else address) of who wrote it' }),
    reason: z.string().nullable().meta({ description: 'Why nobody outside belongs to it, when contact is null' }),
    retention: retentionTag,
  })
  .meta({ id: 'TimelineEntry' });
export type TimelineEntry = z.infer<typeof timelineEntry>;
export const timelinePage = page(timelineEntry).meta({ id: 'TimelinePage' });

const listOf = <Word extends z.ZodType<string, string>>(word: Word) =>
  z
    .string()
    .max(400)
    .transform(list =>
      list
        .split(',')
        .map(each => each.trim())
        .filter(each => each !== ''),
    )
    .pipe(z.array(word).min(1).max(20));
const direction = z.enum(['inbound', 'outbound', 'internal'], {
  error: 'expected inbound, outbound or internal',
});

/** Filter of a timeline; lists are comma separated. */
export const timelineFilter = z.object({
  channel: listOf(z.string().max(60))
    .optional()
    .meta({ description: 'One or more channels, comma separated', example: 'email' }),
  direction: listOf(direction).optional().meta({ description: 'inbound, outbound, internal; comma separated' }),
  files: z.enum(['true', 'false']).optional().meta({ description: 'Only with (or without) files' }),
  from: dayOrInstant.optional().meta({ description: 'From this day or instant on' }),
  to: dayOrInstant.optional().meta({ description: 'Up to this day (the whole of it) or before this instant' }),
});
export type TimelineFilter = z.infer<typeof timelineFilter>;
export const timelineQuery = timelineFilter.extend(pageQuery.shape);
export type TimelineQuery = z.infer<typeof timelineQuery>;

/** A count that stops at a maximum. */
export const cappedCount = z
  .object({ count: z.int(), more: z.boolean().meta({ description: 'There are more: counting stopped at 10,000' }) })
  .meta({ id: 'CappedCount' });
export type CappedCount = z.infer<typeof cappedCount>;

/** Counts for the filter bar: of each value of a filter under the other filters, and `total` under all of them. */
export const timelineCounts = z
  .object({
    total: cappedCount,
    channels: z.record(z.string(), cappedCount),
    directions: z.record(z.string(), cappedCount),
    files: z.object({ true: cappedCount, false: cappedCount }),
  })
  .meta({ id: 'TimelineCounts' });
export type TimelineCounts = z.infer<typeof timelineCounts>;

export const linkInput = z
  .strictObject({ contact: id.nullable().meta({ description: 'null: back to the entries without a contact' }) })
  .meta({ id: 'LinkInput' });
export type LinkInput = z.infer<typeof linkInput>;
