import { z } from 'zod';
import { id, instant, page, pageQuery } from './common.ts';

export const interactionsImport = z
  .object({
    id,
    state: z.enum(['running', 'done', 'failed']),
    counts: z.object({ read: z.int(), stored: z.int(), duplicate: z.int(), quarantined: z.int() }),
    error: z.string().nullable(),
    account: id.nullable(),
    files: z.array(z.object({ name: z.string(), size: z.int() })),
    createdAt: instant,
    endedAt: instant.nullable(),
  })
  .meta({ id: 'Import' });
export type InteractionsImport = z.infer<typeof interactionsImport>;

export const importPage = page(interactionsImport).meta({ id: 'ImportPage' });

export const quarantineItem = z
  .object({
    id,
    account: id,
    locator: z.string(),
    reason: z.string(),
    size: z.int(),
    at: instant,
    state: z.enum(['open', 'captured']),
    folder: z.string().nullable(),
    hasBytes: z.boolean().meta({ description: 'Whether /raw has something' }),
  })
  .meta({ id: 'QuarantineItem' });
export type QuarantineItem = z.infer<typeof quarantineItem>;
export const quarantinePage = page(quarantineItem).meta({ id: 'QuarantinePage' });

export const quarantineQuery = pageQuery.extend({
  account: id.optional(),
  state: z.enum(['open', 'captured']).optional(),
});
export type QuarantineQuery = z.infer<typeof quarantineQuery>;

export const policy = z
  .object({
    id,
    version: z.string(),
    purpose: z.string(),
    legalBasis: z.string(),
    trigger: z.string(),
    period: z.string(),
  })
  .meta({ id: 'Policy' });
export type Policy = z.infer<typeof policy>;
export const policyList = z.object({ items: z.array(policy), next: z.null() }).meta({ id: 'PolicyList' });

/** The result for one posted item. */
export const postedItem = z
  .object({
    id: z.string().nullable().meta({ description: "The sender's; null when it has none" }),
    status: z.enum(['stored', 'duplicate', 'revised', 'rejected']),
    error: z.string().nullable(),
  })
  .meta({ id: 'PostedItem' });
export const postedItems = z
  .object({ items: z.array(postedItem).meta({ description: 'In the order they came' }) })
  .meta({ id: 'PostedItems' });
