import { z } from 'zod';

/** Whether this is an origin: scheme and host only. Wildcards aren't origins: a page's origin is compared literally. */
const isOrigin = (value: string): boolean => {
  if (!URL.canParse(value)) return false;
  const { origin, href } = new URL(value);
  return /^https?:[^*]+$/.test(origin) && href === `${origin}/`;
};

/** Config of a chat widget (DESIGN 10). */
export const configSchema = z.strictObject({
  origins: z
    .array(z.string().trim().refine(isOrigin, 'an origin is expected, such as https://www.example.org'))
    .default([])
    .meta({ title: 'Pages', description: 'Origins of the sites that show the widget; none: only our own' }),
  askName: z.boolean().default(false).meta({ title: 'Ask for the name' }),
  askEmail: z.boolean().default(false).meta({ title: 'Ask for the e-mail address' }),
  identitySecret: z
    .string()
    .min(8)
    .nullish()
    .meta({ title: 'Identity secret', description: 'Your site signs with it who is signed in there' }),
});

export type ChatConfig = z.output<typeof configSchema>;

/** See `Connector.secrets`. */
export const secrets = ['identitySecret'] as const;
