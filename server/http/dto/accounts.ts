import { z } from 'zod';
import { counts, id, instant, page } from './common.ts';

/** 'parked': stopped until somebody corrects the settings. */
export const accountState = z.enum(['running', 'paused', 'parked']);

/** Counts of one folder, or another stream, of an account. */
export const folderHealth = z
  .object({
    name: z.string(),
    held: z.int().nullable().meta({ description: 'How many the source held when it was last compared' }),
    stored: z
      .int()
      .meta({ description: 'How many of those that it holds or held are here, copies of what was known with them' }),
    duplicate: z
      .int()
      .meta({ description: 'How often something was known already: a copy from elsewhere, or the same again' }),
    quarantined: z.int(),
    missing: z.int().nullable().meta({ description: 'How many of those we had not, at that comparison' }),
    comparedAt: instant.nullable(),
  })
  .meta({ id: 'FolderHealth' });
export type FolderHealth = z.infer<typeof folderHealth>;

export const account = z
  .object({
    id,
    connector: z.string(),
    name: z.string(),
    config: z.record(z.string(), z.unknown()).meta({ description: 'Secrets left out' }),
    secrets: z.array(z.string()).meta({ description: 'Dotted names of the secrets that are set' }),
    addresses: z.array(z.string()).meta({ description: 'Addresses that are ours by this account' }),
    state: accountState,
    lastError: z.string().nullable(),
    lagSeconds: z.number().nullable(),
    counts,
    folders: z.array(folderHealth),
    warnings: z.array(z.string()).meta({ description: 'In words: what is to be known of its settings' }),
    webhooks: z.array(
      z.object({ name: z.string(), url: z.string(), help: z.string().nullable() }).meta({
        description: 'Where to post to, and where at the source that address belongs',
      }),
    ),
    embed: z.string().nullable().meta({ description: 'What to put into the pages of a site that show its widget' }),
    createdAt: instant,
  })
  .meta({ id: 'Account' });
export type Account = z.infer<typeof account>;
export const accountPage = page(account).meta({ id: 'AccountPage' });

const accountName = z.string().trim().min(1).max(100);
/** Deepest nesting of a config; functions that walk it (merging, copying, checking) are recursive. No connector's settings are so deep. */
const MOST_LEVELS = 20;

const isWithin = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every(inner => isWithin(inner, levels - 1)));

const config = z
  .record(z.string(), z.unknown())
  .refine(value => isWithin(value, MOST_LEVELS), 'nested too deeply')
  .meta({ description: "By the connector's schema (GET /connectors)" });

export const accountInput = z
  .strictObject({
    connector: z.string().min(1).max(60),
    name: accountName,
    config: config.default({}),
    state: z.enum(['running', 'paused']).default('running'),
  })
  .meta({ id: 'AccountInput' });
export type AccountInput = z.infer<typeof accountInput>;

/** A change of an account. `config` is merged (null clears a field; a secret that is left out stays); `state` pauses or resumes. */
export const accountPatch = z
  .strictObject({
    name: accountName.optional(),
    config: config.optional(),
    state: z.enum(['running', 'paused']).optional(),
  })
  .meta({ id: 'AccountPatch' });
export type AccountPatch = z.infer<typeof accountPatch>;

/** One rung of "test connection". With `Accept: application/x-ndjson` each is sent as a line as soon as it is known. */
export const rung = z
  .object({ name: z.string(), ok: z.boolean(), detail: z.string(), data: z.unknown().optional() })
  .meta({ id: 'Rung' });
export type Rung = z.infer<typeof rung>;
export const testResult = z.object({ ok: z.boolean(), rungs: z.array(rung) }).meta({ id: 'TestResult' });
export type TestResult = z.infer<typeof testResult>;

/** Settings to be tested: `config` is merged over the saved one, for this test only. */
export const accountTestInput = z.strictObject({ config: config.optional() }).meta({ id: 'AccountTestInput' });
export const connectorTestInput = z.strictObject({ config }).meta({ id: 'ConnectorTestInput' });

export const connector = z
  .object({
    id: z.string(),
    label: z.string(),
    schema: z.record(z.string(), z.unknown()).meta({ description: "JSON Schema of an account's config" }),
    secrets: z.array(z.string()).meta({ description: 'Dotted names of the fields that are secrets' }),
    capabilities: z.object({ test: z.boolean(), pull: z.boolean(), import: z.boolean(), receive: z.boolean() }),
  })
  .meta({ id: 'Connector' });
export type Connector = z.infer<typeof connector>;
export const connectorList = z.object({ items: z.array(connector), next: z.null() }).meta({ id: 'ConnectorList' });
