import { z } from 'zod';

const SHORTEST = 16;
const PREFIX = 'whsec_';

/** The key in a Standard Webhooks secret: base64, with or without the prefix `whsec_`. */
export const keyOf = (secret: string): Buffer =>
  Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64');

const secret = z
  .string()
  .trim()
  .regex(/^(whsec_)?[A-Za-z0-9+/_-]+={0,2}$/, 'expected whsec_ and base64')
  .refine(value => keyOf(value).length >= SHORTEST, `shorter than ${SHORTEST} bytes`);

/** Secrets from the page's form come as one line, from the API as a list. */
const listed = (value: unknown): unknown =>
  typeof value === 'string' ? value.split(/[\s,]+/).filter(one => one !== '') : value;

/** Config of a source that posts to us (DESIGN 10). Without secrets it can only use a token. */
export const configSchema = z.strictObject({
  secrets: z.preprocess(listed, z.array(secret).max(10).default([])).meta({
    title: 'Secrets',
    description: 'Standard Webhooks secrets (whsec_…), newest first, with spaces between. None: only by token',
  }),
  defaultCountry: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{2}$/, 'expected two letters, FI')
    .nullish()
    .meta({ title: 'Country', description: 'Of phone numbers without a prefix. None: the hub’s' }),
});

export type WebhookConfig = z.output<typeof configSchema>;
