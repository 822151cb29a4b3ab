import { IANAZone } from 'luxon';
import { z } from 'zod';

export const PROVIDERS = ['chatwoot', 'crisp', 'tawk', 'whatsapp', 'slack', 'intercom', 'zendesk'] as const;
/** Those that post to us; the others' exports are uploaded. */
const SIGNED: readonly string[] = ['chatwoot', 'crisp', 'tawk'];

/** Config of an account of another chat tool (DESIGN 10). */
export const configSchema = z
  .strictObject({
    provider: z.enum(PROVIDERS).meta({ title: 'Provider' }),
    secret: z
      .string()
      .min(1)
      .nullish()
      .meta({ title: 'Secret', description: 'Of the webhook, for Chatwoot, Crisp and tawk.to' }),
    timezone: z
      .string()
      .refine(zone => IANAZone.isValidZone(zone), 'expected a time zone such as Europe/Helsinki')
      .optional()
      .meta({
        title: 'Time zone',
        description: 'Of the phone that a WhatsApp chat was exported on; the hub’s when empty',
      }),
    dateOrder: z
      .enum(['dmy', 'mdy'])
      .default('dmy')
      .meta({ title: 'Order of dates', description: 'Of WhatsApp exports with slashes: day first or month first' }),
    agents: z
      .array(z.string().trim().min(1))
      .default([])
      .meta({ title: 'Agents', description: 'Names of our own people, as the chat tool shows them' }),
  })
  .refine(({ provider, secret }) => !SIGNED.includes(provider) || !!secret, {
    path: ['secret'],
    message: "the webhook's secret is needed",
  });

export type TranscriptsConfig = z.output<typeof configSchema>;

/** What the hub lends: what holds where an account says nothing else. */
export interface HubDefaults {
  /** ISO 3166 */
  country: string;
  /** IANA */
  zone: string;
}
