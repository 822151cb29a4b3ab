import { z } from 'zod';

/** An instant, ISO 8601 in UTC. */
export const instant = z.iso.datetime({ offset: true }).meta({ description: 'An instant, ISO 8601' });
/** A calendar day in the hub's time zone, YYYY-MM-DD. */
export const day = z.iso.date().meta({ description: 'A day in TALTEEN_TIMEZONE, YYYY-MM-DD' });
/** A day (YYYY-MM-DD), or an instant in ISO 8601. */
export const dayOrInstant = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], 'expected a day YYYY-MM-DD or an ISO 8601 instant')
  .meta({ description: 'YYYY-MM-DD, or an instant that is cut to its day in TALTEEN_TIMEZONE' });
/** An id of any record. */
export const id = z.string().min(1).max(500);

/** Paging parameters of every list. `before`: the `next` of the previous page. */
export const pageQuery = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .default(50)
    .meta({ description: 'How many items, 1 to 200', example: 50 }),
  before: z.string().min(1).max(2000).optional().meta({ description: 'The `next` of the previous page' }),
});
export type PageQuery = z.infer<typeof pageQuery>;

/** A page of a list: `next` is null on the last one. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable() });
/** A page of a list, for the page's code. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}

export const identifier = z
  .strictObject({
    type: z
      .string()
      .trim()
      .regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,31}$/, 'expected a plain word: email, phone, username, …'),
    value: z.string().trim().min(1).max(400),
  })
  .meta({ id: 'Identifier', description: 'What a contact is recognised by' });
export type Identifier = z.infer<typeof identifier>;

export const relationship = z
  .object({ startedAt: day.nullable(), endedAt: day.nullable() })
  .meta({ id: 'Relationship', description: 'First and last day of a customer relationship; no end: it lasts' });
export type Relationship = z.infer<typeof relationship>;

export const relationshipInput = z.strictObject({
  startedAt: dayOrInstant.nullish(),
  endedAt: dayOrInstant.nullish(),
});

export const retentionTag = z
  .object({
    policy: z.string(),
    policyVersion: z.string(),
    purpose: z.string(),
    legalBasis: z.string(),
    trigger: z.string(),
    period: z.string().meta({ description: 'ISO 8601 duration', example: 'P5Y' }),
    triggerAt: day.nullable(),
    keepUntil: day.nullable().meta({ description: 'The last day kept; null: as long as the relationship lasts' }),
  })
  .meta({ id: 'RetentionTag' });
export type RetentionTag = z.infer<typeof retentionTag>;

export const counts = z
  .object({ stored: z.int(), duplicate: z.int(), quarantined: z.int() })
  .meta({ id: 'Counts', description: 'seen = stored + duplicate + quarantined' });
export type Counts = z.infer<typeof counts>;

/** A problem document (RFC 9457). `errors` names each faulty field by JSON pointer (RFC 6901); in a query or a form, `parameter` is its name. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    errors: z.array(z.object({ pointer: z.string(), parameter: z.string().optional(), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'Problem details, RFC 9457' });
export type Problem = z.infer<typeof problem>;
