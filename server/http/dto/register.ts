import { z } from 'zod';
import { id, identifier, instant, page, pageQuery } from './common.ts';
import { cappedCount } from './timeline.ts';

export const registerEvent = z
  .object({
    id,
    externalId: z.string().nullable(),
    event: z.string().meta({ example: 'booking' }),
    occurredAt: instant,
    capturedAt: instant,
    contact: id.nullable().meta({ description: 'On whose timeline it is' }),
    subject: z.string().nullable(),
    data: z.unknown().meta({ description: 'As its source sent it' }),
    account: id,
    revisions: z.array(z.object({ at: instant, sha256: z.string() })),
  })
  .meta({ id: 'RegisterEvent', description: 'A booking, purchase, order, … of another system' });
export type RegisterEvent = z.infer<typeof registerEvent>;

export const suggestion = z
  .object({
    id,
    identifiers: z.array(
      identifier.extend({
        contact: z
          .object({
            id,
            name: z.object({ first: z.string().nullable(), last: z.string().nullable() }),
            provisional: z.boolean(),
          })
          .nullable()
          .meta({ description: 'Who has it now' }),
      }),
    ),
    reason: z.string().meta({ description: 'Who says so, or why it could not be joined' }),
    account: id,
    item: id.meta({ description: 'The interaction or register event that it was said in' }),
    at: instant,
    state: z.enum(['open', 'joined', 'dismissed']),
  })
  .meta({ id: 'Suggestion', description: "Two identifiers that may be one person's" });
export type Suggestion = z.infer<typeof suggestion>;
export const suggestionPage = page(suggestion).meta({ id: 'SuggestionPage' });
export const suggestionCounts = z.object({ total: cappedCount }).meta({ id: 'SuggestionCounts' });
export type SuggestionCounts = z.infer<typeof suggestionCounts>;
export const suggestionQuery = pageQuery;
